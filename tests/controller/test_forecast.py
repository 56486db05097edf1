"""How long a sweep still takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sweeper.controller import forecast
from sweeper.controller.forecast import FEW, RECENT, Estimate, Forecast, estimate

DURATIONS = some.lists(some.floats(0, 1e4), min_size=1, max_size=12)
AGES = some.lists(some.floats(0, 2e4), max_size=6)
NEARLY = 1e-6


class Clock:
    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(forecast, "time", made)
    return made


def known(*arguments: object) -> Estimate:
    made = estimate(*arguments)  # type: ignore[arg-type]  # each test gives its own
    assert made is not None
    return made


class TestLaws:
    @given(DURATIONS, some.integers(0, 400), AGES, some.integers(1, 8), some.integers(1, 8))
    def test_more_slots_are_never_later(
        self, durations: list[float], waiting: int, ages: list[float], slots: int, more: int
    ) -> None:
        one, other = (known(durations, waiting, ages, slots + extra) for extra in (0, more))

        assert other.seconds <= one.seconds * (1 + NEARLY) + NEARLY
        assert other.late is None or one.late is None or other.late <= one.late * (1 + NEARLY) + NEARLY

    @given(DURATIONS, some.integers(0, 400), some.integers(1, 100), AGES, some.integers(1, 8))
    def test_more_to_do_is_never_earlier(
        self, durations: list[float], waiting: int, more: int, ages: list[float], slots: int
    ) -> None:
        one, other = (known(durations, waiting + extra, ages, slots) for extra in (0, more))

        assert other.seconds >= one.seconds * (1 - NEARLY) - NEARLY

    @given(DURATIONS, some.integers(0, 50), AGES, some.integers(1, 8))
    def test_the_bound_lies_at_or_behind_the_middle(
        self, durations: list[float], waiting: int, ages: list[float], slots: int
    ) -> None:
        made = known(durations, waiting, ages, slots)

        assert made.seconds >= 0
        assert (made.late is None) == (len(durations) < FEW)
        assert made.late is None or made.late >= made.seconds

    @given(DURATIONS, some.integers(1, 50), AGES, some.integers(1, 8), some.floats(0.01, 100))
    def test_the_unit_of_time_does_not_matter(
        self, durations: list[float], waiting: int, ages: list[float], slots: int, unit: float
    ) -> None:
        one = known(durations, waiting, [], slots)
        other = known([unit * seconds for seconds in durations], waiting, [], slots)

        assert other.seconds == pytest.approx(unit * one.seconds, rel=1e-9)


class TestEstimate:
    def test_nothing_is_known_without_a_duration(self) -> None:
        assert estimate([], 10, [1.0], 2) is None

    def test_equal_durations_leave_no_doubt(self) -> None:
        assert known([2.0] * FEW, 10, [], 4) == (6.0, 6.0)
        assert known([2.0] * FEW, 0, [0.5], 4) == (1.5, 1.5)
        assert known([2.0] * FEW, 1000, [], 4) == (500.0, 500.0)

    def test_what_runs_longer_than_any_before_takes_as_long_as_a_new_one(self) -> None:
        assert known([2.0] * FEW, 0, [100.0], 1).seconds == 2.0

    def test_the_age_of_what_runs_says_which_durations_are_left(self) -> None:
        assert known([1.0, 1.0, 1.0, 1.0, 10.0] * 4, 0, [5.0], 1).seconds == pytest.approx(5.0)

    def test_95_of_100_sweeps_end_before_the_bound(self) -> None:
        import random

        source = random.Random(3)
        kept = 0
        for _ in range(200):
            seen, rest = ([source.expovariate(0.1) for _ in range(count)] for count in (40, 60))
            free = [0.0] * 4
            for duration in rest:
                free.sort()
                free[0] += duration
            late = known(seen, 60, [], 4).late
            assert late is not None
            kept += max(free) <= late

        assert 0.88 <= kept / 200 <= 0.995


class TestForecast:
    def test_nothing_is_known_before_the_first_end(self, clock: Clock) -> None:
        made = Forecast(2)

        assert made.mean is None
        assert made.rate == 0.0
        assert made.estimate(10, []) is None

    def test_earlier_sweeps_speak_until_a_few_have_ended(self, clock: Clock) -> None:
        made = Forecast(1, [5.0] * 30)
        assert made.estimate(4, []) == (20.0, 20.0)
        assert made.mean is None

        for _ in range(FEW):
            clock.now += 1.0
            made.ended(1.0)

        assert made.estimate(4, []) == (4.0, 4.0)

    def test_without_a_limit_there_is_no_end(self, clock: Clock) -> None:
        made = Forecast(1)
        made.ended(1.0)

        assert made.estimate(None, []) is None

    def test_a_few_give_no_bound(self, clock: Clock) -> None:
        made = Forecast(1)
        clock.now += 2.0
        made.ended(2.0)

        assert made.estimate(3, []) == (6.0, None)

    def test_time_between_trials_counts(self, clock: Clock) -> None:
        made = Forecast(1)
        for _ in range(10):
            clock.now += 3.0
            made.ended(1.0)

        assert made.estimate(10, []) == pytest.approx((28.0, 28.0))

    def test_the_start_of_workers_and_a_pause_do_not(self, clock: Clock) -> None:
        made = Forecast(1)
        clock.now += 60.0
        for _ in range(FEW):
            clock.now += 1.0
            made.ended(1.0)
        clock.now += 500.0
        made.rested(500.0)

        assert made.rate == pytest.approx(1.0)
        assert made.estimate(10, []) == pytest.approx((10.0, 10.0))

    def test_it_is_made_anew_at_most_once_a_second(self, clock: Clock) -> None:
        made = Forecast(1)
        for _ in range(FEW):
            clock.now += 1.0
            made.ended(1.0)
        first = made.estimate(10, [])

        clock.now += 0.5
        assert made.estimate(5, []) is first
        clock.now += 0.6
        assert made.estimate(0, []) == (0.0, 0.0)

    def test_only_recent_trials_count(self, clock: Clock) -> None:
        made = Forecast(1)
        for seconds in [100.0] * 10 + [1.0] * RECENT:
            clock.now += seconds
            made.ended(seconds)

        assert made.mean == pytest.approx(1.0)
        assert made.rate == pytest.approx(1.0)

    def test_trials_of_no_time_at_all(self, clock: Clock) -> None:
        made = Forecast(2)
        made.ended(0.0)
        made.ended(-1e-9)

        assert made.mean == 0.0
        assert made.estimate(5, [0.0]) == (0.0, None)
