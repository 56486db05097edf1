"""Objectives that are no Python function: a command, or an entry point of a project."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sweeper.config.secrets import MASK
from sweeper.errors import UsageError

if TYPE_CHECKING:
    from sweeper.config import ObjectiveSpec, SweepConfig
    from sweeper.records import SweepRecord
    from sweeper.trial.objective import Objective

LOCAL = ("inline", "joblib")  #: executors whose workers find the programs that this process finds
COMMIT = "mlflow.source.git.commit"


def find_program(config: SweepConfig, data: Mapping[str, Any], notice: Callable[[str], None]) -> Objective:
    """Return the command or the project of a config, checked as far as it can be before anything starts.

    Raises ObjectiveError, UsageError, and ConfigError for an MLproject with mistakes.
    """
    from sweeper.trial.command.objective import CommandObjective
    from sweeper.trial.project.objective import find_project

    spec = config.objective
    assert spec is not None
    if data:
        names = ", ".join(map(repr, data))
        raise UsageError(f"data ({names}) goes to Python functions only; give a {spec.kind} the path of a file")
    _no_masked_password(spec)
    if spec.kind == "project":
        return find_project(str(spec.target), spec.entry_point or "main", config.space, notice)
    command = CommandObjective(tuple(spec.target), spec.program)
    if config.executor.kind in LOCAL:
        command.check()
    return command


def _no_masked_password(spec: ObjectiveSpec) -> None:
    """A config from the store has no passwords: what it would run is not what was run."""
    words = [spec.target] if isinstance(spec.target, str) else spec.target
    if masked := [word for word in words if MASK in word and "://" in word]:
        raise UsageError(
            f"{masked[0]} had a password, which is not stored; go on with: sweeper run FILE --resume, and write "
            "${envvar:NAME} in the file, so that next time it comes from the environment"
        )


def what_runs(config: SweepConfig) -> list[tuple[str, str]]:
    """Return what a command or a project will run, as names and values, after the checks that need no network.

    Raises what :func:`find_program` raises.
    """
    from sweeper.trial.command.objective import CommandObjective
    from sweeper.trial.project.objective import look_at_project

    spec = config.objective
    if spec is None or spec.kind == "function":
        return []
    if spec.kind == "project":
        return look_at_project(str(spec.target), spec.entry_point or "main", config.space)
    command = CommandObjective(tuple(spec.target), spec.program)
    if config.executor.kind in LOCAL:
        command.check()
    return [("runs", command.shown())]


def at_its_commit(config: SweepConfig, sweep: SweepRecord) -> SweepConfig:
    """Return the config of a sweep to go on with: a project from git stays at the commit it began with."""
    from sweeper.trial.project.source import parse_source

    spec, commit = config.objective, sweep.tags.get(COMMIT)
    if spec is None or spec.kind != "project" or not commit or not (source := parse_source(str(spec.target))).is_git:
        return config
    inside = f"#{source.subfolder}" if source.subfolder else ""
    return replace(config, objective=replace(spec, target=f"{source.url}{inside}@{commit}"))
