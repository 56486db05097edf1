"""From a model's idea to a proposal: constraints kept, no point of a discrete space twice, pending trials known."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import islice
from random import Random
from typing import Any

from sweeper.records import Params
from sweeper.samplers.points import Points, Raws
from sweeper.samplers.seeds import trial_seed
from sweeper.space import SearchSpace

MODEL_TRIES = 10  #: how often a model may try again before chance decides
RANDOM_TRIES = 50  #: how often chance may try again for a point not yet tried
LISTED = 10_000  #: spaces of at most so many points are searched through for one not yet tried


class Proposals:
    """The proposals of one sampler for one space.

    A draw that breaks a constraint is drawn again with another seed, a few times; then ``space.sample`` decides. In
    a space of finitely many points a draw that was tried before (asked or told, however it ended) is drawn again as
    well; then chance looks for a point not yet tried, in small spaces through all that are left. Only when there is
    none, or none was found, is a point proposed a second time.
    """

    def __init__(self, space: SearchSpace, seed: int) -> None:
        self.points = Points(space)
        self.pending: dict[int, Raws] = {}  #: asked and not yet told, by trial number
        self._space, self._seed = space, seed
        sizes = [parameter.size() for parameter in space.parameters.values()] if space.is_finite else []
        self._bound = math.prod(size for size in sizes if size is not None) if space.is_finite else math.inf
        self._tried: set[tuple[float | None, ...]] = set()
        self._left: list[Params] | None = None

    def next(self, number: int, draw: Callable[[int], Params]) -> Params:
        """Return the parameters for trial ``number``. ``draw(seed)`` is the model: the same seed, the same point."""
        chosen: Params | None = None
        for attempt in range(MODEL_TRIES):
            params = draw(trial_seed(self._seed, number, attempt))
            if not self._space.feasible(params):
                continue
            chosen = params
            if not self._seen(params):
                break
            if len(self._tried) >= self._bound:
                break
        else:
            rng = Random(trial_seed(self._seed, number, MODEL_TRIES))
            fresh = self._untried(rng) if self._space.is_finite else None
            chosen = fresh or chosen or self._space.sample(rng)
        self._note(number, chosen)
        return chosen

    def tell(self, number: int, params: Mapping[str, Any]) -> Raws | None:
        """Note that trial ``number`` ended; return where it was, None when that is outside the space."""
        self.pending.pop(number, None)
        raws = self.points.raws(params)
        if raws is not None and self._space.is_finite:
            self._tried.add(self.points.key(raws))
        return raws

    def _note(self, number: int, params: Params) -> None:
        raws = self.points.raws(params)
        assert raws is not None, "a proposal lies in the space"
        self.pending[number] = raws
        if self._space.is_finite:
            self._tried.add(self.points.key(raws))

    def _seen(self, params: Params) -> bool:
        if not self._space.is_finite:
            return False
        raws = self.points.raws(params)
        return raws is not None and self.points.key(raws) in self._tried

    def _untried(self, rng: Random) -> Params | None:
        """Return a point not yet tried, None when none was found."""
        for _ in range(RANDOM_TRIES):
            params = self._space.sample(rng)
            if not self._seen(params):
                return params
        if self._bound > LISTED:
            return None
        if self._left is None:
            self._left = list(islice(self._space.grid(), LISTED))
        self._left = [params for params in self._left if not self._seen(params)]
        return dict(rng.choice(self._left)) if self._left else None
