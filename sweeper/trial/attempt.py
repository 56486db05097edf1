"""One execution of an objective: what it returns, raises or exits with becomes an outcome."""

from __future__ import annotations

import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sweeper.errors import Pruned, SweeperError
from sweeper.records import Failure, FailureClass, Goal, Outcome, Point, RunState
from sweeper.trial.tracking import logged
from sweeper.trial.trial import Trial
from sweeper.trial.values import CommandFailed, outcome, printable, sentence

TRACEBACK = 32 * 1024  #: characters of a traceback kept
ROOMS = tuple(str(Path(__file__).parents[1] / room) + "/" for room in ("trial", "store", "artifacts"))


class Deadline(TimeoutError):
    """Raised by timer inside an objective that shares its controller's process."""


@contextmanager
def deadline(seconds: float | None) -> Iterator[None]:
    """Raise :class:`Deadline` in the block after ``seconds``: in the main thread, and when the interpreter gets to it.

    A call that stays in C code is interrupted only when it returns.
    """
    if seconds is None or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: object) -> None:
        raise Deadline(f"it ran longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run_objective(
    call: Callable[[Any, dict[str, Any]], Any],
    trial: Trial,
    kwargs: dict[str, Any],
    goals: tuple[Goal, ...],
    timeout: float | None = None,
) -> Outcome:
    """Call an objective and return how it ended; whatever it raises becomes a failure with its class."""
    try:
        with deadline(timeout):
            returned = call(trial, kwargs)
        return outcome(logged(trial.id) or None if returned is None else returned, goals)
    except Pruned:
        return _pruned(trial, goals)
    except CommandFailed as error:
        return Outcome(RunState.FAILED, failure=error.failure)
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
        said = f": {error.code[:1000]}" if isinstance(error.code, str) else ""
        return _failed(FailureClass.EXIT, f"the objective called sys.exit({code}){said}", error, exit_code=code)
    except Deadline as error:
        return _failed(FailureClass.TIMEOUT, str(error), error)
    except MemoryError as error:
        return _failed(FailureClass.OOM, f"out of memory: {error}".rstrip(": "), error)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # also what test frameworks and asyncio raise past Exception
        if type(error).__name__ == "TrialPruned" and type(error).__module__.startswith("optuna"):
            return _pruned(trial, goals)
        return _failed(FailureClass.EXCEPTION, sentence(error), error)


def _pruned(trial: Trial, goals: tuple[Goal, ...]) -> Outcome:
    if trial.last_report is None or len(goals) > 1:
        return Outcome(RunState.PRUNED)
    step, value = trial.last_report
    return Outcome(RunState.PRUNED, values=(value,), step=step)


def _failed(kind: FailureClass, message: str, error: BaseException, exit_code: int | None = None) -> Outcome:
    from sweeper.config.secrets import mask_urls  # what goes well needs none of it

    message, trace = (printable(mask_urls(text)) for text in (message, _trace(error)))
    failure = Failure(kind, message, trace, exit_code=exit_code)
    return Outcome(RunState.FAILED, failure=failure)


def _trace(error: BaseException) -> str:
    """Return the traceback from the user's first frame on; to the last one when what was raised is ours.

    Empty where there is none of the user's, as when a command ran out of time.
    """
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(ROOMS):
        trace = trace.tb_next
    if trace is None and isinstance(error, Deadline):
        return ""
    try:
        told = traceback.TracebackException(type(error), error, trace)
        while isinstance(error, Deadline | SweeperError) and told.stack and told.stack[-1].filename.startswith(ROOMS):
            told.stack.pop()
        lines = list(told.format())
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
