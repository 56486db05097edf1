"""What importance says, and what it refuses to say."""

from __future__ import annotations

import math
from dataclasses import asdict
from itertools import pairwise
from typing import Any

import pytest

from sweeper.analysis import TrialTable
from sweeper.analysis.estimators import ESTIMATORS
from sweeper.analysis.importance import Importance, ParameterImportance, Share, importance
from sweeper.errors import NotFound
from sweeper.records import Goal, Params, RunState
from tests.analysis.conftest import made, sampled, trial

SPACE = {
    "rate": {"min": 1e-5, "max": 1e-1, "distribution": "log_uniform_values"},
    "units": {"min": 8, "max": 64},
    "kind": {"values": ["a", "b", "c"]},
    "noise": {"min": 0.0, "max": 1.0},
    "fixed": {"value": 3},
}
SVM = {
    "kernel": {"values": ["linear", "rbf", "poly"]},
    "C": {"min": 0.01, "max": 100.0, "distribution": "log_uniform_values"},
    "gamma": {"min": 1e-4, "max": 1.0, "distribution": "log_uniform_values", "when": {"kernel": ["rbf", "poly"]}},
    "degree": {"min": 2, "max": 5, "when": {"kernel": "poly"}},
}


def loss(params: Params, number: int) -> float:
    return (math.log10(params["rate"]) + 3) ** 2 + params["units"] / 32 + 0.2 * (params["kind"] == "a")


def by_name(found: Importance) -> dict[str, ParameterImportance]:
    return {parameter.name: parameter for parameter in found.parameters}


def whole(parameter: ParameterImportance) -> Share:
    assert parameter.whole is not None
    return parameter.whole


def numbers(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in numbers(item)]
    if isinstance(value, list | tuple):
        return [leaf for item in value for leaf in numbers(item)]
    return [value] if isinstance(value, float | int) or hasattr(value, "dtype") else []


def test_parameters_come_in_the_order_of_what_they_explain() -> None:
    found = importance(sampled(SPACE, loss, 80))

    assert [parameter.name for parameter in found.parameters][:2] == ["rate", "units"]
    shares = [whole(parameter).value for parameter in found.parameters]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1
    assert whole(found.parameters[0]).value > 0.5
    assert whole(by_name(found)["noise"]).value < 0.1


def test_every_share_lies_in_its_interval() -> None:
    for parameter in importance(sampled(SPACE, loss, 40)).parameters:
        for share in (parameter.whole, parameter.good):
            assert share is not None
            assert 0 <= share.low <= share.value <= share.high <= 1


def test_constants_are_named_apart() -> None:
    found = importance(sampled(SPACE, loss))

    assert found.constant == ("fixed",)
    assert "fixed" not in by_name(found)


def test_the_same_table_gives_the_same_plain_numbers() -> None:
    table = sampled(SPACE, loss)

    one, other = importance(table), importance(table)

    assert one == other
    assert {type(number) for number in numbers(asdict(one))} <= {float, int, bool}


def test_a_few_diverged_trials_change_nothing_but_their_rank() -> None:
    calm = importance(sampled(SPACE, loss))
    wild = importance(sampled(SPACE, lambda params, number: math.exp(40 * loss(params, number))))

    assert wild.parameters == calm.parameters


def test_maximizing_is_minimizing_the_opposite() -> None:
    less = importance(sampled(SPACE, loss))
    more = importance(sampled(SPACE, lambda p, n: -loss(p, n), goals=[Goal("score", "maximize")]))

    assert more.parameters == less.parameters


def test_infinite_losses_are_the_worst() -> None:
    found = importance(sampled(SPACE, lambda p, n: math.inf if p["rate"] > 0.01 else loss(p, n)))

    assert found.parameters[0].name == "rate"


def test_a_share_is_uncertain_where_its_interval_reaches_into_the_next() -> None:
    found = importance(sampled(SPACE, loss, 80))
    shares = [whole(parameter) for parameter in found.parameters]

    for share, following in pairwise(shares):
        assert share.uncertain == (share.low < following.high)
    assert not shares[-1].uncertain
    assert {share.uncertain for share in shares} == {True, False}


def test_how_it_was_found_out_is_said() -> None:
    assert importance(sampled(SPACE, loss, 40)).sentence == (
        "fANOVA on ranked values, n = 40 trials; 90% intervals over 100 bootstrap resamples of 40."
    )


def test_pruned_trials_count_behind_complete_ones() -> None:
    params = [{"rate": 10 ** -(1 + i % 5), "units": 8 + i, "kind": "a", "noise": 0.5, "fixed": 3} for i in range(30)]
    state = [RunState.PRUNED if i % 5 == 0 else RunState.COMPLETE for i in range(30)]
    table = made(SPACE, [trial(i, params[i], 0.001 * (i % 7), state=state[i]) for i in range(30)])

    found = importance(table)

    assert (found.n, found.pruned) == (30, 6)
    assert found.parameters[0].name == "rate"
    assert "6 of them pruned and ranked behind the others" in found.sentence


@pytest.mark.parametrize("method", ESTIMATORS)
def test_a_conditional_parameter_is_judged_within_its_branch(method: str) -> None:
    def svm(params: Params, number: int) -> float:
        by_kernel = {"linear": 0.4, "rbf": 0.0, "poly": 0.1}[params["kernel"]]
        return 0.1 * abs(math.log10(params.get("gamma", 1.0)) + 2) + by_kernel

    found = by_name(importance(sampled(SVM, svm, 120), method=method))

    gamma, degree = found["gamma"], found["degree"]
    assert gamma.good is not None
    assert degree.good is not None
    assert gamma.good.value > 2 * degree.good.value
    assert 0.5 < gamma.active < 0.8
    assert gamma.note.endswith("of 120 trials: judged among them, and counted with that share")


def test_a_branch_that_is_always_bad_does_not_matter_for_the_best() -> None:
    def bad_poly(params: Params, number: int) -> float:
        if params["kernel"] == "poly":
            return 100.0 + params["degree"]
        return abs(math.log10(params["C"])) + 0.1 * abs(math.log10(params.get("gamma", 1.0)))

    degree = by_name(importance(sampled(SVM, bad_poly, 150)))["degree"]

    assert degree.good is not None
    assert degree.good.value < 0.02
    assert whole(degree).value < 0.1


def test_a_branch_with_few_trials_is_listed_without_a_number() -> None:
    rare = SVM | {"kernel": {"values": ["linear", "rbf", "poly"], "probabilities": [0.6, 0.35, 0.05]}}

    degree = by_name(importance(sampled(rare, lambda p, n: p["C"], 60)))["degree"]

    assert degree.whole is None
    assert degree.good is None
    assert degree.note.endswith("of 60 trials, too few to judge")


def test_a_parameter_never_active_is_listed() -> None:
    trials = [trial(i, {"kernel": "linear", "C": 0.01 + i}, float(i)) for i in range(20)]

    found = by_name(importance(made(SVM, trials)))

    assert found["degree"].note == "never active in a trial with a value"


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (
            sampled(SPACE, loss, 7),
            "Importance needs at least 10 trials with a value for 4 parameters; there are 7.",
        ),
        (
            sampled(SPACE, lambda p, n: 1.0, 30),
            "All trials have the same value, so no parameter can be said to matter.",
        ),
        (
            sampled({"a": {"value": 1}}, lambda p, n: float(n), 30),
            "Every parameter is constant, so there is nothing to compare.",
        ),
        (
            sampled({"a": {"min": 0.0, "max": 1.0}}, lambda p, n: p["a"], 30),
            "Only one parameter, a, was searched, so there is nothing to compare it with.",
        ),
        (
            sampled({f"p{i}": {"min": 0.0, "max": 1.0} for i in range(12)}, lambda p, n: p["p0"], 20),
            "Importance needs at least 24 trials with a value for 12 parameters; there are 20.",
        ),
    ],
)
def test_a_sentence_stands_where_nothing_can_be_said(table: TrialTable, reason: str) -> None:
    found = importance(table)

    assert found.sentence == reason
    assert found.parameters == ()


def test_when_most_trials_share_the_best_value_there_is_no_good_region() -> None:
    found = importance(sampled(SPACE, lambda p, n: float(p["rate"] > 0.01), 60))

    assert all(parameter.good is None for parameter in found.parameters)
    assert "share the best value" in found.notes[0]
    assert found.parameters[0].name == "rate"


def test_each_goal_has_its_own_importance() -> None:
    table = sampled(SPACE, loss, 60)
    trials = [trial(i, params, (float(table.values[i, 0]), params["noise"])) for i, params in enumerate(table.assigned)]
    both = made(SPACE, trials, goals=[Goal("loss"), Goal("cost")])

    assert importance(both, goal=0).parameters[0].name == "rate"
    assert importance(both, goal=1).parameters[0].name == "noise"
    assert importance(both, goal=1).goal == "cost"


def test_an_unknown_method_is_answered_with_the_choices() -> None:
    with pytest.raises(NotFound, match=r"no importance method 'shap'; choose from: fanova, ped-anova, mdi"):
        importance(sampled(SPACE, loss), method="shap")


def test_a_real_sweep_is_judged(forest_table: TrialTable) -> None:
    assert importance(forest_table).parameters[0].name == "learning_rate"
