"""A sweep file as the rest of the program sees it: read, checked, defaults filled in, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Literal

from sweeper.config.secrets import mask_all, mask_urls
from sweeper.records import FailureClass, Goal
from sweeper.space import SearchSpace

WANDB_COMMAND = ("${env}", "${interpreter}", "${program}", "${args}")  #: W&B's command for a program
UNLIMITED = 2**31 - 1  #: retries "without limit"
DEFAULT_TRIALS = 100
DEFAULT_EXPERIMENT = "Default"

RETRY: Mapping[str, int] = {kind.value: 0 for kind in FailureClass} | {
    FailureClass.LOST.value: 3,
    FailureClass.PREEMPTED.value: UNLIMITED,
    FailureClass.OOM.value: 1,
}


@dataclass(frozen=True)
class ObjectiveSpec:
    """What maps parameters to metrics.

    ``target`` is ``/path/file.py:function`` or ``package.module:function``; for a command its words, macros
    included; for a project the folder or git URL. ``program`` is what ``${program}`` stands for.
    """

    kind: Literal["function", "command", "project"]
    target: str | tuple[str, ...]
    program: str | None = None
    entry_point: str | None = None
    base: str = field(default="", compare=False)  #: folder of the sweep file

    @property
    def label(self) -> str:
        """The same on every machine: the target without the folders of its file."""
        if self.kind == "function":
            place, _, function = str(self.target).rpartition(":")
            return f"{PurePath(place).name}:{function}"
        if self.kind == "project":
            place = str(self.target) if "://" in str(self.target) else PurePath(str(self.target)).name
            return mask_urls(f"{place} {self.entry_point or 'main'}")
        words = self.target if isinstance(self.target, tuple) else (self.target,)
        if self.program and words == WANDB_COMMAND:
            return PurePath(self.program).name
        named = {"${program}": self.program or ""}
        return " ".join(PurePath(word).name if "/" in word else word for word in (named.get(w, w) for w in words))

    def to_dict(self) -> dict[str, Any]:
        if self.kind == "function":
            return {"objective": self.target}
        if self.kind == "project":
            return {"mlproject": _without_none(uri=self.target, entry_point=self.entry_point)}
        return _without_none(program=self.program, command=list(self.target))


@dataclass(frozen=True)
class Budget:
    """When a sweep ends: totals of the sweep, whoever resumes it. None is without limit.

    ``time`` is in seconds; ``cost`` is in seconds of compute, or in units of the metric ``cost_metric``;
    ``failures`` is that many failed trials in a row; ``patience`` is trials without a new best value.
    """

    trials: int | None = DEFAULT_TRIALS
    time: float | None = None
    failures: int = 20
    cost: float | None = None
    cost_metric: str | None = None
    patience: int | None = None

    def to_dict(self) -> dict[str, Any]:
        cost = {"limit": self.cost, "metric": self.cost_metric} if self.cost_metric else self.cost
        limits = _without_none(time=self.time, failures=self.failures, cost=cost, patience=self.patience)
        return {"trials": self.trials, **limits}


@dataclass(frozen=True)
class ExecutorConfig:
    """Who runs trials. ``workers`` None: as many as there are cores. ``timeout``: seconds per trial, hard.

    ``memory`` is bytes per trial. ``options`` is what only some kinds know, such as cpu, gpu and address.
    """

    kind: str = "joblib"
    workers: int | None = None
    timeout: float | None = None
    isolation: Literal["shared", "fresh"] = "shared"
    memory: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        typed = _without_none(
            kind=self.kind, workers=self.workers, timeout=self.timeout, isolation=self.isolation, memory=self.memory
        )
        return typed | ({"options": dict(self.options)} if self.options else {})


@dataclass(frozen=True, repr=False)
class SweepConfig:
    """A whole sweep. ``source`` is the file as written, its URLs without passwords; ``file`` its path.

    ``options`` go to the sampler. ``retry`` has every failure class. ``store`` and ``artifacts`` are what to
    open and may hold a password: show :meth:`to_dict`. ``notices`` are sentences a person should read.
    """

    name: str
    space: SearchSpace
    goals: tuple[Goal, ...]
    objective: ObjectiveSpec | None = None
    method: str = "auto"
    options: Mapping[str, Any] = field(default_factory=dict)
    budget: Budget = Budget()
    executor: ExecutorConfig = ExecutorConfig()
    retry: Mapping[str, int] = field(default_factory=lambda: dict(RETRY))
    impute: str | None = None
    impute_while_running: str | None = None
    early_terminate: Mapping[str, Any] | None = None
    warm_start: Mapping[str, Any] | None = None
    seed: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    experiment: str = DEFAULT_EXPERIMENT
    description: str = ""
    store: str | None = None
    artifacts: str | None = None
    tracking: Mapping[str, Any] = field(default_factory=dict)
    reuse: bool = False
    notices: tuple[str, ...] = field(default=(), compare=False)
    source: str = field(default="", compare=False)
    file: str = field(default="", compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values in the grammar of a sweep file: ``parse_config`` gives an equal config back.

        Passwords in URLs are masked, so those do not come back.
        """
        written = {
            "name": self.name,
            "description": self.description or None,
            **(self.objective.to_dict() if self.objective else {}),
            "method": self.method,
            "sampler": dict(self.options) or None,
            **self._metrics(),
            "parameters": self.space.to_dict(),
            "constraints": [str(constraint) for constraint in self.space.constraints] or None,
            "budget": self.budget.to_dict(),
            "executor": self.executor.to_dict(),
            "retry": {kind: "unlimited" if times == UNLIMITED else times for kind, times in self.retry.items()},
            "early_terminate": self.early_terminate,
            "warm_start": self.warm_start,
            "reuse": self.reuse or None,
            "seed": self.seed,
            "tags": dict(self.tags) or None,
            "experiment": self.experiment,
            "store": self.store,
            "artifacts": self.artifacts,
            "tracking": dict(self.tracking) or None,
        }
        masked: dict[str, Any] = mask_all(_without_none(**written))
        return masked

    def __repr__(self) -> str:
        return f"SweepConfig({self.to_dict()!r})"

    def _metrics(self) -> dict[str, Any]:
        metrics = [_without_none(name=goal.name, goal=goal.direction, target=goal.target) for goal in self.goals]
        metrics[0] |= _without_none(impute=self.impute, impute_while_running=self.impute_while_running)
        return {"metric": metrics[0]} if len(metrics) == 1 else {"metrics": metrics}


def _without_none(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
