"""What an objective returns, raises or exits with."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from sweeper.errors import Pruned
from sweeper.records import FailureClass, Goal, Outcome, RunState
from sweeper.trial.attempt import TRACEBACK, final_points, run_objective
from sweeper.trial.objective import caller
from sweeper.trial.trial import Trial

from .conftest import ListSink

LOSS = Goal("loss")


def run(function: Callable[..., Any], sink: ListSink, *goals: Goal, **params: Any) -> tuple[Outcome, Trial]:
    trial = Trial("r", sink, goal=LOSS, params=params)
    return run_objective(caller(function, params, {}), trial, params, goals or (LOSS,)), trial


def test_a_value_completes_it(sink: ListSink) -> None:
    ended, _ = run(lambda x: x * 2, sink, x=3)

    assert (ended.state, ended.values) == (RunState.COMPLETE, (6.0,))


def test_an_exception_fails_it_with_the_users_traceback_alone(sink: ListSink) -> None:
    def inner() -> None:
        raise ValueError("no good")

    def objective(x: int) -> None:
        inner()

    ended, _ = run(objective, sink, x=1)

    assert ended.failure is not None
    assert (ended.state, ended.failure.kind, ended.failure.message) == (
        RunState.FAILED,
        FailureClass.EXCEPTION,
        "ValueError: no good",
    )
    assert "in objective" in ended.failure.traceback
    assert "in inner" in ended.failure.traceback
    assert "sweeper/trial" not in ended.failure.traceback


def test_what_we_refuse_ends_with_the_users_line(sink: ListSink) -> None:
    def objective(trial: Trial) -> None:
        trial.log_metric("a@b", 1.0)

    ended, _ = run(objective, sink)

    assert ended.failure is not None
    assert 'trial.log_metric("a@b", 1.0)' in ended.failure.traceback
    assert "sweeper/trial" not in ended.failure.traceback
    assert "sweeper/store" not in ended.failure.traceback


def test_a_timer_that_ends_it_is_told_at_the_users_line(sink: ListSink) -> None:
    def objective() -> None:
        time.sleep(60)

    trial = Trial("r", sink, goal=LOSS, params={})
    ended = run_objective(caller(objective, {}, {}), trial, {}, (LOSS,), timeout=0.01)

    assert ended.failure is not None
    assert (ended.failure.kind, ended.failure.message) == (FailureClass.TIMEOUT, "it ran longer than 0.01 s")
    assert "time.sleep(60)" in ended.failure.traceback
    assert "sweeper/trial" not in ended.failure.traceback


def test_a_wrong_call_is_told_without_our_frames(sink: ListSink) -> None:
    ended, _ = run(lambda y: y, sink, x=1)

    assert ended.failure is not None
    assert "unexpected keyword argument 'x'" in ended.failure.message
    assert "sweeper/trial" not in ended.failure.traceback


@pytest.mark.parametrize(
    ("argument", "code", "said"),
    [(3, 3, "sys.exit(3)"), (None, 0, "sys.exit(0)"), ("bye \0", 1, "sys.exit(1): bye \\x00"), (True, 1, "sys.exit(")],
)
def test_sys_exit_is_an_exit(sink: ListSink, argument: Any, code: int, said: str) -> None:
    ended, _ = run(lambda: sys.exit(argument), sink)

    assert ended.failure is not None
    assert (ended.failure.kind, ended.failure.exit_code) == (FailureClass.EXIT, code)
    assert said in ended.failure.message


def test_memory_that_runs_out(sink: ListSink) -> None:
    def objective() -> None:
        raise MemoryError("1 TB")

    ended, _ = run(objective, sink)

    assert ended.failure is not None
    assert (ended.failure.kind, ended.failure.message) == (FailureClass.OOM, "out of memory: 1 TB")


@pytest.mark.parametrize("error", [asyncio.CancelledError(), GeneratorExit(), pytest.fail.Exception("red")])
def test_what_goes_past_exception_is_an_exception_all_the_same(sink: ListSink, error: BaseException) -> None:
    def objective() -> None:
        raise error

    ended, _ = run(objective, sink)

    assert ended.failure is not None
    assert ended.failure.kind is FailureClass.EXCEPTION
    assert "in objective" in ended.failure.traceback


def test_a_keyboard_interrupt_belongs_to_the_person(sink: ListSink) -> None:
    def objective() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(objective, sink)


class TestPruned:
    @pytest.fixture
    def optuna_like(self) -> type[Exception]:
        return type("TrialPruned", (Exception,), {"__module__": "optuna.exceptions"})

    def test_it_ends_with_the_last_report(self, sink: ListSink) -> None:
        def objective(trial: Trial) -> None:
            trial.report(0.5)
            trial.report(0.75, step=4)
            raise Pruned

        ended, _ = run(objective, sink)

        assert ended == Outcome(RunState.PRUNED, values=(0.75,), step=4)

    def test_optunas_word_means_the_same(self, sink: ListSink, optuna_like: type[Exception]) -> None:
        def objective(trial: Trial) -> None:
            trial.report(0.5)
            raise optuna_like

        assert run(objective, sink)[0] == Outcome(RunState.PRUNED, values=(0.5,), step=0)

    def test_without_a_report_it_has_no_value(self, sink: ListSink) -> None:
        def objective() -> None:
            raise Pruned

        assert run(objective, sink)[0] == Outcome(RunState.PRUNED)

    def test_with_several_goals_one_report_is_no_value(self, sink: ListSink) -> None:
        def objective(trial: Trial) -> None:
            trial.report(0.5)
            raise Pruned

        assert run(objective, sink, LOSS, Goal("seconds"))[0] == Outcome(RunState.PRUNED)


class TestStrangeExceptions:
    def test_a_text_that_no_database_keeps_is_escaped(self, sink: ListSink) -> None:
        def objective() -> None:
            raise ValueError("a\0b \ud800")

        ended, _ = run(objective, sink)

        assert ended.failure is not None
        assert ended.failure.message == "ValueError: a\\x00b \\ud800"
        assert "\0" not in ended.failure.traceback
        ended.failure.traceback.encode("utf-8")

    def test_one_that_cannot_be_shown(self, sink: ListSink) -> None:
        class Broken(Exception):
            def __str__(self) -> str:
                raise RuntimeError

        def objective() -> None:
            raise Broken

        ended, _ = run(objective, sink)

        assert ended.failure is not None
        assert ended.failure.message == "Broken: (its text cannot be had: RuntimeError)"

    def test_an_endless_recursion_stays_short(self, sink: ListSink) -> None:
        def objective(x: int) -> Any:
            return objective(x)

        ended, _ = run(objective, sink, x=1)

        assert ended.failure is not None
        assert ended.failure.message.startswith("RecursionError")
        assert len(ended.failure.traceback) <= TRACEBACK

    def test_a_long_text_is_bounded(self, sink: ListSink) -> None:
        def objective() -> None:
            raise ValueError("x" * 10**6)

        ended, _ = run(objective, sink)

        assert ended.failure is not None
        assert len(ended.failure.message) <= 2000
        assert len(ended.failure.traceback) <= TRACEBACK


    def test_a_password_in_an_address_is_masked(self, sink: ListSink) -> None:
        def objective() -> None:
            raise ConnectionError("no answer from postgresql://ada:c4n4ry@db.example/runs")

        ended, _ = run(objective, sink)

        assert ended.failure is not None
        assert ended.failure.message.endswith("postgresql://ada:***@db.example/runs")
        assert "c4n4ry@" not in ended.failure.traceback.splitlines()[-1]
        assert ended.failure.traceback.count("c4n4ry") == 0


class TestFinalPoints:
    def test_they_stand_at_the_last_step_of_each_metric(self, sink: ListSink) -> None:
        trial = Trial("r", sink, goal=LOSS)
        trial.report(0.5)
        trial.report(0.25)
        trial.log_metric("other", 1, step=7)

        points = final_points(trial, {"loss": 0.2, "other": 2.0, "seconds": 3.0})

        assert [(p.key, p.value, p.step) for p in points] == [("loss", 0.2, 1), ("other", 2.0, 7), ("seconds", 3.0, 0)]

    def test_the_last_report_is_not_repeated(self, sink: ListSink) -> None:
        trial = Trial("r", sink, goal=LOSS)
        trial.report(0.5, step=3)

        assert final_points(trial, {"loss": 0.5}) == ()

    def test_without_reports_there_is_one_point(self, sink: ListSink) -> None:
        (point,) = final_points(Trial("r", sink, goal=LOSS), {"loss": 0.5})

        assert (point.key, point.value, point.step) == ("loss", 0.5, 0)
