"""The version of the schema: what this code writes, and what it refuses to touch."""

from __future__ import annotations

from collections.abc import Sequence

from sweeper.errors import StoreForeign, StoreNewer

HEAD = "0001"


def check_version(place: str, row: Sequence[str] | None) -> str:
    """Return the version found. Raises StoreNewer when this code does not know it."""
    if row is None:
        raise StoreForeign(f"{place} is not a whole store of sweeper: it has no schema version")
    if row[0] > HEAD:
        raise StoreNewer(
            f"{place} was written by a newer version of sweeper (schema {row[0]}, this one knows up to {HEAD}). "
            "Upgrade sweeper to open it"
        )
    return row[0]
