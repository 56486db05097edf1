"""One fact of all trials as an array that grows: a parameter, a goal or a metric."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Hashable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sweeper.space import Parameter
from sweeper.space.values import identity, is_number
from sweeper.web.spaces import parameter_shape

Floats = NDArray[np.float64]
Kind = Literal["float", "int", "categorical"]
Role = Literal["param", "goal", "metric"]

MISSING: Any = object()  #: in a cell that is not set; None is a value that a choice may have
_DIRECT = frozenset((str, int, float))  #: types whose values are their own identity


class Vector:
    """An array that rows are added to: parts are joined when the whole is asked for."""

    def __init__(self, dtype: str) -> None:
        self._dtype = dtype
        self._parts: list[NDArray[Any]] = []
        self.length = 0

    def add(self, part: NDArray[Any]) -> None:
        self._parts.append(part)
        self.length += len(part)

    @property
    def array(self) -> NDArray[Any]:
        """All rows; what is written to it stays."""
        if len(self._parts) != 1:
            self._parts = [np.concatenate(self._parts) if self._parts else np.empty(0, self._dtype)]
        return self._parts[0]


class Column:
    """The cells of one name. NaN: not set; a choice has codes, the places of its ``levels``.

    ``low``, ``high``, ``log`` and ``constant`` are as the space declares them; None where it does not.
    """

    def __init__(self, name: str, role: Role, parameter: Parameter | None = None) -> None:
        self.name, self.role = name, role
        self._settled = role != "param"  #: the kind is known, and None is no value
        self.kind: Kind | None = "float" if self._settled else None
        self.low: float | None = None
        self.high: float | None = None
        self.log = self.constant = False
        self.levels: list[str] = []
        self._codes: dict[Hashable, int] = {}
        self._cells = Vector("f8")
        if parameter is not None:
            self._declare(parameter)

    def _declare(self, parameter: Parameter) -> None:
        declared = parameter_shape(parameter)
        self.low, self.high, self.log = declared["low"], declared["high"], declared["log"]
        self.constant = declared["kind"] == "constant"
        if self.constant and is_number(declared["choices"][0]):
            self.low = self.high = declared["choices"][0]
        elif declared["choices"] is not None:
            self.kind = "categorical"
            for value in declared["choices"]:
                self._code(value)
        else:
            self.kind, self._settled = declared["kind"], True

    @property
    def array(self) -> Floats:
        """All cells."""
        return self._cells.array

    def add(self, values: Sequence[Any], before: int) -> None:
        """Add the cells of the next rows; those up to row ``before`` that were never added are not set."""
        self.fill(before)
        cells = self._converted(values)
        self._cells.add(cells)

    def fill(self, length: int) -> None:
        """The rows up to ``length`` that were never added have no such cells."""
        if self._cells.length < length:
            self._cells.add(np.full(length - self._cells.length, np.nan))

    def replace(self, rows: NDArray[np.intp], values: Sequence[Any]) -> None:
        """Set the cells of some rows."""
        self.array[rows] = self._converted(values)

    def picked(self, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Return the cells of this name out of rows of names and values."""
        try:
            return list(map(itemgetter(self.name), rows))
        except KeyError:
            absent = None if self._settled else MISSING
            return [row.get(self.name, absent) for row in rows]

    def _converted(self, values: Sequence[Any]) -> Floats:
        if not self._settled and self.kind != "categorical":
            self._look(values)
        if self.kind == "categorical":
            return np.array(self._coded(values), dtype=np.float64)
        if not self._settled:
            values = [None if value is MISSING else value for value in values]
        try:
            return np.array(values, dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            return np.array([float(value) if is_number(value) else math.nan for value in values])

    def _coded(self, values: Sequence[Any]) -> list[float]:
        if _DIRECT.issuperset(map(type, values)):
            with contextlib.suppress(KeyError):
                return list(map(self._codes.__getitem__, values))
        return [self._code(value) for value in values]

    def _look(self, values: Sequence[Any]) -> None:
        """What the space does not say the values do: numbers are numbers as long as nothing else comes."""
        kinds = {type(value) for value in values if value is not MISSING}
        if not kinds <= {int, float}:
            whole, self.kind = self.kind == "int", "categorical"
            known = [MISSING if math.isnan(cell) else int(cell) if whole else cell for cell in self.array.tolist()]
            self._cells = Vector("f8")
            self.add(known, 0)
        elif float in kinds:
            self.kind = "float"
        elif kinds:
            self.kind = self.kind or "int"

    def _code(self, value: Any) -> float:
        if value is MISSING:
            return math.nan
        key = value if type(value) in _DIRECT else identity(value)
        if (code := self._codes.get(key)) is None:
            code = self._codes[key] = len(self.levels)
            self.levels.append(level_text(value))
        return code


def level_text(value: Any) -> str:
    """Return a choice as pages and filters name it: text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
