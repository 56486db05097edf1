"""A run as another tool kept it, and MLflow's words for its state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sweeper.records import Point, RunState

PARENT, NAME = "mlflow.parentRunId", "mlflow.runName"
STATES = {
    "RUNNING": RunState.RUNNING, "SCHEDULED": RunState.QUEUED, "FINISHED": RunState.COMPLETE,
    "FAILED": RunState.FAILED, "KILLED": RunState.CANCELLED,
}  # fmt: skip
TOGETHER = 1000  #: points in one write


@dataclass(frozen=True, slots=True)
class Found:
    """A run of MLflow, with times in seconds. ``files`` is the folder of its artifacts when that can be read here."""

    id: str
    name: str
    status: str
    started: float | None
    ended: float | None
    user: str
    params: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    points: Sequence[Point] = ()
    files: Path | None = None
