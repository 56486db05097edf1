"""Which choices to keep: one is dropped only on repeated evidence."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sweeper.analysis.axes import choice_at
from sweeper.analysis.columns import Bools
from sweeper.analysis.ranges.evidence import Lane

SWEEPS = 3  #: in so many sweeps the choice must have been tried ``TRIED`` times without one good trial
TRIED = 5
CHANCE = 0.02  #: or more likely by chance: then it stays


def kept(lanes: Sequence[Lane], amount: int) -> Bools:
    """Return for each of ``amount`` choices whether to keep it.

    Dropped is what was never among the good trials of any sweep, though at least three sweeps tried it five times or
    more, where chance alone would do that in fewer than one case of fifty (hypergeometric).
    """
    usable = [lane for lane in lanes if lane.top.any()]
    keep = np.ones(amount, dtype=bool)
    for i in range(amount):
        place = choice_at(i, amount)
        here = [np.isclose(lane.at, place) for lane in usable]
        if any((mine & lane.top).any() for mine, lane in zip(here, usable, strict=True)):
            continue
        tried = sum(int(mine.sum()) >= TRIED for mine in here)
        chance = math.prod(_absent(lane, int(mine.sum())) for mine, lane in zip(here, usable, strict=True))
        keep[i] = tried < min(SWEEPS, len(lanes)) or chance > CHANCE
    return keep if keep.any() else np.ones(amount, dtype=bool)


def _absent(lane: Lane, tries: int) -> float:
    """The chance that none of ``tries`` trials is a good one, if the choice did not matter."""
    total, good = len(lane.top), int(lane.top.sum())
    return math.prod(max(total - good - i, 0) / (total - i) for i in range(tries))
