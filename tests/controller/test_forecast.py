"""How long a sweep still takes."""

from __future__ import annotations

import pytest

from sweeper.controller import forecast
from sweeper.controller.forecast import RECENT, Forecast


class Clock:
    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(forecast, "time", made)
    return made


def test_nothing_is_known_before_the_first_end(clock: Clock) -> None:
    made = Forecast(2)

    assert made.mean is None
    assert made.rate == 0.0
    assert made.eta(10, []) is None


def test_without_a_limit_there_is_no_end(clock: Clock) -> None:
    made = Forecast(1)
    made.ended(1.0)

    assert made.eta(None, []) is None


def test_one_worker(clock: Clock) -> None:
    made = Forecast(1)
    for _ in range(4):
        clock.now += 2.0
        made.ended(2.0)

    assert made.mean == 2.0
    assert made.rate == 0.5
    assert made.eta(3, []) == 6.0
    assert made.eta(3, [1.5]) == 6.5
    assert made.eta(0, []) == 0.0


def test_a_running_trial_that_is_late_counts_as_almost_done(clock: Clock) -> None:
    made = Forecast(1)
    clock.now += 2.0
    made.ended(2.0)

    assert made.eta(0, [100.0]) == 0.0


def test_more_workers_than_work_do_not_help(clock: Clock) -> None:
    made = Forecast(100)
    for _ in range(100):
        made.ended(10.0)
    clock.now += 10.0

    assert made.eta(0, [0.0, 4.0]) == 10.0


def test_only_recent_trials_count(clock: Clock) -> None:
    made = Forecast(1)
    for seconds in [100.0] * 10 + [1.0] * RECENT:
        clock.now += seconds
        made.ended(seconds)

    assert made.mean == 1.0
    assert made.rate == pytest.approx(1.0)


def test_trials_of_no_time_at_all(clock: Clock) -> None:
    made = Forecast(2)
    made.ended(0.0)
    made.ended(-1e-9)

    assert made.mean == 0.0
    assert made.eta(5, [0.0]) == 0.0
