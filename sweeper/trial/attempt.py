"""One execution of an objective: what it returns, raises or exits with becomes an outcome."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sweeper.errors import Pruned
from sweeper.records import Failure, FailureClass, Goal, Outcome, Point, RunState
from sweeper.trial.trial import Trial
from sweeper.trial.values import outcome

TRACEBACK = 32 * 1024  #: characters of a traceback kept


def run_objective(
    call: Callable[[Any, dict[str, Any]], Any], trial: Trial, kwargs: dict[str, Any], goals: tuple[Goal, ...]
) -> Outcome:
    """Call an objective and return how it ended; whatever it raises becomes a failure with its class."""
    try:
        return outcome(call(trial, kwargs), goals)
    except Pruned:
        return _pruned(trial)
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
        said = f": {error.code}" if isinstance(error.code, str) else ""
        return _failed(FailureClass.EXIT, f"the objective called sys.exit({code}){said}", error, exit_code=code)
    except MemoryError as error:
        return _failed(FailureClass.OOM, f"out of memory: {error}".rstrip(": "), error)
    except Exception as error:
        if type(error).__name__ == "TrialPruned" and type(error).__module__.startswith("optuna"):
            return _pruned(trial)
        return _failed(FailureClass.EXCEPTION, _sentence(error), error)


def _pruned(trial: Trial) -> Outcome:
    step, value = trial.last_report or (None, None)
    values = None if value is None else (value,)
    return Outcome(RunState.PRUNED, values=values, step=step)


def _failed(kind: FailureClass, message: str, error: BaseException, exit_code: int | None = None) -> Outcome:
    return Outcome(RunState.FAILED, failure=Failure(kind, message, _trace(error), exit_code=exit_code))


def _sentence(error: BaseException) -> str:
    try:
        said = str(error)
    except Exception as broken:
        said = f"(its text cannot be had: {type(broken).__name__})"
    name = type(error).__name__
    return f"{name}: {said}"[:2000] if said else name


def _trace(error: BaseException) -> str:
    """Return the traceback from the user's first frame on."""
    trace = error.__traceback__
    while trace is not None and Path(trace.tb_frame.f_code.co_filename).parent == Path(__file__).parent:
        trace = trace.tb_next
    try:
        lines = traceback.format_exception(type(error), error, trace)
    except Exception as broken:
        lines = [f"{type(error).__name__} (its traceback cannot be written: {type(broken).__name__})"]
    return "".join(lines)[-TRACEBACK:]


def final_points(trial: Trial, metrics: Mapping[str, float]) -> tuple[Point, ...]:
    """Return the returned values as points at the last reported step, without repeating the last report."""
    now = time.time()
    name = trial.last_report and trial.report_name
    return tuple(
        Point(key, value, trial.last_step(key), now)
        for key, value in metrics.items()
        if not (key == name and trial.last_report == (trial.last_step(key), value))
    )
