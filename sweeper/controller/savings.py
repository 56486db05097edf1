"""What stopping trials early saved, as the sweep's run keeps it and as a person reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

TAG = "sweeper.early_stopping"  #: on the sweep's run


class Savings(NamedTuple):
    """Of ``ended`` trials with a result ``stopped`` did so early; ``saved`` is the share of all their epochs that was
    never run; None where that is not known."""

    stopped: int
    ended: int
    saved: float | None


def savings(stopped: Sequence[int], whole: Sequence[int]) -> Savings:
    """Return what was saved; given are the reports of each trial that stopped early and of each that did not.

    A stopped trial would have reported as often as the others did in the mean. Without one that ran to its end and
    reported, nobody knows.
    """
    ended = len(stopped) + len(whole)
    if not any(whole):
        return Savings(len(stopped), ended, None)
    usual = sum(whole) / len(whole)
    left = sum(max(usual - reports, 0.0) for reports in stopped)
    return Savings(len(stopped), ended, left / (sum(whole) + sum(stopped) + left))


def written(made: Savings) -> str:
    return json.dumps(made._asdict())


def savings_text(counts: Mapping[str, int], tags: Mapping[str, str]) -> str:
    """Return "41 of 60, 63 % of the epochs saved" for a sweep's counts and its run's tags; "" when none stopped."""
    stopped = counts.get("pruned", 0)
    if not stopped:
        return ""
    text = f"{stopped:,} of {stopped + counts.get('complete', 0):,}"
    try:
        saved = json.loads(tags.get(TAG, "{}")).get("saved")
    except (ValueError, AttributeError):
        saved = None
    return f"{text}, {100 * saved:.0f} % of the epochs saved" if isinstance(saved, float) else text
