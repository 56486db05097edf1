"""What a sweep file says about Ray, checked, and what each trial's actor demands of a node."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sweeper.config.units import parse_duration
from sweeper.errors import UsageError, suggest

Resources = Mapping[str, float]


@dataclass(frozen=True)
class Options:
    """Keys of the block ``executor`` that mean something on Ray.

    ``cpu``, ``gpu``, ``memory`` (bytes) and ``resources`` are per trial. ``connect_timeout`` and ``place_timeout`` are
    seconds: until a cluster must have answered, and until a node that a trial fits on must have come.
    """

    cpu: float = 1.0
    gpu: float = 0.0
    memory: int | None = None
    resources: Mapping[str, float] = field(default_factory=dict)
    runtime_env: Mapping[str, Any] = field(default_factory=dict)
    placement: str = "spread"
    address: str | None = None
    threads: int | None = None
    connect_timeout: float = 60.0
    place_timeout: float = 60.0

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Options:
        """Raises UsageError for a key that means nothing, or a value that Ray does not take."""
        known = [each.name for each in fields(cls)]
        for key in given:
            if key not in known:
                raise UsageError(f"executor: ray knows no option {key!r}; {suggest(key, known)}")
        values = {key: value for key, value in given.items() if value is not None}
        for key in ("connect_timeout", "place_timeout"):
            if key in values:
                try:
                    values[key] = parse_duration(values[key])
                except ValueError as error:
                    raise UsageError(f"executor.options.{key}: {error}") from None
        options = cls(**values)
        options._check()
        return options

    @property
    def demand(self) -> dict[str, float]:
        """What a trial takes of a node, by Ray's names."""
        wanted = {"CPU": self.cpu, "GPU": self.gpu, "memory": float(self.memory or 0), **self.resources}
        return {name: amount for name, amount in wanted.items() if amount}

    def actor(self) -> dict[str, Any]:
        """What the actor of a slot is made with."""
        given: dict[str, Any] = {
            "num_cpus": self.cpu,
            "num_gpus": self.gpu,
            "resources": dict(self.resources),
            "scheduling_strategy": "SPREAD" if self.placement == "spread" else "DEFAULT",
            "max_restarts": 0,
            "max_task_retries": 0,
        }
        if self.memory is not None:
            given["memory"] = self.memory
        return given

    def _check(self) -> None:
        amounts: dict[str, Any] = {"cpu": self.cpu, "gpu": self.gpu, **self.resources}
        for name, amount in amounts.items():
            place = f"executor.{name}" if name in ("cpu", "gpu") else f"executor.resources.{name}"
            if isinstance(amount, bool) or not isinstance(amount, int | float) or not math.isfinite(amount):
                raise UsageError(f"{place}: must be a number, got {amount!r}")
            if amount < 0 or (amount > 1 and amount != int(amount)):
                raise UsageError(f"{place}: Ray takes 0, a fraction below 1, or a whole number, got {amount:g}")
        for name in ("CPU", "GPU", "memory"):
            if name in self.resources:
                raise UsageError(f"executor.resources.{name}: write executor.{name.lower()} instead")


def fit(demand: Resources, node: Resources) -> int:
    """Return how many trials with such a demand a node has room for, when it does nothing else."""
    return min((int(node.get(name, 0.0) / amount + 1e-9) for name, amount in demand.items()), default=1)


def room(demand: Resources, nodes: Sequence[Resources]) -> int:
    """Return how many trials the nodes have room for."""
    return sum(fit(demand, node) for node in nodes)


def resources_text(resources: Resources) -> str:
    """``2 CPU, 1 GPU, 4.0 GB memory``."""
    shown = [
        f"{amount / 1e9:.1f} GB memory" if name == "memory" else f"{amount:g} {name}"
        for name, amount in resources.items()
        if name != "object_store_memory" and not name.startswith("node:")
    ]
    return ", ".join(shown) or "nothing"
