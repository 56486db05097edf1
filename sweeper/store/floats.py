"""Any float in two columns that compare and sort the same on every database: a finite number and its kind.

SQLite turns NaN into NULL and drops the sign of zero, MySQL stores no infinity. So NaN is stored as 0 with
kind NAN, an infinity as the largest double with its own kind: comparisons in SQL hold without knowing the kind.
"""

from __future__ import annotations

import math
import sys

FINITE, NAN, INFINITE, NEGATIVE_INFINITE, NEGATIVE_ZERO = range(5)
LARGEST = sys.float_info.max
_EXACT = {NAN: math.nan, INFINITE: math.inf, NEGATIVE_INFINITE: -math.inf, NEGATIVE_ZERO: -0.0}


def split(value: float) -> tuple[int, float]:
    """Return (kind, finite number) of a float."""
    if -LARGEST <= value <= LARGEST:
        if value == 0.0 and math.copysign(1.0, value) < 0:
            return NEGATIVE_ZERO, 0.0
        return FINITE, value
    if value != value:
        return NAN, 0.0
    return (INFINITE, LARGEST) if value > 0 else (NEGATIVE_INFINITE, -LARGEST)


def join(kind: int, value: float) -> float:
    """Return the float that :func:`split` took apart."""
    return _EXACT[kind] if kind else value
