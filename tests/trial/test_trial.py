"""The trial that an objective gets."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sweeper.errors import UsageError
from sweeper.events import ParamsLogged, PointsLogged
from sweeper.records import Goal
from sweeper.trial.trial import Trial
from sweeper.trial.values import InvalidValue

from .conftest import ListSink

LOSS = Goal("loss")


def test_it_says_what_it_is(sink: ListSink) -> None:
    trial = Trial("r", sink, number=3, params={"a": 1}, seed=9, attempt=2)

    assert (trial.id, trial.number, trial.params, trial.seed, trial.attempt) == ("r", 3, {"a": 1}, 9, 2)


def test_changing_its_params_changes_nothing_else(sink: ListSink) -> None:
    params: dict[str, Any] = {"layers": [1, 2]}
    trial = Trial("r", sink, params=params)

    trial.params["layers"].append(3)

    assert params == {"layers": [1, 2]}


def test_reports_are_the_goals_history(sink: ListSink) -> None:
    trial = Trial("r", sink, goal=LOSS)

    for value in (0.5, 0.25):
        trial.report(value)
    trial.report(0.125, step=10)
    trial.report(0.1)

    points = [(p.key, p.value, p.step) for e in sink.events if isinstance(e, PointsLogged) for p in e.points]
    assert points == [("loss", 0.5, 0), ("loss", 0.25, 1), ("loss", 0.125, 10), ("loss", 0.1, 11)]
    assert trial.last_report == (11, 0.1)
    assert trial.last_step("loss") == 11
    assert trial.last_step("other") == 0


@pytest.mark.parametrize(("value", "step"), [("x", None), (None, None), (1.0, 0.5), (1.0, "1")])
def test_a_report_that_is_no_number_is_refused(sink: ListSink, value: Any, step: Any) -> None:
    trial = Trial("r", sink, goal=LOSS)

    with pytest.raises(InvalidValue, match="'loss'"):
        trial.report(value, step)
    assert sink.events == []
    assert trial.last_report is None


def test_a_report_asks_in_the_same_breath(sink: ListSink) -> None:
    asked: list[tuple[int, float]] = []

    def judge(step: int, value: float) -> bool:
        asked.append((step, value))
        return value > 0.5

    trial = Trial("r", sink, goal=LOSS, judge=judge)

    assert not trial.should_prune()
    trial.report(0.9)
    assert trial.should_prune()
    trial.report(0.1)
    assert not trial.should_prune()
    assert asked == [(0, 0.9), (1, 0.1)]


def test_without_a_pruner_it_never_should(sink: ListSink) -> None:
    trial = Trial("r", sink, goal=LOSS)
    trial.report(math.nan)

    assert not trial.should_prune()


def test_its_parameters_may_be_logged_again_but_not_changed(sink: ListSink) -> None:
    trial = Trial("r", sink, params={"depth": 3, "layers": ["a", None], "flag": True})

    trial.log_params(trial.params)
    with pytest.raises(UsageError, match="'depth' is already '3'"):
        trial.log_param("depth", 4)

    assert sink.events == [ParamsLogged("r", {"depth": "3", "layers": '["a",null]', "flag": "True"})]
