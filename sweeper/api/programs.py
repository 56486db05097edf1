"""Objectives that are no Python function: a command, or an entry point of a project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sweeper.errors import UsageError

if TYPE_CHECKING:
    from sweeper.config import SweepConfig
    from sweeper.trial.objective import Objective

LOCAL = ("inline", "joblib")  #: executors whose workers find the programs that this process finds


def find_program(config: SweepConfig, data: Mapping[str, Any]) -> Objective:
    """Return the command or project of a config, checked as far as it can be. Raises ObjectiveError and UsageError."""
    from sweeper.trial.command.objective import CommandObjective

    spec = config.objective
    assert spec is not None
    if data:
        names = ", ".join(map(repr, data))
        raise UsageError(f"data ({names}) goes to Python functions only; give a {spec.kind} the path of a file")
    command = CommandObjective(tuple(spec.target), spec.program)
    if config.executor.kind in LOCAL:
        command.check()
    return command
