"""From what an address names to a run: an id, the end of one, or ``SWEEP:NUMBER``."""

from __future__ import annotations

import re

from sweeper.errors import NotFound, UsageError
from sweeper.interfaces import Store
from sweeper.records import Run

_TAIL = re.compile(r"[0-9a-f]{6,31}")


def find_run(store: Store, ref: str) -> Run:
    """Return any run: a trial, what it nests, a sweep, or one outside sweeps.

    Raises NotFound with a hint, UsageError for the end of several ids.
    """
    try:
        return store.run(ref)
    except NotFound:
        if ":" in ref:
            return store.run(store.find_trial(ref).run_id)
        found = store.runs(f"attributes.run_id LIKE '%{ref}'", limit=4) if _TAIL.fullmatch(ref) else []
    if len(found) > 1:
        listed = ", ".join(run.id for run in found)
        raise UsageError(f"{ref!r} is the end of several runs: {listed}. Give more characters")
    if not found:
        raise NotFound("run", ref, hint="Name it by its id, the end of one, or as SWEEP:NUMBER.")
    return found[0]
