"""Which database a URL means. The default is ``SWEEPER_STORE``, then ``sqlite:///sweeper.db``."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from sweeper.errors import UsageError
from sweeper.store.dialects import MYSQL, POSTGRESQL, SQLITE, Dialect

DEFAULT = "sqlite:///sweeper.db"
CHOICES = (
    "a path like runs.db, sqlite:///path/to/runs.db, postgresql://user@host/database, mysql://user@host/database "
    "or the address of a sweeper server, http://host:5000"
)
SERVERS = {
    "postgresql": POSTGRESQL, "postgresql+psycopg": POSTGRESQL, "postgres": POSTGRESQL,
    "mysql": MYSQL, "mysql+pymysql": MYSQL, "mariadb": MYSQL, "mariadb+pymysql": MYSQL,
}  # fmt: skip
DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):/{2}(.*)", re.DOTALL)
_PASSWORD = re.compile(r"(?<=://)([^/@\s:]*):([^/\s]*)@")


@dataclass(frozen=True, slots=True)
class Location:
    """A parsed store URL; ``shown`` is safe to print. ``path`` is that of a file, ``url`` that of a server."""

    shown: str
    path: Path | None = None
    url: str = ""
    dialect: Dialect = SQLITE


def locate(url: str | os.PathLike[str] | None) -> Location:
    """Return what a URL or a bare path means. Raises UsageError with the choices."""
    text = os.fspath(url) if url is not None else os.environ.get("SWEEPER_STORE") or DEFAULT
    if not text.strip():
        raise UsageError(f"store {text!r}: must be {CHOICES}")
    match = _SCHEME.fullmatch(text)
    if match is None:
        return _file(text, text)
    scheme, rest = match[1].lower(), match[2]
    if scheme in ("sqlite", "sqlite+pysqlite"):
        if not rest.startswith("/"):
            raise UsageError(f"store {text!r}: write {'sqlite:///' + rest!r} (three slashes), or an absolute path")
        return _file(rest[1:], text)
    if (dialect := SERVERS.get(scheme)) is not None:
        return Location(mask(text), url=f"{DRIVERS[dialect.name]}://{rest}", dialect=dialect)
    raise UsageError(f"store {mask(text)!r}: {scheme!r} is not a kind of database sweeper knows; use {CHOICES}")


def server_of(url: str | os.PathLike[str] | None) -> str | None:
    """Return the address of a sweeper server that a store's URL names; None when it names a database."""
    text = os.fspath(url) if url is not None else os.environ.get("SWEEPER_STORE") or DEFAULT
    if not text.lower().startswith(("http://", "https://")):
        return None
    if mask(text) != text:
        raise UsageError(f"store {mask(text)!r}: give the token by SWEEPER_TOKEN, not in the URL")
    return text.rstrip("/")


def mask(url: str) -> str:
    """Return a URL without its password."""
    return _PASSWORD.sub(r"\1:***@", url)


def _file(text: str, given: str) -> Location:
    if "\0" in text or not text or text == ":memory:" or text.endswith("/"):
        raise UsageError(f"store {given!r}: a file is needed, {CHOICES}")
    if "?" in text:
        raise UsageError(f"store {given!r}: options after '?' are not supported")
    path = Path(text).expanduser().absolute()
    return Location(f"sqlite:///{path}", path)
