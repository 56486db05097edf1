"""The version of the schema: what this code writes, and what it refuses to touch."""

from __future__ import annotations

from sweeper.errors import StoreNewer, StoreUnavailable

HEAD = "0004"  #: the newest step in migrations/versions
TABLE = "sweeper_schema"  #: ours alone: other tools keep theirs in ``alembic_version``


def check(place: str, found: str) -> str:
    """Return the version of a schema if this code knows it. Raises StoreNewer."""
    if found > HEAD:
        raise StoreNewer(
            f"{place} was written by a newer version of sweeper (schema {found}, this one knows up to {HEAD}). "
            "Upgrade sweeper to open it"
        )
    return found


def check_readable(place: str, found: str) -> None:
    """A store is read with the newest schema only. Raises StoreNewer and StoreUnavailable."""
    if check(place, found) < HEAD:
        raise StoreUnavailable(f"{place} has an older schema ({found}, not {HEAD}). Run: sweeper db upgrade")
