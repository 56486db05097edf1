"""``sweeper db``: back up, move and upgrade the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sweeper.cli.lazy import Entry, LazyGroup
from sweeper.cli.session import Session, command
from sweeper.cli.text import inert, plural
from sweeper.errors import UsageError

if TYPE_CHECKING:
    from sweeper.store.store import SqlStore

TABLE = {
    "backup": Entry("sweeper.cli.db:backup", "Copy a SQLite store, also while a sweep runs."),
    "export": Entry("sweeper.cli.db:export", "Write sweeps as JSON Lines with checksums."),
    "import": Entry("sweeper.cli.db:import_", "Take an export into a store of any kind."),
    "upgrade": Entry("sweeper.cli.db:upgrade", "Bring an older store to this version."),
}

FILE = click.Path(path_type=Path)
FORCE = click.option("--force", is_flag=True, help="Overwrite what is there.")


@click.command("db", cls=LazyGroup, table=TABLE)
def db() -> None:
    """Back up, move and upgrade the store.

    \b
    Example:
      sweeper db backup runs-2026-12.db
    """


@command("backup")
@click.argument("file", type=FILE)
@FORCE
def backup(session: Session, file: Path, force: bool) -> None:
    """Copy the SQLite store to FILE, checked, also while a sweep runs. Artifacts are not in it.

    \b
    Example:
      sweeper db backup runs-2026-12.db
    """
    from sweeper.store.backup import back_up

    size = back_up(session.store_url, file, force=force)
    if session.as_json:
        session.emit({"file": str(file), "bytes": size})
    session.say(f"{inert(str(file))}: {size / 1e6:.1f} MB")


@command("export")
@click.argument("target", metavar="FILE.jsonl|FOLDER", type=FILE)
@click.option("--sweep", "sweeps", multiple=True, metavar="SWEEP", help="Only this sweep; repeatable.")
@FORCE
def export(session: Session, target: Path, sweeps: tuple[str, ...], force: bool) -> None:
    """Write the whole store, or some sweeps, as JSON Lines with a checksum.

    A FOLDER also gets the artifacts, and a manifest with the checksum of each file.

    \b
    Example:
      sweeper db export everything.jsonl
      sweeper db export digits-sweep --sweep digits
    """
    from sweeper.exchange.store import export as write

    with _store(session, read_only=True) as store:
        moved = write(store, target, [store.find_sweep(sweep).id for sweep in sweeps], force=force)
    if session.as_json:
        session.emit({"target": str(target), "runs": moved.runs, "files": moved.files})
    session.say(f"{inert(str(target))}: {plural(moved.runs, 'run')}, {plural(moved.files, 'file')}")


@command("import")
@click.argument("source", metavar="FILE.jsonl|FOLDER", type=FILE)
@click.option("--artifacts", metavar="URL", help="Where files of runs go, when the store does not know yet.")
def import_(session: Session, source: Path, artifacts: str | None) -> None:
    """Take an export into the store, which may be of another kind. Doing it again changes nothing.

    \b
    Example:
      sweeper db import everything.jsonl --store other.db
    """
    from sweeper.exchange.store import load

    with _store(session, read_only=False, artifacts=artifacts) as store:
        moved = load(store, source)
    if session.as_json:
        session.emit({"runs": moved.runs, "known": moved.known, "files": moved.files})
    session.say(
        f"{plural(moved.runs, 'run')} imported, {moved.known} {'was' if moved.known == 1 else 'were'} here already, "
        f"{plural(moved.files, 'file')}"
    )


@command("upgrade")
def upgrade(session: Session) -> None:
    """Bring an older store to this version's schema; a SQLite store is backed up beside it first.

    \b
    Example:
      sweeper db upgrade
    """
    from sweeper.store import revision

    with _store(session, read_only=False):
        pass
    if session.as_json:
        session.emit({"schema": revision.HEAD})
    session.say(f"the store has schema {revision.HEAD}, the newest")


@contextmanager
def _store(session: Session, *, read_only: bool, artifacts: str | None = None) -> Iterator[SqlStore]:
    from sweeper.store.store import SqlStore

    with session.store(read_only=read_only, artifacts=artifacts) as store:
        if not isinstance(store, SqlStore):
            raise UsageError(f"{store.url} is a server: run this where its database is")
        yield store
