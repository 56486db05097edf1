"""Optuna's NSGA-II, with generations that follow from the results alone."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, ClassVar

from optuna import Study
from optuna.distributions import BaseDistribution
from optuna.samplers import NSGAIISampler
from optuna.trial import FrozenTrial, TrialState

from sweeper.errors import UsageError
from sweeper.records import Goal, Outcome, Params
from sweeper.samplers.evidence import Kind, weigh
from sweeper.samplers.groups import Groups, Places
from sweeper.samplers.options import Option, read_options
from sweeper.samplers.optuna.board import asking, distribution, study_over, trial
from sweeper.samplers.pareto import best_subset
from sweeper.samplers.points import Raws
from sweeper.samplers.proposals import Proposals
from sweeper.samplers.seeds import seed32
from sweeper.space import SearchSpace


class Breeding(NSGAIISampler):
    """NSGA-II's crossover and mutation, with the parents given."""

    parents: list[FrozenTrial]

    def get_trial_generation(self, study: Study, trial: FrozenTrial) -> int:
        return 1

    def get_parent_population(self, study: Study, generation: int) -> list[FrozenTrial]:
        return self.parents


class NsgaIISampler:
    """The elitist genetic algorithm NSGA-II (Deb et al., 2002) with Optuna's operators, for one or several goals.

    The first ``population_size`` values form the first generation; whenever so many more were told, the best of
    them and their parents become the next parents. Which generation a trial belongs to follows from the order told,
    so asynchronous workers never wait, and a resume goes on exactly. Failed and pruned trials have no offspring.
    Parameters of one branch of the conditions are inherited together, from parents that have them.
    """

    OPTIONS: ClassVar[dict[str, Option]] = {
        "population_size": Option(int, 50, low=2),
        "mutation_prob": Option(float, None, low=0.0, high=1.0),
        "crossover_prob": Option(float, 0.9, low=0.0, high=1.0),
        "swapping_prob": Option(float, 0.5, low=0.0, high=1.0),
    }

    def __init__(self, space: SearchSpace, goals: Sequence[Goal], seed: int, **options: Any) -> None:
        chosen = read_options("nsga2", self.OPTIONS, options)
        if not goals:
            raise UsageError("sampler nsga2 needs at least one metric to optimise")
        self._size: int = chosen["population_size"]
        self._crossover: float = chosen["crossover_prob"]
        self._swapping: float = chosen["swapping_prob"]
        self._space, self._goals = space, goals
        self._proposals = Proposals(space, seed)
        self._groups = Groups(self._proposals.points)
        self._distributions = {name: distribution(axis) for name, axis in self._groups.axes.items()}
        mutation: float | None = chosen["mutation_prob"]
        self._mutation = 1.0 / max(1, len(self._distributions)) if mutation is None else mutation
        self._parents: list[tuple[Raws, tuple[float, ...]]] = []
        self._children: list[tuple[Raws, tuple[float, ...]]] = []
        self._shown: list[FrozenTrial] = []

    def ask(self, number: int) -> Params:
        """Return a child of two parents; a random point before there are parents."""
        return self._proposals.next(number, self._draw)

    def tell(self, number: int, params: Params, outcome: Outcome) -> None:
        """Add the trial to its generation, if it has values."""
        raws = self._proposals.tell(number, params)
        evidence = weigh(outcome, self._goals)
        if raws is None or evidence is None or evidence.kind is not Kind.VALUE or evidence.losses is None:
            return
        self._children.append((raws, evidence.losses))
        if len(self._children) == self._size:
            rivals = self._parents + self._children
            self._parents = [rivals[index] for index in best_subset([losses for _, losses in rivals], self._size)]
            self._children = []
            self._shown = [
                trial(place, TrialState.COMPLETE, self._groups.places(raws), self._distributions, losses)
                for place, (raws, losses) in enumerate(self._parents)
            ]

    def _draw(self, seed: int) -> Params:
        rng = Random(seed)
        if not self._shown:
            return self._space.sample(rng)
        breeding = Breeding(
            population_size=self._size,
            mutation_prob=self._mutation,
            crossover_prob=self._crossover,
            swapping_prob=self._swapping,
            seed=seed32(seed),
        )
        study = study_over(self._shown, len(self._goals), breeding)

        def sample(names: Sequence[str]) -> Places:
            breeding.parents = [parent for parent in self._shown if names[0] in parent.params]
            places = self._groups.chance(names, rng)
            if len(breeding.parents) >= 2:
                searched: dict[str, BaseDistribution] = {name: self._distributions[name] for name in names}
                places.update(breeding.sample_relative(study, asking(), searched))
            return places

        return self._groups.build(sample)
