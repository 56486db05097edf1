"""A sweep's config in words, before it runs: what ``validate`` and ``run --dry-run`` show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sweeper.cli.text import duration, number, plural

if TYPE_CHECKING:
    from sweeper.config import SweepConfig
    from sweeper.records import Goal
    from sweeper.space import SearchSpace


def read_config(file: str, overrides: Sequence[str] = ()) -> SweepConfig:
    """Read a sweep file, or a bundled sweep, against the samplers, executors and pruners that exist."""
    from sweeper import plugins
    from sweeper.config import load_config

    return load_config(
        file,
        overrides=overrides,
        methods=["auto", *plugins.names("sampler")],
        executors=plugins.names("executor"),
        pruners=plugins.names("pruner"),
    )


def config_facts(config: SweepConfig) -> list[tuple[str, str]]:
    """What a sweep will do, as names and values for a table."""
    executor = config.executor
    rows = [
        ("name", config.name),
        ("objective", config.objective.label if config.objective else "-"),
        ("goal", ", ".join(goal_text(goal) for goal in config.goals)),
        ("method", config.method),
        ("space", space_text(config.space)),
        ("budget", budget_text(config)),
        ("executor", f"{executor.kind}, {workers_text(executor.workers)}"),
        ("timeout", f"{duration(executor.timeout)} for each trial" if executor.timeout else ""),
        ("seed", "" if config.seed is None else str(config.seed)),
        ("experiment", config.experiment),
        ("tags", ", ".join(f"{key}={value}" for key, value in config.tags.items())),
    ]
    return [(name, value) for name, value in rows if value]


def goal_text(goal: Goal) -> str:
    target = "" if goal.target is None else f" (until {number(goal.target)})"
    return f"{goal.direction} {goal.name}{target}"


def budget_text(config: SweepConfig) -> str:
    """``60 trials, 20 min``."""
    budget = config.budget
    parts = ["trials without limit" if budget.trials is None else plural(budget.trials, "trial")]
    parts += [duration(budget.time)] if budget.time else []
    parts += [f"cost {number(budget.cost)}"] if budget.cost else []
    parts += [f"{budget.patience} without a better value"] if budget.patience else []
    return ", ".join(parts)


def workers_text(workers: int | None) -> str:
    return "a worker for each core" if workers is None else plural(workers, "worker")


def space_text(space: SearchSpace) -> str:
    """``5 parameters, 2 conditional, 1 constraint``."""
    conditional = sum(bool(parameter.when) for parameter in space.parameters.values())
    parts = [plural(len(space.parameters), "parameter")]
    parts += [f"{conditional} conditional"] if conditional else []
    parts += [plural(len(space.constraints), "constraint")] if space.constraints else []
    return ", ".join(parts)
