"""Trials become columns without losing what they were."""

from __future__ import annotations

import numpy as np

from sweeper.analysis import TrialTable
from sweeper.records import Failure, FailureClass, Goal, RunState
from tests.analysis.conftest import made, trial

SPACE = {
    "kernel": {"values": ["rbf", None, 3]},
    "gamma": {"min": 0.001, "max": 1.0, "distribution": "log_uniform_values", "when": {"kernel": "rbf"}},
    "depth": {"min": 1, "max": 9},
    "fixed": {"value": [1, 2]},
}
TRIALS = [
    trial(0, {"kernel": "rbf", "gamma": 0.1, "depth": 1, "fixed": [1, 2]}, 0.5, metrics={"seconds": 2.0}),
    trial(1, {"kernel": None, "depth": 5, "fixed": [1, 2]}, None, failure=Failure(FailureClass.OOM, "no memory")),
    trial(2, {"kernel": 3, "depth": 9, "fixed": [1, 2]}, None, state=RunState.RUNNING, ended=None),
]


def test_a_stored_sweep_is_read_whole(forest_table: TrialTable) -> None:
    assert len(forest_table) == 60
    assert list(forest_table.number) == list(range(60))
    assert int(forest_table.complete.sum()) == forest_table.sweep.counts["complete"]
    assert forest_table.sweep.best is not None
    best = forest_table.sweep.best.number
    assert forest_table.assigned[best] == forest_table.sweep.best.params
    assert forest_table.values[best, 0] == forest_table.sweep.best.value


def test_inactive_numbers_are_nan_and_an_inactive_choice_differs_from_null() -> None:
    table = made(SPACE, TRIALS)

    assert table.params["gamma"][0] == 0.1
    assert np.isnan(table.params["gamma"][1:]).all()
    assert list(table.active["gamma"]) == [True, False, False]
    assert table.params["kernel"][1] is None
    assert table.active["kernel"][1]


def test_values_and_times_that_are_not_there_are_nan() -> None:
    table = made(SPACE, TRIALS)

    assert table.values[0, 0] == 0.5
    assert np.isnan(table.values[1:]).all()
    assert list(table.complete) == [True, False, False]
    assert table.seconds[0] == 5.0
    assert np.isnan(table.seconds[2])


def test_losses_are_to_be_minimised() -> None:
    table = made(SPACE, TRIALS, goals=[Goal("accuracy", "maximize")])

    assert table.losses()[0] == -0.5


def test_positions_follow_the_natural_scale() -> None:
    table = made(SPACE, TRIALS)

    assert table.positions("gamma")[0] == np.log(0.1 / 0.001) / np.log(1000)
    assert np.isnan(table.positions("gamma")[1:]).all()
    assert list(table.positions("kernel")) == [1 / 6, 3 / 6, 5 / 6]
    assert list(table.searched) == ["kernel", "gamma", "depth"]


def test_a_value_outside_the_space_has_no_position() -> None:
    table = made(SPACE, [trial(0, {"depth": 77, "kernel": "nobody"}, 1.0)])

    assert np.isnan(table.positions("depth")[0])
    assert np.isnan(table.positions("kernel")[0])


def test_parameters_that_the_space_lacks_come_from_the_trials() -> None:
    trials = [trial(i, {"a": i, "b": i / 2, "c": f"c{i % 2}", "d": 1}, 1.0) for i in range(4)]
    table = made({}, trials)

    assert {name: p.describe() for name, p in table.parameters.items()} == {
        "a": "0 .. 3, integers",
        "b": "0 .. 1.5",
        "c": "c0 | c1",
        "d": "always 1",
    }


def test_the_frame_has_one_row_per_trial_and_one_type_per_column() -> None:
    frame = made(SPACE, TRIALS).frame()

    assert list(frame.columns) == [
        "number", "run_id", "state", "value", "params.kernel", "params.gamma", "params.depth", "params.fixed",
        "metrics.loss", "metrics.seconds", "attempts", "failure", "message", "seconds", "started", "ended",
    ]  # fmt: skip
    assert list(frame["params.depth"]) == [1, 5, 9]
    assert frame["params.depth"].dtype.kind == "i"
    assert frame["value"].dtype.kind == "f"
    assert frame["metrics.loss"][0] == 0.5
    assert list(frame["state"]) == ["complete", "failed", "running"]
    assert frame["failure"][1] == "oom"
    assert frame["message"][1] == "no memory"


def test_several_goals_have_a_column_each_and_no_value() -> None:
    frame = made(SPACE, [trial(0, {"depth": 2}, (1.0, 2.0))], goals=[Goal("a"), Goal("b", "maximize")]).frame()

    assert "value" not in frame
    assert list(frame["metrics.a"]) == [1.0]
    assert list(frame["metrics.b"]) == [2.0]


def test_a_sweep_without_trials_has_empty_columns() -> None:
    table = made(SPACE, [])

    assert len(table) == 0
    assert table.values.shape == (0, 1)
    assert len(table.frame()) == 0
