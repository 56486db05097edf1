"""How databases differ, as named booleans computed once; everything else is the same SQL on all of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a kind of database can do. ``name`` is SQLAlchemy's."""

    name: str
    has_on_conflict: bool  #: INSERT ... ON CONFLICT; otherwise INSERT IGNORE and ON DUPLICATE KEY UPDATE
    has_row_locks: bool  #: SELECT ... FOR UPDATE; otherwise one transaction writes at a time
    has_transactional_ddl: bool  #: a failed migration leaves nothing behind
    placeholder: str  #: of the driver: "?" or "%s"


SQLITE = Dialect("sqlite", has_on_conflict=True, has_row_locks=False, has_transactional_ddl=True, placeholder="?")
POSTGRESQL = Dialect(
    "postgresql", has_on_conflict=True, has_row_locks=True, has_transactional_ddl=True, placeholder="%s"
)
MYSQL = Dialect("mysql", has_on_conflict=False, has_row_locks=True, has_transactional_ddl=False, placeholder="%s")
