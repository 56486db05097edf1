"""Going on with a changed config."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sweeper.api import resume_sweep, run_sweep
from sweeper.config import SweepConfig, parse_config
from sweeper.controller.revision import changes
from sweeper.errors import UsageError
from sweeper.interfaces import Store


def config(**changed: Any) -> SweepConfig:
    settings: dict[str, Any] = {
        "name": "s",
        "method": "tpe",
        "metric": {"name": "loss"},
        "parameters": {"x": {"min": 0.0, "max": 1.0}},
        "budget": {"trials": 6},
        "executor": {"kind": "inline"},
        "seed": 1,
    }
    return parse_config(settings | changed)


def objective(x: float, y: float = 0.0) -> float:
    return x + y


def test_a_sweep_goes_on_in_another_space_and_keeps_what_it_has(store: Store) -> None:
    first = run_sweep(config(), store=store, function=objective, report=False)
    kept = first.trials
    wider = {"x": {"min": 0.5, "max": 2.0}, "y": {"min": 0.0, "max": 0.1}}

    after = config(parameters=wider, budget={"trials": 10})
    second = resume_sweep(store, first.sweep, config=after, function=objective, report=False)

    trials = second.trials
    assert [trial.number for trial in trials] == list(range(10))
    assert trials[:6] == kept
    assert all("y" in trial.params and trial.params["x"] >= 0.5 for trial in trials[6:])
    assert set(second.sweep.space) == {"x", "y"}
    assert second.sweep.trials == 10
    note = second.sweep.tags["sweeper.revision.1"]
    assert "~ x: " in note
    assert "+ y: " in note
    assert "budget.trials: 6 -> 10" in note


def test_an_unchanged_config_is_no_revision(store: Store) -> None:
    first = run_sweep(config(), store=store, function=objective, report=False)

    second = resume_sweep(store, first.sweep, config=config(), trials=7, function=objective, report=False)

    assert len(second.trials) == 7
    assert "sweeper.revision.1" not in second.sweep.tags


@pytest.mark.parametrize(
    "other",
    [{"metric": {"name": "loss", "goal": "maximize"}}, {"method": "random"}, {"seed": 2}, {"warm_start": "last"}],
)
def test_another_metric_method_seed_or_past_is_another_sweep(store: Store, other: dict[str, Any]) -> None:
    before = config()
    sweep = run_sweep(before, store=store, function=objective, report=False).sweep

    with pytest.raises(UsageError, match="another sweep"):
        changes(sweep, before, config(**other))


def test_a_seed_that_was_drawn_is_no_difference(store: Store) -> None:
    before = config(seed=None)
    sweep = run_sweep(before, store=store, function=objective, report=False).sweep

    assert changes(sweep, replace(before, seed=sweep.seed), config(seed=None)) == []
