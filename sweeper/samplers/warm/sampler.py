"""Samplers around a sampler: one that begins with given configurations, one that now and then looks further."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from random import Random

from sweeper.interfaces import Sampler
from sweeper.records import Outcome, Params
from sweeper.samplers.seeds import trial_seed
from sweeper.space import SearchSpace

WIDE = 7  #: every so many trials one is drawn from the whole range


class WarmSampler:
    """Proposes ``first`` for the first trials, then what ``inner`` proposes, which learns of all."""

    def __init__(self, inner: Sampler, first: Sequence[Params]) -> None:
        self._inner, self._first = inner, first

    def ask(self, number: int) -> Params | None:
        return deepcopy(self._first[number]) if number < len(self._first) else self._inner.ask(number)

    def tell(self, number: int, params: Params, outcome: Outcome) -> None:
        self._inner.tell(number, params, outcome)


class WideSampler:
    """Proposes what ``inner`` does in a narrowed space; every seventh trial comes from the whole ``space``.

    So a range that was narrowed wrongly is found out. ``inner`` learns of those trials that lie in its own space.
    """

    def __init__(self, inner: Sampler, space: SearchSpace, seed: int) -> None:
        self._inner, self._space, self._seed = inner, space, seed

    def ask(self, number: int) -> Params | None:
        if number % WIDE == WIDE - 1:
            return self._space.sample(Random(trial_seed(self._seed, number, -1)))
        return self._inner.ask(number)

    def tell(self, number: int, params: Params, outcome: Outcome) -> None:
        self._inner.tell(number, params, outcome)
