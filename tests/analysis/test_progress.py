"""Best value so far, by trials, time and cost."""

from __future__ import annotations

import numpy as np
import pytest

from sweeper.analysis.progress import progress
from sweeper.records import Goal
from tests.analysis.conftest import made, trial

SPACE = {"a": {"min": 0, "max": 9}}
LOSS = Goal("loss")


def test_the_best_so_far_by_each() -> None:
    trials = [
        trial(0, {"a": 1}, 5.0, started=100.0, ended=110.0),
        trial(1, {"a": 2}, 3.0, started=100.0, ended=104.0),
        trial(2, {"a": 3}, None, started=104.0, ended=108.0),
        trial(3, {"a": 4}, 2.0, started=500.0, ended=505.0),
    ]

    found = progress(made(SPACE, trials), LOSS)

    assert found.trials.tolist() == [1, 2, 3, 4]
    assert found.best.tolist() == [3.0, 3.0, 3.0, 2.0]
    assert found.time.tolist() == [4.0, 8.0, 10.0, 15.0]
    assert found.cost.tolist() == [4.0, 8.0, 18.0, 23.0]
    assert found.unit == "seconds of compute"


def test_cost_in_units_of_the_budget() -> None:
    trials = [trial(i, {"a": 1}, 5.0 - i, metrics={"dollars": 0.5}) for i in range(3)]
    config = {"budget": {"cost": {"limit": 9, "metric": "dollars"}}}

    found = progress(made(SPACE, trials, config=config), LOSS)

    assert (found.cost.tolist(), found.unit) == ([0.5, 1.0, 1.5], "dollars")


def test_what_it_took_to_get_there() -> None:
    found = progress(made(SPACE, [trial(i, {"a": 1}, 5.0 - i) for i in range(4)]), LOSS)

    assert found.reached(3.5, "trials") == 3
    assert found.reached(2.0, "cost") == 20.0
    assert found.reached(1.0, "trials") is None


def test_maximizing_and_a_metric_that_is_no_goal() -> None:
    trials = [trial(i, {"a": 1}, 1.0, metrics={"accuracy": value}) for i, value in enumerate((0.5, 0.4, 0.7))]

    found = progress(made(SPACE, trials), Goal("accuracy", "maximize"))

    assert found.best.tolist() == [0.5, 0.5, 0.7]


def test_nothing_is_best_before_the_first_value() -> None:
    found = progress(made(SPACE, [trial(0, {"a": 1}, None), trial(1, {"a": 1}, 2.0)]), LOSS)

    assert np.isnan(found.best[0])
    assert found.best[1] == pytest.approx(2.0)
    assert len(progress(made(SPACE, []), LOSS).best) == 0
