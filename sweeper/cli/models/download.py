"""``sweeper models download``: the files of a version, checked, into a folder."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click

from sweeper.cli.models.naming import size_text
from sweeper.cli.session import Session, command
from sweeper.cli.text import inert, plural
from sweeper.errors import UsageError


@command("download")
@click.argument("what", metavar="VERSION")
@click.argument("folder", type=click.Path(path_type=Path))
def download(session: Session, what: str, folder: Path) -> None:
    """Copy the files of VERSION into FOLDER, which must not exist, once their checksums are right. Nothing is loaded.

    VERSION may also be runs:/RUN_ID/PATH.

    \b
    Example:
      sweeper models download digits@champion model/
    """
    from sweeper.registry.files import checksums, size_of
    from sweeper.registry.loading import checked
    from sweeper.registry.registry import Registry
    from sweeper.registry.uris import is_uri

    if folder.exists():
        raise UsageError(f"{folder} exists already, so nothing was copied; give another FOLDER")
    with session.store() as store:
        resolved = Registry(store).resolve(what if is_uri(what) else f"models:/{what}")
        with checked(resolved) as (path, _):
            parent = folder.absolute().parent
            parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".sweeper-", dir=parent) as scratch:
                target = Path(scratch, folder.name)
                if path.is_dir():
                    shutil.copytree(path, target)
                else:
                    target.mkdir()
                    shutil.copy2(path, target / path.name)
                target.rename(folder)
    files = checksums(folder)
    if session.as_json:
        session.emit({"folder": str(folder), "files": files, "bytes": size_of(folder)})
    session.say(f"{inert(str(folder))}: {plural(len(files), 'file')}, {size_text(size_of(folder))}")
