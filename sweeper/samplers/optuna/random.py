"""Optuna's random sampler: the baseline beside which its other samplers are compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import optuna

from sweeper.records import Goal, Outcome, Params
from sweeper.samplers.groups import Groups, Places
from sweeper.samplers.options import Option, read_options
from sweeper.samplers.optuna.board import asking, distribution, study_over
from sweeper.samplers.proposals import Proposals
from sweeper.samplers.seeds import seed32
from sweeper.space import SearchSpace


class OptunaRandomSampler:
    """Draws each parameter by Optuna's ``RandomSampler``. Learns nothing, takes any number of goals."""

    OPTIONS: ClassVar[dict[str, Option]] = {}

    def __init__(self, space: SearchSpace, goals: Sequence[Goal], seed: int, **options: Any) -> None:
        read_options("optuna-random", self.OPTIONS, options)
        self._proposals = Proposals(space, seed)
        self._groups = Groups(self._proposals.points)
        self._distributions = {name: distribution(axis) for name, axis in self._groups.axes.items()}

    def ask(self, number: int) -> Params:
        """Return a draw that depends on the seed and ``number`` alone, in a finite space also on what was tried."""
        return self._proposals.next(number, self._draw)

    def tell(self, number: int, params: Params, outcome: Outcome) -> None:
        """Note the point as tried, however it ended."""
        self._proposals.tell(number, params)

    def _draw(self, seed: int) -> Params:
        sampler = optuna.samplers.RandomSampler(seed=seed32(seed))
        study = study_over([], 1, sampler)

        def sample(names: Sequence[str]) -> Places:
            return {
                name: sampler.sample_independent(study, asking(), name, self._distributions[name]) for name in names
            }

        return self._groups.build(sample)
