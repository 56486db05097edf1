"""A sweep in a few facts."""

from __future__ import annotations

import math

import pytest

from sweeper.analysis import TrialTable
from sweeper.analysis.summary import summary
from sweeper.records import RunState
from tests.analysis.conftest import made, trial

SPACE = {"a": {"min": 0, "max": 9}}


def test_counts_and_times_add_up() -> None:
    trials = [trial(i, {"a": 1}, float(10 - i), started=10.0 * i, ended=10.0 * i + 20) for i in range(3)]
    trials.append(trial(3, {"a": 1}, None, started=30.0, ended=35.0, attempts=3))
    trials.append(trial(4, {"a": 1}, None, state=RunState.RUNNING, started=30.0, ended=None))

    found = summary(made(SPACE, trials, trials=10), now=60.0)

    assert {state: n for state, n in found.counts.items() if n} == {"complete": 3, "failed": 1, "running": 1}
    assert (found.total, found.planned, found.best) == (5, 10, 2)
    assert found.seconds == 60.0
    assert found.compute == 3 * 20 + 5 + 30
    assert found.median == 20.0
    assert found.rate == pytest.approx(4.0)
    assert found.retries == 2


def test_work_is_what_controllers_worked() -> None:
    trials = [
        trial(0, {"a": 1}, 1.0, started=0.0, ended=10.0),
        trial(1, {"a": 1}, 1.0, started=90_000.0, ended=90_010.0),
    ]

    found = summary(made(SPACE, trials, seconds=25.0), now=1e6)

    assert (found.seconds, found.worked) == (90_010.0, 25.0)


@pytest.mark.parametrize(("last", "improved"), [(0.5, True), (3.0, False)])
def test_the_last_quarter_improved_or_did_not(last: float, improved: bool) -> None:
    values = [5.0, 4.0, 2.0, 3.0, 3.0, 3.0, 3.0, last]

    found = summary(made(SPACE, [trial(i, {"a": 1}, value) for i, value in enumerate(values)]), now=1e6).last

    assert found is not None
    assert (found.trials, found.before, found.after) == (2, 2.0, min(last, 2.0))
    assert found.improved is improved
    assert found.seconds == 10.0


def test_the_same_value_but_for_rounding_is_no_improvement() -> None:
    values = [0.1 + 0.2] * 7 + [0.3]

    found = summary(made(SPACE, [trial(i, {"a": 1}, value) for i, value in enumerate(values)]), now=1e6).last

    assert found is not None
    assert not found.improved


def test_few_trials_are_no_quarter() -> None:
    assert summary(made(SPACE, [trial(0, {"a": 1}, 1.0)]), now=1e6).last is None


def test_a_sweep_without_trials_has_no_times() -> None:
    found = summary(made(SPACE, []), now=1.0)

    assert (found.seconds, found.compute, found.rate, found.best) == (0.0, 0.0, 0.0, None)
    assert math.isnan(found.median)


def test_a_real_sweep_ran_four_at_once(forest_table: TrialTable) -> None:
    found = summary(forest_table, now=0.0)

    assert 3.5 < found.compute / found.worked <= 4.0
