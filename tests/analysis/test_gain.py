"""What the last trials cost and brought."""

from __future__ import annotations

from sweeper.analysis.gain import Spent, Step, cost_metric_of, returns, window
from sweeper.records import Goal

LOSS = Goal("loss")


def last(first: int, end: int, seconds: float = 10.0, cost: float = 0.0) -> list[Spent]:
    return [Spent(number, seconds, cost) for number in range(first, end)]


def test_an_improvement_and_its_price() -> None:
    found = returns(LOSS, [Step(0, 5.0), Step(3, 2.0), Step(17, 1.5)], last(15, 20, cost=0.5), 20, "dollars")

    assert found is not None
    assert (found.trials, found.before, found.after, found.seconds, found.waiting) == (5, 2.0, 1.5, 50.0, 2)
    assert found.text == "improved the best by 0.5 to 1.5, for 50 s of compute and 2.5 dollars"


def test_no_improvement() -> None:
    found = returns(LOSS, [Step(0, 5.0), Step(3, 2.0)], last(15, 20), 20)

    assert found is not None
    assert not found.improved
    assert found.text == "did not improve on 2, for 50 s of compute"
    assert found.outlook.startswith("none in the last 16 trials; about ")


def test_the_rarer_improvements_were_the_longer_the_next_one_takes() -> None:
    seldom = returns(LOSS, [Step(n, -n) for n in (0, 1, 2)], last(75, 100), 100)
    often = returns(LOSS, [Step(n, -n) for n in (0, 60, 70, 80, 90)], last(75, 100), 100)

    assert seldom is not None
    assert often is not None
    assert seldom.next_trials > 5 * often.next_trials
    assert often.next_trials == 51 / 4.5
    assert often.next_seconds == often.next_trials * 10


def test_a_few_trials_say_nothing() -> None:
    assert returns(LOSS, [Step(0, 5.0)], last(5, 7), 7) is None
    assert returns(LOSS, [], last(5, 20), 20) is None


def test_the_last_ones_are_a_quarter_and_never_very_many() -> None:
    assert [window(ended) for ended in (1, 20, 4000)] == [1, 5, 100]


def test_the_metric_that_a_budget_counts() -> None:
    assert cost_metric_of({"budget": {"cost": {"limit": 5, "metric": "dollars"}}}) == "dollars"
    assert cost_metric_of({"budget": {"cost": 3600}}) is None
    assert cost_metric_of({}) is None
