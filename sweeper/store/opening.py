"""From a URL to a store."""

from __future__ import annotations

from sweeper.store.sqlite import Sqlite
from sweeper.store.store import SqlStore
from sweeper.store.url import locate


def open_store(url: str | None = None, *, read_only: bool = False, artifacts: str | None = None) -> SqlStore:
    """Open the database of runs; a new SQLite file is created unless ``read_only``.

    ``url``: ``sqlite:///path`` or a bare path; None: ``SWEEPER_STORE``, else ``sweeper.db`` in the current directory.
    ``artifacts``: the folder or fsspec URL for files of runs; None: the folder ``artifacts`` beside the database.
    Raises UsageError for a URL that means nothing, StoreUnavailable, StoreForeign or StoreNewer for a database
    that cannot be used.
    """
    location = locate(url)
    assert location.path is not None
    database = Sqlite(location.path, artifacts and artifacts.rstrip("/"), read_only=read_only)
    database.prepare()
    return SqlStore(location, database)
