"""One of several values, and the one value that never changes."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import Any, Self

from sweeper.errors import SpaceError, suggest
from sweeper.space.domains import ChoiceDomain, FloatDomain, clip
from sweeper.space.numeric import LATENT
from sweeper.space.parameter import Parameter
from sweeper.space.values import fresh, identity, index, plain, real, same, short

MOST_SHOWN = 12  #: values that a description lists


@dataclass(frozen=True)
class Categorical(Parameter):
    """One of ``values``: any strings, numbers, bools, None, lists or dicts, without repetition.

    ``weights`` are relative probabilities, one per value; a value with weight 0 is never taken. With weights the
    search goes over a uniform number that is cut in proportion, so that any sampler honours them.
    """

    values: Sequence[Any]
    weights: Sequence[float] | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.values, str) or not isinstance(self.values, Sequence):
            raise SpaceError(f"is {self.values!r}; write a list", "values")
        self._set("values", tuple(plain(self.values)))
        if not self.values:
            raise SpaceError("is empty; give at least one", "values")
        if len(self._places) < len(self.values):
            twice = next(value for place, value in enumerate(self.values) if self._places[identity(value)] != place)
            raise SpaceError(f"has {twice!r} twice; give weights to make one more likely", "values")
        if self.weights is not None:
            self._set("weights", _weights(self.weights, len(self.values)))

    @cached_property
    def domain(self) -> ChoiceDomain | FloatDomain:
        return ChoiceDomain(len(self.values)) if self.weights is None else LATENT

    @property
    def is_numeric(self) -> bool:
        return False

    @cached_property
    def _places(self) -> dict[Hashable, int]:
        return {identity(value): place for place, value in enumerate(self.values)}

    @cached_property
    def _edges(self) -> list[float]:
        edges = list(accumulate(self.weights or (), initial=0.0))
        return [edge / edges[-1] for edge in edges]

    @cached_property
    def _possible(self) -> list[int]:
        return [place for place in range(len(self.values)) if self.weights is None or self.weights[place] > 0]

    def decode(self, raw: float) -> Any:
        if self.weights is None:
            place = int(clip(round(raw), 0, len(self.values) - 1))
        else:
            place = min(max(bisect_right(self._edges, raw) - 1, self._possible[0]), self._possible[-1])
        return fresh(self.values[place])

    def encode(self, value: Any) -> float:
        if not self.contains(value):
            raise SpaceError(f"{value!r} is not in {self.describe()}; " + self._nearest(value))
        place = self._places[identity(value)]
        return place if self.weights is None else (self._edges[place] + self._edges[place + 1]) / 2

    def contains(self, value: Any) -> bool:
        try:
            place = self._places.get(identity(value))
        except TypeError:  # unhashable: no plain value
            return False
        return place is not None and (self.weights is None or self.weights[place] > 0)

    def size(self) -> int:
        return len(self._possible)

    def _listed(self) -> Sequence[Any]:
        return [fresh(self.values[place]) for place in self._possible]

    def _nearest(self, value: Any) -> str:
        return suggest(str(value), [str(known) for known in self.values])

    def _body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"values": fresh(list(self.values))}
        return body | ({} if self.weights is None else {"weights": list(self.weights)})

    def _text(self) -> str:
        texts = list(map(short, self.values))
        if self.weights is not None:
            total = sum(self.weights)
            texts = [f"{text} {100 * weight / total:.3g} %" for text, weight in zip(texts, self.weights, strict=True)]
        more = [f"... ({len(texts)} values)"] if len(texts) > MOST_SHOWN else []
        return " | ".join(texts[: MOST_SHOWN - len(more)] + more)

    def narrow(
        self, low: float | None = None, high: float | None = None, values: Sequence[Any] | None = None
    ) -> Self:
        if low is not None or high is not None:
            raise SpaceError(f"{self.describe()} is a choice: narrow it with values, not with min and max")
        wanted = list(self.values) if values is None else plain(list(values))
        for value in wanted:
            if not self.contains(value):
                raise SpaceError(f"{value!r} is not in {self.describe()}; " + self._nearest(value))
        keys = set(map(identity, wanted))
        kept = [place for place in self._possible if identity(self.values[place]) in keys]
        weights = None if self.weights is None else [self.weights[place] for place in kept]
        return replace(self, values=[self.values[place] for place in kept], weights=weights)


@dataclass(frozen=True)
class Constant(Parameter):
    """A value that is passed as it is and never searched."""

    value: Any

    def __post_init__(self) -> None:
        super().__post_init__()
        self._set("value", plain(self.value))

    @property
    def domain(self) -> None:
        return None

    @property
    def is_numeric(self) -> bool:
        return False

    def decode(self, raw: float) -> Any:
        return fresh(self.value)

    def encode(self, value: Any) -> float:
        if not self.contains(value):
            raise SpaceError(f"{value!r} is not the constant {self.describe()}")
        return 0

    def contains(self, value: Any) -> bool:
        return same(self.value, value)

    def size(self) -> int:
        return 1

    def _listed(self) -> Sequence[Any]:
        return [fresh(self.value)]

    def _body(self) -> dict[str, Any]:
        return {"value": fresh(self.value)}

    def _text(self) -> str:
        return f"always {short(self.value)}"

    def narrow(
        self, low: float | None = None, high: float | None = None, values: Sequence[Any] | None = None
    ) -> Self:
        if low is not None or high is not None or (values is not None and index(values, self.value) is None):
            raise SpaceError(f"a constant cannot be narrowed; it is {self.describe()}")
        return self


def _weights(weights: Sequence[float], count: int) -> tuple[float, ...]:
    if len(weights) != count:
        raise SpaceError(f"there are {len(weights)} for {count} values; give one for each", "weights")
    result = tuple(real(weight, "weights") for weight in weights)
    if min(result) < 0 or not 0 < sum(result) < math.inf:
        raise SpaceError(f"is {list(result)}; they must be 0 or more, and not all 0", "weights")
    return result
