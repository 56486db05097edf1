"""From a config to what a controller needs."""

from __future__ import annotations

import os
from typing import Any

import pytest

from sweeper.config import SweepConfig, parse_config
from sweeper.controller.plan import choose_method, make_plan, trial_seed, workers
from sweeper.errors import NotFound, UsageError
from sweeper.records import SweepState

CATEGORIES = {"kind": {"values": ["a", "b", "c"]}, "n": {"min": 1, "max": 4}}
NUMBERS = {"x": {"min": 0.0, "max": 1.0}}


def config(parameters: dict[str, Any] = NUMBERS, **more: Any) -> SweepConfig:
    return parse_config({"name": "s", "metric": {"name": "loss"}, "parameters": parameters, **more}, name="s")


class TestMethod:
    def test_a_given_one_stays(self) -> None:
        assert choose_method(config(method="random")) == ("random", "")

    def test_auto_walks_a_space_that_fits_the_budget(self) -> None:
        method, reason = choose_method(config(CATEGORIES, budget={"trials": 12}))

        assert method == "grid"
        assert reason == "all 12 points of the space fit the budget of 12 trials"

    @pytest.mark.parametrize(
        ("parameters", "budget"), [(CATEGORIES, {"trials": 11}), (CATEGORIES, {"trials": None}), (NUMBERS, {})]
    )
    def test_auto_searches_any_other_space(self, parameters: dict[str, Any], budget: dict[str, Any]) -> None:
        method, reason = choose_method(config(parameters, budget=budget))

        assert method == "tpe"
        assert reason

    @pytest.mark.parametrize(
        ("more", "method", "why"),
        [
            ({"budget": {"trials": 499}}, "tpe", "fewest trials below 500"),
            ({"budget": {"trials": 500}}, "cmaes", "all parameters are numbers, and 500 trials are enough"),
            ({"budget": {"trials": 9999}, "parameters": {**NUMBERS, **CATEGORIES}}, "tpe", "categories, conditions"),
            ({"budget": {"trials": 9999}, "constraints": ["x < 0.5"]}, "tpe", "constraints"),
            ({"budget": {"trials": 9999}, "warm_start": "last"}, "tpe", "it can learn from past sweeps"),
            (
                {"budget": {"trials": 9999}, "metric": None, "metrics": [{"name": "a"}, {"name": "b"}]},
                "tpe",
                "there are 2 goals",
            ),
        ],
    )
    def test_auto_goes_by_space_budget_goals_and_past(self, more: dict[str, Any], method: str, why: str) -> None:
        chosen, reason = choose_method(config(**more))

        assert chosen == method
        assert why in reason

    def test_an_unknown_one_is_not_found(self) -> None:
        with pytest.raises(NotFound, match="did you mean 'tpe'"):
            make_plan(config(method="tpee"))

    def test_a_grid_over_numbers_names_the_parameter(self) -> None:
        with pytest.raises(UsageError, match=r"method grid: .*x"):
            make_plan(config(method="grid", budget={"trials": None}))


class TestPlan:
    def test_a_grid_without_a_budget_is_walked_whole(self) -> None:
        plan = make_plan(config(CATEGORIES, method="grid", budget={"trials": None}))

        assert plan.sweep.trials == plan.config.budget.trials == 12

    def test_the_record_is_what_will_be_stored(self) -> None:
        plan = make_plan(config(seed=7, tags={"a": "b"}), experiment_id="3", artifacts="/files/")

        sweep = plan.sweep
        assert (sweep.name, sweep.state, sweep.seed, sweep.experiment_id) == ("s", SweepState.RUNNING, 7, "3")
        assert sweep.artifact_uri == f"/files/{sweep.id}"
        assert sweep.goals == plan.config.goals
        again = parse_config(sweep.config, name="s")
        assert again.space.fingerprint() == plan.config.space.fingerprint()
        assert again.budget == plan.config.budget

    def test_a_seed_is_always_set(self) -> None:
        seeds = {make_plan(config()).sweep.seed for _ in range(5)}

        assert len(seeds) > 1
        assert all(0 <= seed < 2**31 for seed in seeds)

    def test_nested_parameters_become_a_dict_for_the_objective(self) -> None:
        nested = make_plan(config({"optimizer": {"parameters": {"lr": {"min": 0.0, "max": 1.0}}}}))
        flat = make_plan(config())

        assert nested.kwargs({"optimizer.lr": 0.5}) == {"optimizer": {"lr": 0.5}}
        assert flat.kwargs({"x": 0.5}) is None

    def test_options_that_a_sampler_does_not_take_are_refused(self) -> None:
        with pytest.raises(UsageError, match="n_startup"):
            make_plan(config(method="random", sampler={"n_startup": 3})).sampler()


class TestWorkers:
    def test_as_asked_but_no_more_than_trials(self) -> None:
        assert workers(config(executor={"workers": 3})) == 3
        assert workers(config(executor={"workers": 64}, budget={"trials": 5})) == 5
        assert workers(config(executor={"workers": 64}, budget={"trials": None})) == 64

    def test_inline_is_one(self) -> None:
        assert workers(config(executor={"kind": "inline", "workers": 8})) == 1

    def test_otherwise_one_for_each_usable_core(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1, 5})

        assert workers(config()) == 3


class TestTrialSeed:
    def test_it_is_the_same_on_every_machine(self) -> None:
        assert [trial_seed(7, number) for number in range(3)] == [4127154647, 3617640167, 2374935413]

    def test_trials_and_sweeps_differ(self) -> None:
        seeds = {trial_seed(seed, number) for seed in range(20) for number in range(200)}

        assert len(seeds) == 4000
        assert all(0 <= seed < 2**32 for seed in seeds)
