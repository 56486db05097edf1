"""From a model's idea to a proposal: constraints kept, no point of a discrete space twice, pending trials known."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from copy import deepcopy
from random import Random
from typing import Any

from sweeper.records import Params
from sweeper.samplers.points import Points, Raws
from sweeper.samplers.seeds import trial_seed
from sweeper.space import SearchSpace

MODEL_TRIES = 10  #: how often a model is asked, unless told otherwise, before chance decides
RANDOM_TRIES = 50  #: how often chance may try again for a point not yet tried
Key = tuple[float | None, ...]

LISTED = 10_000  #: spaces of at most so many points are searched through for one not yet tried


class Proposals:
    """The proposals of one sampler for one space.

    A draw that breaks a constraint is drawn again with another seed, ``tries`` in all; then ``space.sample`` decides.
    In
    a space of finitely many points a draw that was tried before (told, however it ended, or pending) is drawn again
    as well; then chance looks for a point not yet tried, in small spaces through all that are left. Only when there
    is none, or none was found, is a point proposed a second time.
    """

    def __init__(self, space: SearchSpace, seed: int, tries: int = MODEL_TRIES) -> None:
        self.points = Points(space)
        self.pending: dict[int, Raws] = {}  #: asked and not yet told, by trial number
        self._space, self._seed, self._tries = space, seed, tries
        self._finite = space.is_finite
        self._bound = math.prod(parameter.size() or 1 for parameter in space.parameters.values())
        self._told: set[Key] = set()
        self._grid: list[tuple[Key | None, Params]] | None = None

    def next(self, number: int, draw: Callable[[int], Params]) -> Params:
        """Return the parameters for trial ``number``. ``draw(seed)`` is the model: the same seed, the same point."""
        self.pending.pop(number, None)
        params = self._choose(number, draw)
        raws = self.points.raws(params)
        if raws is not None:
            self.pending[number] = raws
        return params

    def tell(self, number: int, params: Mapping[str, Any]) -> Raws | None:
        """Note that trial ``number`` ended; return where it was, None when that is outside the space."""
        self.pending.pop(number, None)
        raws = self.points.raws(params)
        if raws is not None and self._finite:
            self._told.add(self.points.key(raws))
        return raws

    def _choose(self, number: int, draw: Callable[[int], Params]) -> Params:
        chosen: Params | None = None
        pending = {self.points.key(raws) for raws in self.pending.values()} if self._finite else set()
        exhausted = len(self._told) + len(pending - self._told) >= self._bound
        for attempt in range(self._tries):
            params = draw(trial_seed(self._seed, number, attempt))
            if not self._space.feasible(params):
                continue
            if exhausted or not self._finite or not self._tried(self._key(params), pending):
                return params
            chosen = params
        rng = Random(trial_seed(self._seed, number, self._tries))
        fresh = self._untried(pending, rng) if self._finite else None
        return fresh or chosen or self._space.sample(rng)

    def _key(self, params: Params) -> Key | None:
        raws = self.points.raws(params)
        return None if raws is None else self.points.key(raws)

    def _tried(self, key: Key | None, pending: set[Key]) -> bool:
        return key in self._told or key in pending

    def _untried(self, pending: set[Key], rng: Random) -> Params | None:
        """Return a point that was not tried, None when none was found."""
        for _ in range(RANDOM_TRIES):
            params = self._space.sample(rng)
            if not self._tried(self._key(params), pending):
                return params
        if self._bound > LISTED:
            return None
        if self._grid is None:
            self._grid = [(self._key(params), params) for params in self._space.grid()]
        left = [params for key, params in self._grid if not self._tried(key, pending)]
        return deepcopy(rng.choice(left)) if left else None
