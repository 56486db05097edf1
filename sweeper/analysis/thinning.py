"""Which trials are drawn when there are too many to tell apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sweeper.analysis.columns import Floats


def thin(losses: Floats, most: int) -> NDArray[np.intp]:
    """Return at most ``most`` places in order: the best tenth of ``most``, and an even sample of the others."""
    if len(losses) <= most:
        return np.arange(len(losses))
    order = np.argsort(losses, kind="stable")
    best, others = order[: most // 10], np.sort(order[most // 10 :])
    picked = others[np.linspace(0, len(others) - 1, most - len(best)).astype(np.intp)]
    return np.sort(np.concatenate((best, picked)))
