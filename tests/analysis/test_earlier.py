"""Earlier sweeps make importance surer, and are where tuning starts from."""

from __future__ import annotations

import math

from sweeper.analysis.importance import importance
from sweeper.records import Goal, Params
from tests.analysis.conftest import made, sampled, trial

SPACE = {
    "rate": {"min": 1e-5, "max": 1e-1, "distribution": "log_uniform_values"},
    "units": {"min": 8, "max": 64},
    "noise": {"min": 0.0, "max": 1.0},
}


def clear(params: Params, number: int) -> float:
    return (math.log10(params["rate"]) + 3) ** 2 + params["units"] / 64


def muddled(params: Params, number: int) -> float:
    return clear(params, number) * 0.1 + math.sin(number * 12.9898) * 2


def test_the_order_is_by_the_mean_of_here_and_before() -> None:
    before = sampled(SPACE, clear, 80)

    found = importance(sampled(SPACE, muddled, 20), past=[before])

    assert found.past == 1
    assert found.parameters[0].name == "rate"
    pooled = [parameter.pooled or 0.0 for parameter in found.parameters]
    assert pooled == sorted(pooled, reverse=True)
    rate = found.parameters[0]
    assert rate.whole is not None
    assert rate.past is not None
    assert rate.pooled == (rate.whole.value + rate.past) / 2
    assert found.sentence.endswith("The order is by the mean of that and of the shares in the sweep before.")


def test_a_past_sweep_with_another_goal_says_nothing() -> None:
    other = sampled(SPACE, clear, 80, goals=[Goal("speed", "maximize")])

    found = importance(sampled(SPACE, clear, 40), past=[other])

    assert found == importance(sampled(SPACE, clear, 40))


def test_a_parameter_that_was_not_searched_before_keeps_its_share() -> None:
    before = sampled({name: SPACE[name] for name in ("units", "noise")}, lambda p, n: p["units"], 40)

    found = {p.name: p for p in importance(sampled(SPACE, clear, 60), past=[before]).parameters}

    assert found["rate"].past is None
    assert found["rate"].whole is not None
    assert found["rate"].pooled == found["rate"].whole.value


def test_the_gain_is_what_tuning_one_alone_brings_from_the_past_best() -> None:
    before = made(SPACE, [trial(i, {"rate": 1e-5, "units": 8, "noise": 0.5}, 1.0) for i in range(3)])

    found = {p.name: p for p in importance(sampled(SPACE, clear, 150), past=[before]).parameters}

    rate, units = found["rate"].gain, found["units"].gain
    assert rate is not None
    assert units is not None
    assert rate.value > 1
    assert rate.low > 0
    assert 3e-4 < rate.at < 4e-3
    assert abs(units.value) < 0.2
