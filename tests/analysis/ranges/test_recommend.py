"""What is recommended: only what several sweeps show, and never more than they tried."""

from __future__ import annotations

import math
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sweeper.analysis.ranges import recommend
from sweeper.records import Goal, Params
from sweeper.space import Float
from tests.analysis.ranges.conftest import SPACE, best_of, bowl, one, several, transformed

SEEDS = st.integers(1, 10_000)
FEW = settings(max_examples=20, deadline=None)


def noise_only(params: Params) -> float:
    return random.Random(repr(sorted(params.items()))).random()


def test_what_all_sweeps_agree_on_is_shrunk_and_the_rest_stays() -> None:
    found = recommend(several(bowl, 5))

    lr = found["lr"]
    assert lr.action == "shrink"
    assert 1e-5 < lr.parameter.low < 1e-3 < lr.parameter.high < 1e-1
    assert lr.share < 0.7
    assert (lr.sweeps, lr.trials, lr.coverage) == (5, 300, 1.0)
    assert found["kind"].parameter.values == ("adam", "sgd")
    assert found["kind"].action == "shrink"
    assert "lion was never among the best fifth" in found["kind"].reason
    assert not found["noise"].changed
    assert found["noise"].parameter == found["noise"].declared


@FEW
@given(seed=SEEDS, count=st.integers(1, 2))
def test_fewer_than_three_sweeps_never_shrink_a_range(seed: int, count: int) -> None:
    for advice in recommend(several(bowl, count, seed)).values():
        assert advice.action in ("keep", "extend")
        assert advice.share >= 1 - 1e-9
        assert advice.action == "extend" or "fewer than 3 never shrink" in advice.reason


@FEW
@given(seed=SEEDS, count=st.integers(3, 6))
def test_a_range_stays_inside_what_was_declared_and_holds_the_best_of_each_sweep(seed: int, count: int) -> None:
    tables = several(bowl, count, seed)
    for name, advice in recommend(tables).items():
        if advice.action in ("extend", "move"):
            continue
        for table in tables:
            assert advice.declared.contains(best_of(table)[name])
            assert advice.parameter.contains(best_of(table)[name]) or (advice.coverage or 0) < 1
        if isinstance(advice.parameter, Float):
            assert advice.declared.low <= advice.parameter.low <= advice.parameter.high <= advice.declared.high


@FEW
@given(seed=SEEDS, scale=st.floats(0.1, 10))
def test_only_the_order_of_values_counts(seed: int, scale: float) -> None:
    tables = several(bowl, 4, seed)
    ranges = {name: advice.parameter for name, advice in recommend(tables).items()}

    warped = transformed(tables, lambda value: scale * math.exp(value) + 7)

    assert {name: advice.parameter for name, advice in recommend(warped).items()} == ranges


@FEW
@given(seed=SEEDS, order=st.permutations(range(4)))
def test_the_order_in_which_sweeps_are_named_does_not_count(seed: int, order: list[int]) -> None:
    tables = several(bowl, 4, seed)

    assert recommend([tables[i] for i in order]) == recommend(tables)


def test_a_metric_to_maximize_is_turned() -> None:
    tables = several(bowl, 4, goal=Goal("accuracy", "maximize"))

    assert {name: each.parameter for name, each in recommend(tables).items()} == {
        name: each.parameter for name, each in recommend(several(bowl, 4)).items()
    }


def test_sweeps_that_disagree_keep_the_range() -> None:
    def other(params: Params) -> float:
        return (math.log10(params["lr"]) + (4.7 if params["depth"] else 0)) ** 2

    def turned(params: Params) -> float:
        return (math.log10(params["lr"]) + 1.3) ** 2

    mixed = [one(other if seed % 2 else turned, seed) for seed in range(1, 7)]

    assert not recommend(mixed)["lr"].changed


def test_what_does_not_matter_is_kept_nearly_always() -> None:
    changed = sum(
        advice.action == "shrink"
        for seed in range(0, 400, 20)
        for advice in recommend(several(noise_only, 5, seed + 1)).values()
    )

    assert changed <= 4  # of 80: twenty groups of sweeps, four parameters


def test_the_habit_of_a_sampler_is_no_evidence() -> None:
    def habit(rng: random.Random) -> Params:
        """Ten trials anywhere, then all in one corner, whatever comes of it."""
        lr = 10 ** (rng.uniform(-5, -1) if rng.random() < 0.2 else rng.uniform(-2, -1.8))
        return {"lr": lr, "depth": rng.randint(1, 32), "kind": rng.choice(["adam", "sgd", "lion"]), "noise": 0.1}

    tables = several(noise_only, 5, draw=habit, method="tpe")

    assert not recommend(tables)["lr"].changed


def test_a_choice_is_dropped_only_after_five_tries_in_three_sweeps() -> None:
    def rarely(rng: random.Random) -> Params:
        kind = "lion" if rng.random() < 0.03 else rng.choice(["adam", "sgd"])
        return {"lr": 10 ** rng.uniform(-5, -1), "depth": 4, "kind": kind, "noise": 0.1}

    assert recommend(several(bowl, 5, draw=rarely))["kind"].parameter.values == ("adam", "sgd", "lion")


def test_a_conditional_parameter_is_judged_within_its_branch() -> None:
    space = {
        "model": {"values": ["svm", "forest"]},
        "C": {"min": 0.01, "max": 1000.0, "log": True, "when": {"model": "svm"}},
        "trees": {"min": 10, "max": 500, "when": {"model": "forest"}},
    }

    def value(params: Params) -> float:
        if params["model"] == "svm":
            return (math.log10(params["C"]) - 1) ** 2 + 1
        return 10.0  # the other branch is always worse, and within it all is equal

    found = recommend(several(value, 4, space=space, trials=100))

    assert found["C"].action == "shrink"
    assert found["C"].parameter.conditions == {"model": ("svm",)}
    assert not found["trees"].changed
    assert found["model"].parameter.values == ("svm",)


def at_the_edge(params: Params) -> float:
    return params["depth"] + 0.5 * params["noise"]


def test_a_bound_that_the_best_press_against_is_moved_out() -> None:
    space = SPACE | {"depth": {"min": 8, "max": 32}, "noise": {"min": 0.0, "max": 0.5}}
    found = recommend(several(at_the_edge, 3, space=space))

    depth = found["depth"]
    assert depth.action in ("extend", "move")
    assert 1 <= depth.parameter.low < 8
    assert "at the lower bound 8" in depth.reason


def test_a_bound_of_nature_is_not_moved() -> None:
    found = recommend(several(lambda params: params["depth"] + params["noise"], 3))

    assert found["depth"].parameter.low == 1
    assert found["noise"].parameter.low == 0.0


def test_one_sweep_may_extend_but_never_shrink() -> None:
    space = {"x": {"min": 5.0, "max": 9.0}}
    advice = recommend([one(lambda params: -params["x"], 1, space=space)])["x"]

    assert advice.action == "extend"
    assert advice.parameter.low == 5.0
    assert advice.parameter.high > 9.0


def test_the_latest_sweep_narrowed_too_far() -> None:
    wide = several(bowl, 3)
    narrow: dict[str, Any] = SPACE | {"lr": {"min": 0.02, "max": 0.1, "log": True}}
    late = one(bowl, 50, space=narrow)

    lr = recommend([*wide, late])["lr"]

    assert lr.declared == Float(0.02, 0.1, log=True)
    assert lr.parameter.low < 0.005
    assert "beyond the lower bound" in lr.reason


def test_a_sweep_without_a_declared_space_counts_by_what_it_tried() -> None:
    tables = several(bowl, 4, declared=False)

    lr = recommend(tables)["lr"]

    assert lr.sweeps == 4
    assert lr.declared.low < 1e-4


def test_what_is_fixed_in_the_latest_sweep_stays_fixed() -> None:
    late = one(bowl, 50, space=SPACE | {"lr": {"value": 1e-3}})

    advice = recommend([*several(bowl, 3), late])["lr"]

    assert not advice.changed
    assert "fixed in the latest sweep" in advice.reason


def test_a_choice_among_numbers_and_a_range_of_numbers_go_together() -> None:
    listed = SPACE | {"depth": {"values": [1, 2, 4, 8, 16, 32]}}
    tables = [one(bowl, 1, space=listed), one(bowl, 2, space=listed), *several(bowl, 2, 3)]

    advice = recommend(tables)["depth"]

    assert advice.sweeps == 4
    assert advice.declared.describe() == "1 .. 32, integers"


def test_all_values_equal_say_nothing() -> None:
    for advice in recommend(several(lambda params: 1.0, 4)).values():
        assert not advice.changed
        assert advice.sweeps == 0


def test_the_focus_is_where_half_of_the_good_trials_lie() -> None:
    focus = recommend(several(bowl, 5))["lr"].focus

    assert focus is not None
    assert 1e-4 < focus.low < focus.centre < focus.high < 1e-2  # type: ignore[operator]  # a number has all three
