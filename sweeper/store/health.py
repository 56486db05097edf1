"""The state of a store as ``sweeper doctor`` tells it: each check is one finding, and none of them raises."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sweeper.errors import StoreError, StoreForeign, StoreNewer, SweeperError
from sweeper.store import place, revision, schema
from sweeper.store.findings import Finding, fail, ok, warn
from sweeper.store.sqlite import Sqlite
from sweeper.store.url import Location, locate

FIXED = (3, 51, 3)  #: the first SQLite without the fault in resetting the write-ahead log
SKEW = 5.0  #: seconds that two clocks may differ


def examine(url: str | os.PathLike[str] | None) -> list[Finding]:
    """Return what there is to say about the database itself. Raises UsageError for a URL that means nothing."""
    location = locate(url)
    return _sqlite(location.path) if location.path is not None else _server(location)


def _sqlite(path: Path) -> list[Finding]:
    found = [_version(sqlite3.sqlite_version_info), place.check_filesystem(path.parent)]
    if not path.is_file():
        return [*found, fail("store", f"there is no store at {path}", "name one with --store, or run a first sweep")]
    found.append(place.check_room(path.parent, f"the store {path}"))
    try:
        with contextlib.closing(sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True)) as connection:
            whose = _schema(lambda: schema.check(connection, path))
            found.append(whose)
            if whose.verdict == "fail":
                return found
            found += [_integrity(connection, path), _counts(connection)]
    except sqlite3.Error as error:
        return [*found, _unreadable(path, error)]
    return [*found, _settings(path), *_files(path)]


def _version(version: tuple[int, ...]) -> Finding:
    text = "SQLite " + ".".join(map(str, version))
    if version >= FIXED:
        return ok("sqlite", text)
    return warn(
        "sqlite",
        f"{text} has a rare fault (mended in 3.51.3): two connections that write and copy the log back at the same "
        "moment can damage the file. sweeper lets one process copy it back, which avoids that",
        "let no other program write the store; a newer Python or SQLite ends the matter",
    )


def _schema(check: Callable[[], str]) -> Finding:
    try:
        version = check()
    except StoreNewer as error:
        return fail("schema", str(error), "upgrade sweeper")
    except StoreForeign as error:
        return fail("schema", str(error), "choose another store with --store")
    except StoreError as error:
        return fail("schema", str(error), "sweeper db upgrade")
    if version < revision.HEAD:
        return warn("schema", f"version {version}, the newest is {revision.HEAD}", "sweeper db upgrade")
    return ok("schema", f"version {version}")


def _integrity(connection: sqlite3.Connection, path: Path) -> Finding:
    wrong = [row[0] for row in connection.execute("PRAGMA quick_check(3)") if row[0] != "ok"]
    wrong += [f"a row of {row[0]} points nowhere" for row in connection.execute("PRAGMA foreign_key_check")]
    return _damaged(path, "; ".join(wrong)) if wrong else ok("integrity", "every page of the file is sound")


def _damaged(path: Path, why: str) -> Finding:
    return fail(
        "integrity",
        f"{path} is damaged: {why}",
        f"copy the file away, then try: sqlite3 {path.name} .recover; or go back to a backup",
    )


def _unreadable(path: Path, error: sqlite3.Error) -> Finding:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT:
        return _damaged(path, str(error))
    return fail("store", str(Sqlite(path, None, read_only=True).translate(error)), "name another store with --store")


def _counts(connection: sqlite3.Connection) -> Finding:
    """The numbers in a sweep's row are those of its trials: both change in one transaction."""
    wrong = connection.execute(
        "SELECT s.sweep_id FROM sweeper_status s WHERE s.queued + s.running + s.complete + s.pruned + s.failed "
        "+ s.cancelled <> (SELECT count(*) FROM sweeper_runs r WHERE r.parent_id = s.sweep_id AND r.number IS NOT NULL)"
    ).fetchall()
    if wrong:
        return fail(
            "counts",
            f"{len(wrong)} sweeps count other trials than they have: {', '.join(row[0] for row in wrong[:3])}",
            "this should never be: please report it, and keep the file",
        )
    return ok("counts", "every sweep counts the trials it has")


def _settings(path: Path) -> Finding:
    """Open the file as a writer does, which sets the pragmas and reads them back."""
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        return warn("settings", f"{path} can only be read", "to write it, change its permissions or its folder's")
    database = Sqlite(path, None, read_only=False)
    try:
        database.open_writer().close()
    except (sqlite3.Error, OSError, StoreError) as error:
        return fail("settings", str(database.translate(error)), "put the store on a local disk that can be written")
    finally:
        database.close()
    return ok("settings", "write-ahead log, synchronous=FULL: what is acknowledged survives a power cut")


def _files(path: Path) -> Iterator[Finding]:
    database = Sqlite(path, None, read_only=True)
    artifacts: Path | None = None
    with contextlib.suppress(SweeperError):
        database.prepare()
        artifacts = None if "://" in database.artifacts else Path(database.artifacts)
    yield place.check_permissions(path, artifacts)
    if artifacts is not None and artifacts.exists() and artifacts.stat().st_dev != path.stat().st_dev:
        yield place.check_room(artifacts, f"artifacts in {artifacts}")


def _server(location: Location) -> list[Finding]:
    from sweeper.store.server import Server

    try:
        database = Server(location.url, location.dialect, None, read_only=True)
        before = time.time()
        product, clock = database.facts()
        after = time.time()
    except SweeperError as error:
        return [fail("server", str(error), "start the server, or name another store with --store")]
    found = [ok("server", f"{location.shown} answers: {product}"), _clock(before, clock, after)]
    found.append(_schema(database.version))
    database.close()
    return found


def _clock(before: float, clock: float, after: float) -> Finding:
    skew = max(before - clock, clock - after, 0.0)
    if skew > SKEW:
        return warn(
            "clock",
            f"the database's clock and this machine's differ by {skew:.0f} s",
            "set both by NTP; leases go by the database's clock, times of trials by each machine's",
        )
    return ok("clock", "the database's clock agrees with this machine's")
