"""File names made of names that may hold anything."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sweeper.records import SweepRecord

LONGEST = 60


def file_name(name: str, fallback: str) -> str:
    """Return ``name`` as part of a file name: letters, digits, dot, dash and underscore only, not hidden, not long."""
    made = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:LONGEST].rstrip("-.")
    return made or fallback


def stem_of(sweep: SweepRecord) -> str:
    """Return how files about a sweep begin: its name as far as it fits, and the end of its id."""
    return f"{file_name(sweep.name, 'sweep')}-{sweep.id[-8:]}"


def file_names(names: Iterable[str], fallback: str) -> dict[str, str]:
    """Return a file name for each name, no two alike on any file system, whether it tells case apart or not."""
    made: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        start = file_name(name, fallback)
        choice, count = start, 1
        while choice.lower() in taken:
            count += 1
            choice = f"{start}-{count}"
        taken.add(choice.lower())
        made[name] = choice
    return made
