"""The trial that an objective receives when it has an argument ``trial``."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from copy import deepcopy
from pathlib import Path
from typing import Any

from sweeper.errors import UsageError
from sweeper.events import PointsLogged
from sweeper.records import Goal, Params, Point
from sweeper.trial.checkpoints import Checkpoints
from sweeper.trial.handle import RunHandle, Sink
from sweeper.trial.values import number, text

Judge = Callable[[int, float], bool]  #: (step, value of the goal) -> should the trial stop early?


class Trial(RunHandle):
    """One assignment of parameters and the run it is logged to.

    ``params`` are the flat parameters, ``number`` counts the sweep's trials from 0, ``seed`` is derived from the
    sweep's seed and the number (an int in [0, 2**32)), ``attempt`` counts executions of this trial from 1.
    """

    def __init__(
        self,
        run_id: str,
        sink: Sink,
        *,
        number: int = 0,
        params: Params | None = None,
        seed: int = 0,
        attempt: int = 1,
        goal: Goal | None = None,
        experiment_id: str = "",
        judge: Judge | None = None,
        checkpoints: Callable[[], Checkpoints] | None = None,
    ) -> None:
        super().__init__(run_id, sink, experiment_id=experiment_id, attempt=attempt)
        self.number = number
        self.params: Mapping[str, Any] = deepcopy(params or {})
        self._params = {name: text(value) for name, value in self.params.items()}
        self.seed = seed
        self.attempt = attempt
        self._goal = goal or Goal("value")
        self._judge = judge
        self._open_checkpoints, self._opened = checkpoints, False
        self._stop = False
        self.peak_memory = 0  #: bytes that a process started for this trial used at most
        self.last_report: tuple[int, float] | None = None

    def report(self, value: float, step: int | None = None) -> None:
        """Log the sweep's (first) metric at a step and ask in the same breath whether to stop.

        ``step`` defaults to the number of reports so far. NaN counts as no evidence and never stops a trial.
        """
        name = self._goal.name
        measured = number(value, name)
        with self._lock:
            at = self._step(name, step)
            self._last[name] = (at, measured)
            self.last_report = (at, measured)
            self._sink.emit(PointsLogged(self.id, (Point(name, measured, at, time.time()),), self._attempt))
        if self._judge is not None:
            self._stop = self._judge(at, measured)

    @property
    def report_name(self) -> str:
        """The metric that :meth:`report` logs."""
        return self._goal.name

    def should_prune(self) -> bool:
        """Return whether the last report was unpromising: then raise :class:`sweeper.Pruned`."""
        return self._stop

    @property
    def checkpoint_dir(self) -> Path:
        """A folder of this trial that outlives the attempt: another attempt finds in it what this one wrote.

        What is half written when the process is killed stays half written: :meth:`checkpoint` is the safe way. With
        artifacts that are no folder of this host, an attempt that is killed leaves nothing here.
        """
        return self._checkpoints().folder

    @property
    def last_checkpoint(self) -> Path | None:
        """The folder of the last :meth:`checkpoint` that was saved whole, by this attempt or an earlier one, or None.

        It may be read until the next one is saved.
        """
        return self._checkpoints().latest()

    def checkpoint(self) -> AbstractContextManager[Path]:
        """Save a checkpoint: ``with trial.checkpoint() as folder`` gives an empty folder to fill.

        At the end of the block it becomes ``last_checkpoint`` in one step and the one before is removed. When the block
        raises, or the process is killed in it, the one before stays.
        """
        return self._checkpoints().save()

    def leave_checkpoints(self, *, done: bool) -> None:
        """The attempt is over: remove what it kept when the trial is ``done``, else hand it to the next attempt."""
        if self._opened and done:
            self._checkpoints().discard()
        elif self._opened:
            self._checkpoints().hand_on()

    def _checkpoints(self) -> Checkpoints:
        if self._open_checkpoints is None:
            raise UsageError("this trial has no place for checkpoints: only trials of a sweep have one")
        with self._lock:
            if not self._opened:
                opened = self._open_checkpoints()
                self._open_checkpoints, self._opened = lambda: opened, True
            return self._open_checkpoints()
