"""The Tree-structured Parzen Estimator over columns and a bounded history."""

from __future__ import annotations

import random
from collections.abc import Sequence
from unittest import mock

import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState, create_trial

from sweeper.records import FailureClass, Goal, Params
from sweeper.samplers.optuna import OptunaTpeSampler
from sweeper.samplers.seeds import seed32, trial_seed
from sweeper.samplers.tpe import TpeSampler
from sweeper.space import Categorical, Float, Int, SearchSpace
from sweeper.testing.samplers import CONTINUOUS, FINITE, LOSS, SamplerConformance, complete, failed, loss, pruned

SPACE = SearchSpace({
    "drop": Float(0, 1), "kind": Categorical(["a", "b", "c"]), "lr": Float(1e-4, 1.0, log=True), "n": Int(1, 9),
})
THEIRS = {
    "drop": FloatDistribution(0, 1), "kind": CategoricalDistribution(["a", "b", "c"]),
    "lr": FloatDistribution(1e-4, 1.0, log=True), "n": IntDistribution(1, 9),
}
BRANCHES = SearchSpace({
    "kind": Categorical(["a", "b"]), "x": Float(0, 1, when={"kind": "a"}), "y": Float(0, 1, when={"kind": "b"}),
})


class TestTpeSampler(SamplerConformance):
    trials = 200

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> TpeSampler:
        return TpeSampler(space, goals, seed)


class TestTpeOfOneParameterAtATime(SamplerConformance):
    trials = 120
    spaces = ("mixed", "conditions")

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> TpeSampler:
        return TpeSampler(space, goals, seed, multivariate=False)


def told(sampler: TpeSampler, space: SearchSpace, count: int, seed: int = 3) -> list[tuple[Params, float]]:
    rng = random.Random(seed)
    history = []
    for number in range(count):
        params = space.sample(rng)
        history.append((params, loss(params)))
        sampler.tell(number, params, complete(history[-1][1]))
    return history


@pytest.mark.parametrize("count", [10, 60, 300])
def test_it_proposes_what_optuna_proposes(count: int) -> None:
    # given the same history, pending trial and seed
    ours = TpeSampler(SPACE, LOSS, 7)
    history = told(ours, SPACE, count)
    pending = SPACE.sample(random.Random(99))
    with mock.patch.object(ours, "_draw", return_value=pending):
        ours.ask(count)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed32(trial_seed(7, count + 1))))
    for params, value in history:
        study.add_trial(create_trial(params=params, distributions=THEIRS, value=value))
    study.add_trial(create_trial(params=pending, distributions=THEIRS, state=TrialState.RUNNING))
    # when both are asked
    theirs = study.ask(THEIRS).params
    # then they agree
    params = ours.ask(count + 1)
    assert params.pop("kind") == theirs.pop("kind")
    assert params == pytest.approx(theirs, rel=1e-6)


def failures(kind: FailureClass) -> int:
    """Count the failures of trials 20 to 79, where half of the space fails."""
    sampler = TpeSampler(SearchSpace({"x": Float(0, 1), "y": Float(0, 1)}), LOSS, 7)
    broken = []
    for number in range(80):
        params = sampler.ask(number)
        broken.append(params["x"] > 0.5)
        sampler.tell(number, params, failed(kind) if broken[-1] else complete(abs(params["x"] - 0.4) + params["y"]))
    return sum(broken[20:])


def test_failed_trials_are_kept_away_from() -> None:
    assert failures(FailureClass.EXCEPTION) < 30
    # what the machine did is not the parameters' fault, and a model that is not told runs into it again and again
    assert failures(FailureClass.LOST) > 45


def test_the_start_keeps_away_from_what_fails_even_without_a_single_value() -> None:
    space = SearchSpace({"x": Float(0, 1)})
    sampler = TpeSampler(space, LOSS, 7)
    for number in range(10):
        sampler.tell(number, {"x": 0.3 + number / 100}, failed())
    assert all(abs(sampler.ask(number)["x"] - 0.35) > 0.1 for number in range(10, 18))


def test_pruned_trials_rank_below_complete_ones_and_by_how_far_they_came() -> None:
    space = SearchSpace({"x": Float(0, 1)})
    sampler = TpeSampler(space, LOSS, 7)
    for number in range(50):
        x = number / 50
        sampler.tell(number, {"x": x}, pruned(0.0, step=30) if x > 0.8 else pruned(0.0, step=1))
    assert sum(sampler.ask(number)["x"] > 0.7 for number in range(50, 60)) >= 8


def test_a_branch_is_modelled_by_the_trials_that_took_it() -> None:
    sampler = TpeSampler(BRANCHES, LOSS, 7)
    for number in range(80):
        params = BRANCHES.sample(random.Random(number))
        sampler.tell(number, params, complete(abs(params.get("x", 0.9) - 0.2)))
    proposals = [sampler.ask(number) for number in range(80, 90)]
    assert sum(params["kind"] == "a" and abs(params["x"] - 0.2) < 0.1 for params in proposals) >= 7


def test_the_model_sees_no_more_of_a_long_history_than_the_window() -> None:
    sampler = TpeSampler(SPACE, LOSS, 7, window=100)
    history = told(sampler, SPACE, 1000)
    sampler._update()
    good, others = sampler._split()
    assert len(good) == 25
    assert 75 <= len(others) <= 100
    best = sorted(value for _, value in history)[:25]
    assert [one.evidence.losses for one in sampler._window.best(25)] == [(value,) for value in best]


@pytest.mark.parametrize("name", [*CONTINUOUS, *FINITE])
def test_in_every_space_it_proposes_what_optuna_proposes(name: str) -> None:
    space = FINITE.get(name) or CONTINUOUS[name]
    ours, theirs = TpeSampler(space, LOSS, 7), OptunaTpeSampler(space, LOSS, 7)
    for number in range(40):
        params = space.sample(random.Random(number))
        outcome = failed() if number % 7 == 3 else pruned(loss(params), number % 5) if number % 7 == 5 else complete(
            loss(params)
        )
        ours.tell(number, params, outcome)
        theirs.tell(number, params, outcome)
    for number in range(40, 44):  # with ever more pending trials
        one, other = (sampler._proposals.points.raws(sampler.ask(number)) for sampler in (ours, theirs))
        assert one == pytest.approx(other, rel=1e-6)
