"""``python -m sweeper.store.freeze`` writes the SQL text for SQLite beside this file. A test keeps it true."""

from __future__ import annotations

from pathlib import Path

from sweeper.store.dialects import SQLITE
from sweeper.store.sql import write_frozen
from sweeper.store.statements import compile_all, schema

FROZEN = Path(__file__).with_name("sqlite.sql")


def frozen() -> str:
    """Return what the file has to contain."""
    return write_frozen(schema(SQLITE), compile_all(SQLITE))


if __name__ == "__main__":
    FROZEN.write_text(frozen(), "utf-8")
