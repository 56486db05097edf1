"""Optuna's Gaussian process sampler over a bounded history. Needs torch."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from random import Random
from typing import Any, ClassVar

import optuna
from optuna.distributions import BaseDistribution
from optuna.trial import FrozenTrial, TrialState

from sweeper.errors import MissingPackage
from sweeper.records import Goal, Outcome, Params
from sweeper.samplers.evidence import losses_of, weigh
from sweeper.samplers.groups import Groups, Places
from sweeper.samplers.options import Option, read_options
from sweeper.samplers.optuna.board import PENDING, asking, distribution, study_over, trial
from sweeper.samplers.proposals import Proposals
from sweeper.samplers.seeds import seed32
from sweeper.samplers.window import Window
from sweeper.space import SearchSpace

TRIES = 3  #: a draw takes a second: chance decides sooner than elsewhere


class GpSampler:
    """Bayesian optimisation with a Gaussian process, as in Optuna 5: strongest on smooth numeric spaces, few trials.

    Pending trials are imagined (Optuna's batch acquisition), so parallel workers spread. A failed trial counts as the
    worst value known; a pruned one with its last value, but not as better than the median complete one. Parameters of
    one branch of the conditions have a model of their own, over the trials that have them. The first
    ``n_startup_trials`` are random. The cost of an ask grows with the cube of the history, so the model sees a window
    of it (see :mod:`sweeper.samplers.window`). Several goals are taken as well.
    """

    OPTIONS: ClassVar[dict[str, Option]] = {
        "n_startup_trials": Option(int, 10, low=2),
        "deterministic_objective": Option(bool, False),
        "window": Option(int, 300, low=50),
    }

    def __init__(self, space: SearchSpace, goals: Sequence[Goal], seed: int, **options: Any) -> None:
        chosen = read_options("gp", self.OPTIONS, options)
        if find_spec("torch") is None:
            raise MissingPackage("torch", "sampler gp")
        self._startup: int = chosen["n_startup_trials"]
        self._deterministic: bool = chosen["deterministic_objective"]
        self._space, self._goals = space, goals
        self._proposals = Proposals(space, seed, tries=TRIES)
        self._window = Window(len(goals), seed, chosen["window"])
        self._groups = Groups(self._proposals.points)
        self._distributions = {name: distribution(axis) for name, axis in self._groups.axes.items()}

    def ask(self, number: int) -> Params:
        """Return the point with the highest expected improvement under the model of what was told."""
        return self._proposals.next(number, self._draw)

    def tell(self, number: int, params: Params, outcome: Outcome) -> None:
        """Learn how a trial ended; see :mod:`sweeper.samplers.evidence` for what counts as what."""
        raws = self._proposals.tell(number, params)
        evidence = weigh(outcome, self._goals)
        if raws is not None and evidence is not None:
            self._window.add(raws, evidence)

    def _draw(self, seed: int) -> Params:
        rng = Random(seed)
        if sum(told.evidence.losses is not None for told in self._window.rows) < self._startup:
            return self._space.sample(rng)
        trials = self._trials()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            sampler = optuna.samplers.GPSampler(
                seed=seed32(seed),
                n_startup_trials=0,
                deterministic_objective=self._deterministic,
                warn_independent_sampling=False,
            )

        def sample(names: Sequence[str]) -> Places:
            known = [one for one in trials if names[0] in one.params]
            if sum(one.state is TrialState.COMPLETE for one in known) < self._startup:
                return self._groups.chance(names, rng)
            searched: dict[str, BaseDistribution] = {name: self._distributions[name] for name in names}
            return sampler.sample_relative(study_over(known, len(self._goals), sampler), asking(), searched)

        return self._groups.build(sample)

    def _trials(self) -> list[FrozenTrial]:
        rows = self._window.rows
        losses = losses_of([told.evidence for told in rows])
        told = [
            trial(row.order, TrialState.COMPLETE, self._groups.places(row.raws), self._distributions, loss)
            for row, loss in zip(rows, losses, strict=True)
        ]
        pending = [
            trial(number + PENDING, TrialState.RUNNING, self._groups.places(raws), self._distributions)
            for number, raws in self._proposals.pending.items()
        ]
        return told + pending
