"""What an Optuna sampler gets to see: a study over a list of trials that we keep ourselves."""

from __future__ import annotations

import copy
from collections.abc import Container, Sequence
from typing import Any

from optuna import Study
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import BaseSampler
from optuna.storages import InMemoryStorage
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

from sweeper.samplers.axes import Axis
from sweeper.samplers.groups import Places

PENDING = 1 << 40  #: added to the number of a pending trial, so that it comes after all that were told


class Board(InMemoryStorage):
    """A storage of one study, whose trials are given and whose goals are all minimised. Nothing is written to it."""

    def __init__(self, trials: Sequence[FrozenTrial], goals: int) -> None:
        super().__init__()
        self._shown = list(trials)
        self._goals = goals

    def get_study_id_from_name(self, study_name: str) -> int:
        return 0

    def get_study_directions(self, study_id: int) -> list[StudyDirection]:
        return [StudyDirection.MINIMIZE] * self._goals

    def get_all_trials(
        self, study_id: int, deepcopy: bool = True, states: Container[TrialState] | None = None
    ) -> list[FrozenTrial]:
        trials = [trial for trial in self._shown if states is None or trial.state in states]
        return copy.deepcopy(trials) if deepcopy else trials

    def set_trial_system_attr(self, trial_id: int, key: str, value: Any) -> None:
        """Notes for other workers: there are none."""


def study_over(trials: Sequence[FrozenTrial], goals: int, sampler: BaseSampler) -> Study:
    """Return a study that consists of ``trials``."""
    return Study("sweep", Board(trials, goals), sampler)


def distribution(axis: Axis) -> BaseDistribution:
    """Return the axis in Optuna's terms."""
    if axis.kind == "choice":
        return CategoricalDistribution(range(axis.high + 1))
    if axis.kind == "whole":
        return IntDistribution(axis.low, axis.high, log=axis.log)
    return FloatDistribution(0.0, 1.0)


def trial(
    number: int,
    state: TrialState,
    places: Places | None = None,
    distributions: dict[str, BaseDistribution] | None = None,
    losses: Sequence[float] | None = None,
    seen: dict[int, float] | None = None,
) -> FrozenTrial:
    """Return a trial for the board; ``seen`` is what it reported, by step."""
    places = places or {}
    return FrozenTrial(
        number=number,
        trial_id=number,
        state=state,
        value=None,
        values=None if losses is None else list(losses),
        datetime_start=None,
        datetime_complete=None,
        params=places,
        distributions={name: (distributions or {})[name] for name in places},
        user_attrs={},
        system_attrs={},
        intermediate_values=seen or {},
    )


def asking() -> FrozenTrial:
    """Return the trial that is being asked for."""
    return trial(-1, TrialState.RUNNING)
