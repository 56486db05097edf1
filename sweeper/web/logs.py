"""What a trial printed, a piece at a time."""

from __future__ import annotations

from typing import Any

from sweeper.errors import UsageError
from sweeper.interfaces import Store
from sweeper.records import Run

MOST = 256 * 1024  #: characters in one answer


def log(store: Store, run: Run, first: int, last: int | None = None, *, attempt: int | None = None) -> dict[str, Any]:
    """Return the output of an attempt (the last one) from character ``first`` up to ``last``.

    A negative ``first`` counts from the end. Control characters stay as they are: it is data. ``size`` is that of what
    was kept; of an attempt that runs nothing is, before it ends. Raises UsageError for an attempt
    that there is not.
    """
    found = store.attempts(run.id)
    wanted = next((each for each in reversed(found) if attempt is None or each["attempt"] == attempt), None)
    if attempt is not None and wanted is None:
        raise UsageError(f"no attempt {attempt} of run {run.id}; it has {len(found)}")
    text: str = wanted["output"] if wanted else ""
    start = min(max(len(text) + first, 0) if first < 0 else first, len(text))
    end = min(start + MOST, len(text) if last is None else max(last, start), len(text))
    return {
        "text": text[start:end],
        "start": start,
        "end": end,
        "size": len(text),
        "attempt": wanted["attempt"] if wanted else None,
        "running": wanted is not None and wanted["ended"] is None,
        "attempts": [
            {"attempt": each["attempt"], "state": each["state"], "size": len(each["output"])} for each in found
        ],
    }
