"""Plain values: what a parameter may take and a YAML or JSON file can hold, and when two of them are the same."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from copy import deepcopy
from decimal import Decimal, localcontext
from typing import Any

from sweeper.errors import SpaceError

HUGE = 2**1023  #: integers beyond it are infinite as floats
LARGEST = 2**53  #: integers beyond it are no longer exact as floats


def plain(value: Any) -> Any:
    """Return ``value`` as str, int, float, bool, None, list or dict, all the way down.

    Tuples become lists, numpy scalars Python numbers. Raises SpaceError for NaN and for anything else.
    """
    if value is None or type(value) in (str, bool, int):
        return value
    if isinstance(value, (str, int)):
        return str(value) if isinstance(value, str) else int(value)
    if isinstance(value, float):
        if math.isnan(value):
            raise SpaceError("NaN is not a value: it is not even equal to itself")
        return float(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        if bad := [key for key in value if not isinstance(key, str)]:
            raise SpaceError(f"the key {bad[0]!r} of a mapping is not a string; put it in quotes")
        return {key: plain(item) for key, item in value.items()}
    if hasattr(value, "item") and not getattr(value, "shape", None):
        return plain(value.item())
    raise SpaceError(f"{value!r} is a {type(value).__name__}; a value is a string, number, bool, null, list or mapping")


def identity(value: Any) -> Hashable:
    """Return what is equal for two plain values that are the same: 1 and 1.0 are, 1 and True are not."""
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, (list, tuple)):
        return ("list", *map(identity, value))
    if isinstance(value, dict):
        return ("dict", frozenset((name, identity(item)) for name, item in value.items()))
    return value  # type: ignore[no-any-return]  # what is left is hashable: text, numbers, None


def same(one: Any, other: Any) -> bool:
    """Are two plain values the same?"""
    return identity(one) == identity(other)


def index(values: Iterable[Any], value: Any) -> int | None:
    """Return the place of ``value`` among ``values``, or None."""
    wanted = identity(value)
    for place, candidate in enumerate(values):
        if identity(candidate) == wanted:
            return place
    return None


def fresh(value: Any) -> Any:
    """Return a copy where sharing would let one trial change another's parameters."""
    return deepcopy(value) if isinstance(value, (list, dict)) else value


def is_number(value: Any) -> bool:
    """Is ``value`` an int or a float that a float can hold (and not a bool, NaN or infinite)?"""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return math.isfinite(value) if isinstance(value, float) else -HUGE < value < HUGE


def real(value: Any, what: str) -> float:
    """Return ``value`` as a finite float; SpaceError at ``what`` otherwise."""
    if hasattr(value, "item") and not isinstance(value, (int, float)):
        value = plain(value)
    if not is_number(value):
        raise SpaceError(f"is {value!r}; it must be a finite number", what)
    return float(value)


def positive(value: Any, what: str) -> float:
    """Return ``value`` as a float above 0; SpaceError at ``what`` otherwise."""
    number = real(value, what)
    if number <= 0:
        raise SpaceError(f"is {value!r}; it must be above 0", what)
    return number


def integer(value: Any, what: str) -> int:
    """Return ``value`` as an int of at most 2**53 in size; SpaceError at ``what`` otherwise."""
    number = real(value, what)
    if not number.is_integer():
        raise SpaceError(f"is {value!r}; it must be a whole number", what)
    if abs(int(value)) > LARGEST:
        raise SpaceError(f"is {value!r}; whole numbers go up to 2**53 = {LARGEST}", what)
    return int(value)


def ladder(low: float, step: float, rung: int) -> float:
    """Return ``low + rung * step`` as a person computes it: 3 steps of 0.1 are 0.3."""
    with localcontext(prec=60):
        return float(Decimal(repr(low)) + rung * Decimal(repr(step)))


def rungs(low: float, high: float, step: float) -> int:
    """Return how many whole steps fit between ``low`` and ``high``."""
    with localcontext(prec=60):
        return int((Decimal(repr(high)) - Decimal(repr(low))) / Decimal(repr(step)))


def short(value: Any) -> str:
    """Return a value for people: numbers with 4 significant digits."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
