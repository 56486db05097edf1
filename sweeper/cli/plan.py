"""A sweep before it runs: reading its file, and what ``validate`` and ``run --dry-run`` say about it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from sweeper.cli.session import Session
from sweeper.cli.spaces import space_table
from sweeper.cli.tables import facts
from sweeper.cli.text import duration, inert, number, params_text, plural

if TYPE_CHECKING:
    from sweeper.config import ExecutorConfig, SweepConfig
    from sweeper.records import Goal
    from sweeper.space import SearchSpace


POINTS = 5  #: how many points a dry run shows
LISTED = 5  #: past sweeps that a dry run names


def read_config(file: str, overrides: Sequence[str] = ()) -> SweepConfig:
    """Read a sweep file, or a bundled sweep, against the samplers, executors and pruners that exist."""
    from sweeper import plugins
    from sweeper.config import load_config
    from sweeper.pruners.make import check_options

    return load_config(
        file,
        overrides=overrides,
        methods=["auto", *plugins.names("sampler")],
        executors=plugins.names("executor"),
        pruners=plugins.names("pruner"),
        pruner_options=check_options,
    )


def notes_of(config: SweepConfig) -> list[str]:
    """Sentences that a person should read before the sweep runs."""
    return [*config.notices, *(["tracking is not acted on in this version"] if config.tracking else [])]


def config_facts(config: SweepConfig) -> list[tuple[str, str]]:
    """What a sweep will do, as names and values for a table. Raises ObjectiveError for a program that is not there."""
    from sweeper.api.programs import what_runs

    executor = config.executor
    rows = [
        ("name", config.name),
        ("objective", config.objective.label if config.objective else "-"),
        *what_runs(config),
        ("goal", ", ".join(goal_text(goal) for goal in config.goals)),
        ("method", config.method),
        ("warm start", warm_text(config)),
        ("space", space_text(config.space)),
        ("budget", budget_text(config)),
        ("executor", executor_text(executor)),
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


def warm_text(config: SweepConfig) -> str:
    """``auto, from digits-*``: what a sweep will learn from."""
    if not config.warm_start:
        return ""
    sources = (
        one if isinstance(one, str) else "tag " + ", ".join(f"{name}={value}" for name, value in one["tag"].items())
        for one in config.warm_start["from"]
    )
    return f"{config.warm_start['mode']}, from {', '.join(sources)}"


def executor_text(executor: ExecutorConfig) -> str:
    """``joblib with 4 workers``."""
    if executor.kind == "inline":
        return "inline"
    workers = "a worker for each core" if executor.workers is None else plural(executor.workers, "worker")
    return f"{executor.kind} with {workers}"


def space_text(space: SearchSpace) -> str:
    """``5 parameters, 2 conditional, 1 constraint``."""
    conditional = sum(bool(parameter.when) for parameter in space.parameters.values())
    parts = [plural(len(space.parameters), "parameter")]
    parts += [f"{conditional} conditional"] if conditional else []
    parts += [plural(len(space.constraints), "constraint")] if space.constraints else []
    return ", ".join(parts)


def past_of(session: Session, config: SweepConfig) -> tuple[list[str], list[str]]:
    """Return the ids of the sweeps that a warm start would learn from, and sentences about them and those skipped.

    Raises UsageError as the sweep itself would, for those that it cannot learn from.
    """
    if not config.warm_start:
        return [], []
    from sweeper.controller.warm.sources import find_sources, label

    with session.store() as store:
        found = find_sources(store, config, config.warm_start["from"])
    names = [label(source.sweep) for source in found.found]
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    notes = [f"would learn from {plural(len(names), 'sweep')}: {', '.join(names[:LISTED])}{more}"]
    notes += [*found.older, *found.skipped[:LISTED]]
    notes += [f"{label(one.sweep)} had {' and '.join(one.differs)}" for one in found.found if one.differs][:LISTED]
    return [source.sweep.id for source in found.found], notes


def dry_run(session: Session, config: SweepConfig) -> int:
    """Show what would run; create nothing."""
    space, rows = config.space, config_facts(config)
    past, told = past_of(session, config)
    source = random.Random(config.seed or 0)
    in_order = config.method == "grid"
    points = list(islice(space.grid(), POINTS)) if in_order else [space.sample(source) for _ in range(POINTS)]
    size = space.grid_size() if space.is_finite else None
    if session.as_json:
        session.emit({"config": config.to_dict(), "grid_size": size, "points": points, "past": past})
        return 0
    session.show(facts(rows), "", space_table(space, session.console.width), "")
    if size is not None:
        session.show(f"{plural(size, 'point')} in all")
    session.show("first points" if in_order else "points such as")
    session.show(*(f"  {params_text(point)}" for point in points))
    for note in [*told, *notes_of(config)]:
        session.say(f"note: {inert(note)}")
    session.hint("nothing was created")
    return 0
