"""What is told of a running sweep."""

from __future__ import annotations

import json

from sweeper.config import Budget
from sweeper.controller.budget import Spending
from sweeper.controller.forecast import TAG, Estimate, Forecast, read
from sweeper.controller.judge import Judge
from sweeper.controller.ledger import Ledger
from sweeper.controller.outlook import TELL, Outlook
from sweeper.plugins import load
from sweeper.records import Goal, RunState

LOSS = Goal("loss")
PAST = [10.0] * 20


def outlook(judge: Judge | None = None, **limits: object) -> tuple[Outlook, Spending]:
    spending = Spending(Budget(**limits), [LOSS])  # type: ignore[arg-type]  # each test gives its own limits
    return Outlook("o", Forecast(2, PAST), spending, Ledger([LOSS]), judge or Judge(None, LOSS)), spending


def test_what_is_left_of_the_trials_and_what_waits_is_still_to_come() -> None:
    made, spending = outlook(trials=10)
    spending.created = 4

    assert made.progress(2, [], "").eta == 40.0


def test_a_sweep_ends_with_its_time() -> None:
    made, spending = outlook(trials=None, time=30.0)
    spending.seconds = 10.0
    progress = made.progress(0, [], "")
    assert (progress.eta, progress.late) == (20.0, 20.0)

    made, _ = outlook(trials=10, time=1000.0)
    assert made.progress(0, [], "").eta == 50.0


def test_and_with_its_cost() -> None:
    made, spending = outlook(trials=100, cost=10.0)
    for _ in range(4):
        spending.ended(RunState.COMPLETE, False, (1.0,), 1.0, "")
    progress = made.progress(0, [], "")

    assert progress.eta == 30.0
    assert progress.note == "cost 4, about 10 of 10"


def test_once_it_is_over_only_what_runs_counts() -> None:
    made, _ = outlook(trials=100)

    assert made.progress(50, [4.0], "over").eta == 6.0


def test_nothing_is_left_when_nothing_waits_and_nothing_runs() -> None:
    made, spending = outlook(trials=10, time=60.0)
    assert made.progress(0, [1.0], "").eta is not None, "an estimate that is kept for a second"
    spending.created = 10

    assert made.progress(0, [], "").eta is None
    assert made.progress(5, [], "over").eta is None


def test_the_store_is_told_now_and_then() -> None:
    made, _ = outlook(trials=10)
    made.progress(0, [], "")
    first = made.tags(1000.0)

    assert read(first[TAG], 1010.0) == Estimate(40.0, 40.0)
    assert made.tags(1000.0 + TELL / 2) == {}
    assert TAG in made.tags(1000.0 + 2 * TELL)


def test_and_what_early_stopping_saved() -> None:
    judge = Judge(load("pruner", "asha")(LOSS), LOSS)
    judge.ended(0, RunState.PRUNED)
    made, _ = outlook(judge, trials=None)

    assert json.loads(made.tags(1000.0)["sweeper.early_stopping"]) == {"stopped": 1, "ended": 1, "saved": None}


def test_what_cannot_be_read_is_no_forecast() -> None:
    for kept in (None, "", "nonsense", "[]", "{}", '{"at": "x", "seconds": 1, "late": 2}'):
        assert read(kept, 0.0) is None
