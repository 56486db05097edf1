"""From a URL to a store."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sweeper.errors import UsageError
from sweeper.store.database import Database
from sweeper.store.sqlite import Sqlite
from sweeper.store.store import SqlStore
from sweeper.store.trouble import RECONNECT_SECONDS, seconds_of
from sweeper.store.url import Location, locate, mask, server_of

if TYPE_CHECKING:
    from sweeper.store.http.store import HttpStore

RECONNECT = "SWEEPER_RECONNECT_SECONDS"


def open_store(
    url: str | os.PathLike[str] | None = None,
    *,
    read_only: bool = False,
    artifacts: str | None = None,
    reconnect: float | None = None,
) -> SqlStore | HttpStore:
    """Open the store of runs; a new SQLite file is created unless ``read_only``.

    ``url``: ``sqlite:///path``, a bare path, ``postgresql://user@host/database``, ``mysql://...``, or the address of a
    ``sweeper server``, ``http://host:5000``, with its token in ``SWEEPER_TOKEN``; None: ``SWEEPER_STORE``, else
    ``sweeper.db`` in the current directory.
    ``artifacts``: the folder or fsspec URL for files of runs. What is given first is remembered in the store and
    used when nothing is given; without it they go to the folder ``artifacts`` beside a SQLite file.
    ``reconnect``: for how many seconds a lost connection to a server is looked for before writes fail; None:
    ``SWEEPER_RECONNECT_SECONDS``, else 60.

    Raises UsageError for a URL that means nothing, StoreUnavailable, StoreForeign or StoreNewer for a database
    that cannot be used, MissingPackage when its driver is not installed.
    """
    if (server := server_of(url)) is None:
        return open_database(url, read_only=read_only, artifacts=artifacts, reconnect=reconnect)
    if artifacts:
        raise UsageError(f"artifacts {mask(artifacts)!r}: {server} decides where files go; leave it out")
    from sweeper.store.http.store import HttpStore

    return HttpStore(server, _patience(reconnect), read_only=read_only)


def open_database(
    url: str | os.PathLike[str] | None = None,
    *,
    read_only: bool = False,
    artifacts: str | None = None,
    reconnect: float | None = None,
) -> SqlStore:
    """Open the store in a database of this machine's reach, as :func:`open_store` does."""
    location = locate(url)
    database = _database(location, _root(artifacts), read_only)
    database.prepare()
    return SqlStore(location.shown, database, _patience(reconnect))


def _patience(reconnect: float | None) -> float:
    if reconnect is not None:
        return seconds_of(str(reconnect), "reconnect")
    return seconds_of(os.environ.get(RECONNECT) or str(RECONNECT_SECONDS), RECONNECT)


def _database(location: Location, artifacts: str | None, read_only: bool) -> Database:
    if location.path is not None:
        return Sqlite(location.path, artifacts, read_only=read_only)
    from sweeper.store.server import Server

    return Server(location.url, location.dialect, artifacts, read_only=read_only)


def _root(artifacts: str | None) -> str | None:
    """Return the root of artifacts so that it means the same in every folder and process."""
    if not artifacts:
        return None
    if mask(artifacts) != artifacts:
        raise UsageError(
            f"artifacts {mask(artifacts)!r}: a password in the URL would be stored with every run; "
            "give it by environment or by fsspec's configuration file"
        )
    if "://" in artifacts:
        return artifacts.rstrip("/")
    return os.path.abspath(os.path.expanduser(artifacts))
