"""Optuna's own Tree-structured Parzen Estimator over a bounded history."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, ClassVar

import optuna
from optuna.distributions import BaseDistribution
from optuna.trial import FrozenTrial, TrialState

from sweeper.records import Goal, Outcome, Params
from sweeper.samplers.evidence import Kind, weigh
from sweeper.samplers.groups import Groups, Places
from sweeper.samplers.options import Option, read_options
from sweeper.samplers.optuna.board import PENDING, asking, distribution, study_over, trial
from sweeper.samplers.points import Raws
from sweeper.samplers.proposals import Proposals
from sweeper.samplers.seeds import seed32
from sweeper.samplers.window import Told, Window
from sweeper.space import SearchSpace


class OptunaTpeSampler:
    """Optuna's own ``TPESampler``: what ``tpe`` is measured against, and slower.

    Proposals with one goal are those of :class:`sweeper.samplers.tpe.TpeSampler`, as long as the history fits both
    windows; with several goals it is Optuna's multi-objective TPE, which breaks ties by hypervolume. Failed and
    pending trials count as bad points, pruned ones rank by how far they came.
    """

    OPTIONS: ClassVar[dict[str, Option]] = {
        "n_startup_trials": Option(int, 10, low=1),
        "n_ei_candidates": Option(int, 24, low=1),
        "multivariate": Option(bool, None),
        "group": Option(bool, True),
        "constant_liar": Option(bool, True),
        "window": Option(int, 1000, low=50),
    }

    def __init__(self, space: SearchSpace, goals: Sequence[Goal], seed: int, **options: Any) -> None:
        chosen = read_options("optuna-tpe", self.OPTIONS, options)
        self._startup: int = chosen["n_startup_trials"]
        self._candidates: int = chosen["n_ei_candidates"]
        self._liar: bool = chosen["constant_liar"]
        multivariate = chosen["multivariate"]
        self._space, self._goals = space, goals
        self._proposals = Proposals(space, seed)
        self._window = Window(len(goals), seed, chosen["window"])
        single = len(goals) > 1 if multivariate is None else not multivariate
        self._groups = Groups(self._proposals.points, split=not chosen["group"], single=single)
        self._distributions = {name: distribution(axis) for name, axis in self._groups.axes.items()}
        self._shown: dict[int, FrozenTrial] = {}

    def ask(self, number: int) -> Params:
        """Return the best of ``n_ei_candidates`` candidates under the model of what was told."""
        return self._proposals.next(number, self._draw)

    def tell(self, number: int, params: Params, outcome: Outcome) -> None:
        """Learn how a trial ended; see :mod:`sweeper.samplers.evidence` for what counts as what."""
        raws = self._proposals.tell(number, params)
        evidence = weigh(outcome, self._goals)
        if raws is not None and evidence is not None:
            self._window.add(raws, evidence)

    def _draw(self, seed: int) -> Params:
        if self._window.told < self._startup:
            return self._space.sample(Random(seed))
        sampler = optuna.samplers.TPESampler(
            n_startup_trials=0, n_ei_candidates=self._candidates, multivariate=True, seed=seed32(seed)
        )
        study = study_over(self._trials(), len(self._goals), sampler)

        def sample(names: Sequence[str]) -> Places:
            searched: dict[str, BaseDistribution] = {name: self._distributions[name] for name in names}
            return sampler.sample_relative(study, asking(), searched)

        return self._groups.build(sample)

    def _trials(self) -> list[FrozenTrial]:
        """Return what the model may see. Bad points stand there as running: Optuna keeps away from those."""
        rows = self._window.rows
        if self._window.valued < self._startup:
            rows = [told for told in rows if told.evidence.kind is Kind.BAD]
        self._shown = {told.order: self._shown.get(told.order) or self._show(told) for told in rows}
        pending = self._proposals.pending if self._liar else {}
        return [*self._shown.values(), *(self._running(number + PENDING, raws) for number, raws in pending.items())]

    def _show(self, told: Told) -> FrozenTrial:
        kind, losses, step = told.evidence.kind, told.evidence.losses, told.evidence.step
        if kind is Kind.BAD:
            return self._running(told.order, told.raws)
        places = self._groups.places(told.raws)
        if kind is Kind.VALUE:
            return trial(told.order, TrialState.COMPLETE, places, self._distributions, losses)
        seen = {step: losses[0]} if losses else None
        return trial(told.order, TrialState.PRUNED, places, self._distributions, seen=seen)

    def _running(self, number: int, raws: Raws) -> FrozenTrial:
        return trial(number, TrialState.RUNNING, self._groups.places(raws), self._distributions)
