"""What all parameters have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from sweeper.errors import SpaceError
from sweeper.space.domains import Domain
from sweeper.space.values import plain, short

GRID_LIMIT = 10_000_000  #: a single parameter with more values than this has no grid


@dataclass(frozen=True)
class Parameter(ABC):
    """One dimension of a search space.

    ``when`` names the parameters, and for each the value or the list of values, that make this one active; all
    of them must hold. It is kept as a dict of tuples.
    """

    when: Mapping[str, Any] | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        self._set("when", _conditions(self.when))

    @property
    def conditions(self) -> Mapping[str, tuple[Any, ...]]:
        """``when``, empty when this parameter is always active."""
        return self.when or {}

    @property
    @abstractmethod
    def domain(self) -> Domain | None:
        """What a sampler searches; None when there is nothing to search."""

    @property
    def log(self) -> bool:
        """Is the natural axis of the values logarithmic?"""
        return False

    @property
    def is_numeric(self) -> bool:
        """Are the values numbers on an axis?"""
        return True

    @abstractmethod
    def decode(self, raw: float) -> Any:
        """Return the value that a point of the domain stands for. Points outside are moved inside."""

    @abstractmethod
    def encode(self, value: Any) -> float:
        """Return a point of the domain that decodes to ``value``. Raises SpaceError for a value outside.

        Of a value that came from ``decode`` exactly so, except for continuous priors: up to rounding.
        """

    @abstractmethod
    def contains(self, value: Any) -> bool:
        """Is ``value`` one that this parameter may take?"""

    @abstractmethod
    def size(self) -> int | None:
        """Return the number of values; None when there is no end of them."""

    @abstractmethod
    def _listed(self) -> Sequence[Any]:
        """Return all values in order; called only when ``size()`` is a number."""

    def grid(self) -> list[Any]:
        """Return all values in order, without repetition. Raises SpaceError when that is no finite list."""
        size = self.size()
        if size is None:
            raise SpaceError(f"{self.describe()} has no grid: give it a step, or a list of values")
        if size > GRID_LIMIT:
            raise SpaceError(f"{self.describe()} has {size:,} values, too many for a grid: give it a step")
        return list(self._listed())

    @abstractmethod
    def _body(self) -> dict[str, Any]:
        """Return this parameter in the file's grammar, without ``when``."""

    def to_dict(self) -> dict[str, Any]:
        """Return this parameter in the grammar of the sweep file; reading it gives an equal parameter."""
        body = self._body()
        if self.when:
            body["when"] = {
                name: values[0] if len(values) == 1 and not isinstance(values[0], list) else list(values)
                for name, values in self.conditions.items()
            }
        return body

    @abstractmethod
    def _text(self) -> str:
        """Return this parameter for people, without ``when``."""

    def describe(self) -> str:
        """Return one short line for people, such as ``0.001 .. 1, log``."""
        when = " and ".join(
            f"{name} = {' or '.join(map(short, values))}" for name, values in self.conditions.items()
        )
        return f"{self._text()}, when {when}" if when else self._text()

    @abstractmethod
    def narrow(
        self, low: float | None = None, high: float | None = None, values: Sequence[Any] | None = None
    ) -> Self:
        """Return a parameter of the same kind with other bounds, or with only some of its values.

        Nothing outside ``[low, high]`` or ``values`` is left; a bound not given stays. Bounds may also lie further
        out than they did: then the range grows as asked. Raises SpaceError when nothing is left.
        """

    def with_when(self, when: Mapping[str, Any] | None) -> Self:
        """Return this parameter under other conditions."""
        return replace(self, when=when)

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)


def _conditions(when: Mapping[str, Any] | None) -> dict[str, tuple[Any, ...]] | None:
    if not when:
        return None
    if not isinstance(when, Mapping):
        raise SpaceError(f"when is {when!r}; write a mapping such as {{kernel: rbf}}")
    result = {}
    for name, values in when.items():
        listed = plain(values)
        result[str(name)] = tuple(listed) if isinstance(listed, list) else (listed,)
        if not result[str(name)]:
            raise SpaceError(f"when: {name} has an empty list; name at least one value")
    return result
