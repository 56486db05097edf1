"""A command as objective: checked before anything starts, carried to workers, executed once for each attempt."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from textwrap import shorten
from typing import Any, NamedTuple

from sweeper.config.secrets import mask_urls
from sweeper.errors import ObjectiveError, Pruned, UsageError
from sweeper.records import Failure, FailureClass
from sweeper.trial.command.macros import ENV, expand
from sweeper.trial.command.metrics import MetricReader, MetricsFile
from sweeper.trial.command.process import Ended, not_found, run
from sweeper.trial.command.relay import Relay
from sweeper.trial.command.steps import StepServer
from sweeper.trial.command.workspace import Workspace, trial_variables, variables, workspace
from sweeper.trial.objective import Call, Workplace
from sweeper.trial.tracking import logged
from sweeper.trial.trial import Trial
from sweeper.trial.values import CommandFailed, printable

NAME = 80  #: characters of a command that stand for it in messages
MESSAGE = 300  #: characters of a last line that a message quotes


class Launch(NamedTuple):
    """What is started: its words, where, with variables on top of this process's; ``name`` is for messages."""

    name: str
    words: Sequence[str]
    folder: Path | None = None
    variables: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class CommandObjective:
    """The words of a command, macros included; ``program`` is what ``${program}`` stands for."""

    words: tuple[str, ...]
    program: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return PurePath(self.program).name if self.program else shorten(" ".join(self.words), NAME, placeholder=" ...")

    @property
    def code(self) -> Path | None:
        files = (Path(word) for word in (self.program, *self.words[:0:-1], self.words[0]) if word and "/" in word)
        return next((file.parent.resolve() for file in files if file.is_file() and file.name != "env"), None)

    def load(self) -> None:
        """Nothing to import: each attempt is a process of its own."""

    def caller(self, work: Workplace) -> Call:
        def call(trial: Trial, params: dict[str, Any]) -> dict[str, float]:
            return run_trial(trial, params, work, self._launch)

        return call

    def check(self) -> None:
        """Raise ObjectiveError when the program that comes first is not there."""
        words = expand(self.words, self.program, {}, "")
        first = words[1] if words[0] == ENV and len(words) > 1 and "=" not in words[1] else words[0]
        if shutil.which(first) is None:
            what = f"{first} may not be executed; run chmod +x {first}, or name its interpreter before it"
            if not os.path.exists(first):
                what = not_found(first, os.environ.get("PATH", ""))
            raise ObjectiveError(f"command: {what}")

    def shown(self) -> str:
        """Return the command for people: as it is run, but for its arguments and what the environment holds."""
        plain = ("${env}", "${interpreter}", "${program}")
        words = (expand([word], self.program, {}, "")[0] if word in plain else word for word in self.words)
        return shlex.join(words).replace("'${", "${").replace("}'", "}")

    def _launch(self, place: Workspace, params: Mapping[str, Any]) -> Launch:
        words = expand(self.words, self.program, params, str(place.params_json))
        return Launch(self.name, words)


def run_trial(
    trial: Trial,
    params: dict[str, Any],
    work: Workplace,
    launch: Callable[[Workspace, Mapping[str, Any]], Launch],
) -> dict[str, float]:
    """Run one attempt of a trial as a command and return its final metrics.

    ``params`` are nested. Raises CommandFailed, and Pruned when its reports were unpromising.
    """
    goals = [goal.name for goal in work.goals]

    def log(metrics: dict[str, float], step: int | None) -> None:
        value = metrics.get(goals[0])
        if others := {name: number for name, number in metrics.items() if name != goals[0]}:
            trial.log_metrics(others, step)
        if value is not None:
            trial.report(value, step)
            if trial.should_prune():
                raise Pruned

    with workspace(params, work.runtime) as place:
        made = launch(place, params)
        environment = {
            "WANDB_MODE": "offline",
            **os.environ,
            **variables(place, params, trial.id),
            **trial_variables(place, work.sweep_id, trial),
            **made.variables,
        }
        kept = _checkpoints(trial)
        if kept is not None:
            environment["SWEEPER_CHECKPOINT_DIR"] = str(kept)
        try:
            return execute(trial, made, place, environment, goals, log, own_process=work.own_process)
        finally:
            if kept is not None:
                _forget_if_empty(kept)


def execute(
    handle: Any,
    launch: Launch,
    place: Workspace,
    environment: Mapping[str, str],
    goals: Sequence[str],
    log: Callable[[dict[str, float], int | None], None],
    *,
    own_process: bool,
    aside: bool = False,
) -> dict[str, float]:
    """Run a command for the run ``handle``: its metrics go to ``log``, its files become the run's artifacts."""
    relay: Relay
    reader = MetricReader(goals, log, lambda sentence: relay.note(sentence))
    relay = Relay(reader, MetricsFile(place.metrics, reader), aside=aside)
    try:
        with StepServer(place.socket, handle) as server:
            whole = {**environment, **server.variables}
            ended = run(
                launch.words, whole, launch.folder, relay.take, relay.tick, watched=server, own_process=own_process
            )
            relay.end()
        if isinstance(handle, Trial):
            handle.peak_memory = max(handle.peak_memory, ended.peak_memory)
        if (failure := failed(launch.name, ended, *relay.said())) is not None:
            raise CommandFailed(failure)
        return reader.result(logged(handle.id))
    finally:
        if place.artifacts.is_dir() and any(place.artifacts.iterdir()):  # a command may remove it
            handle.log_artifacts(place.artifacts)


def failed(name: str, ended: Ended, last: str, trace: str) -> Failure | None:
    """Return what went wrong with a command that has ended; None when it exited with 0.

    ``last`` is the last line it wrote, ``trace`` the traceback of a Python program.
    """
    trace, last = printable(mask_urls(trace)), printable(mask_urls(last[: 2 * MESSAGE]))
    tail = f": {last[:MESSAGE]}" if last else ", and wrote nothing"
    if ended.oom:
        message = f"{name} was killed by the system, which was out of memory"
        return Failure(FailureClass.OOM, message, trace, signal=ended.signal)
    if ended.signal is not None:
        message = f"{name} died of {_signal_name(ended.signal)}{tail}"
        return Failure(FailureClass.SIGNAL, message, trace, signal=ended.signal)
    if ended.exit_code:
        message = f"{name} exited with code {ended.exit_code}{tail}"
        return Failure(FailureClass.EXIT, message, trace, exit_code=ended.exit_code)
    return None


def _signal_name(number: int) -> str:
    try:
        return f"{signal.Signals(number).name} ({signal.strsignal(number)})"
    except ValueError:
        return f"signal {number}"


def _checkpoints(trial: Trial) -> Path | None:
    try:
        return trial.checkpoint_dir
    except UsageError:
        return None


def _forget_if_empty(folder: Path) -> None:
    """A command that keeps no checkpoint leaves no folder for one."""
    with suppress(OSError):
        folder.rmdir()
        folder.parent.rmdir()
