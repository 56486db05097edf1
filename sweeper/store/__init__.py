"""The database of runs: one writer thread, many readers, the same rules on every database.

``open_store`` is all that other rooms need; what it returns is a :class:`sweeper.interfaces.Store`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sweeper.store.opening import open_database, open_store

__all__ = ["open_database", "open_store"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from sweeper.store import opening

        return getattr(opening, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
