"""Random search: every trial drawn from the space's own distributions, whatever became of the others."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, ClassVar

from sweeper.records import Goal, Outcome, Params
from sweeper.samplers.options import Option, read_options
from sweeper.samplers.proposals import Proposals
from sweeper.samplers.seeds import trial_seed
from sweeper.space import SearchSpace


class RandomSampler:
    """Draws each trial from the space: its ranges, priors, conditions and constraints.

    Takes any number of goals, has no options and learns nothing. In a space of finitely many points it avoids those
    that were tried, and repeats one only when all were.
    """

    OPTIONS: ClassVar[dict[str, Option]] = {}

    def __init__(self, space: SearchSpace, goals: Sequence[Goal], seed: int, **options: Any) -> None:
        read_options("random", self.OPTIONS, options)
        self._space, self._seed = space, seed
        self._rng = Random()
        self._proposals = Proposals(space, seed) if space.is_finite else None

    def ask(self, number: int) -> Params:
        """Return a draw that depends on the seed and ``number`` alone, in a finite space also on what was tried."""
        if self._proposals is None:
            return self._draw(trial_seed(self._seed, number))
        return self._proposals.next(number, self._draw)

    def tell(self, number: int, params: Params, outcome: Outcome) -> None:
        """Note the point as tried, however it ended."""
        if self._proposals is not None:
            self._proposals.tell(number, params)

    def _draw(self, seed: int) -> Params:
        self._rng.seed(seed)
        return self._space.sample(self._rng)
