"""Past sweeps as plain data."""

from __future__ import annotations

import json

import pytest

from sweeper.records import FailureClass, RunState
from sweeper.samplers.warm.history import History, PastSweep, PastTrial, good

FAILED = PastTrial(4, {"x": 0.5}, "failed", None, "timeout")
HISTORY = History(
    "auto",
    (PastSweep("a" * 32, "old", 50, (PastTrial(7, {"x": 0.25, "k": None}, values=(1.5,)),), (FAILED,)),),
    3,
    {"x": {"min": 0.1}},
)


def test_a_history_comes_back_from_json_as_it_was() -> None:
    assert History.from_dict(json.loads(json.dumps(HISTORY.to_dict()))) == HISTORY


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format 2"):
        History.from_dict(HISTORY.to_dict() | {"format": 2})


def test_a_trial_tells_how_it_ended() -> None:
    assert HISTORY.sweeps[0].best[0].outcome.values == (1.5,)
    failed = FAILED.outcome
    assert (failed.state, failed.values) == (RunState.FAILED, None)
    assert failed.failure is not None
    assert failed.failure.kind is FailureClass.TIMEOUT


def test_a_tenth_of_the_trials_is_good_within_bounds() -> None:
    assert [good(trials) for trials in (1, 30, 50, 100, 5000)] == [3, 3, 5, 10, 10]
