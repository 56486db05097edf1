"""From a checked mapping to the frozen :class:`SweepConfig`: defaults, W&B's words, search space, objective."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from sweeper.config.lookup import Lookup
from sweeper.config.models import BudgetBlock, ExecutorBlock, SweepFile
from sweeper.config.objective import read_objective
from sweeper.config.places import Places
from sweeper.config.problems import model_problems
from sweeper.config.rules import Known, check, metric_notices
from sweeper.config.secrets import mask_urls
from sweeper.config.spaces import listed
from sweeper.config.sweep import (
    DEFAULT_EXPERIMENT,
    DEFAULT_TRIALS,
    UNLIMITED,
    Budget,
    ExecutorConfig,
    ObjectiveSpec,
    SweepConfig,
)
from sweeper.config.tags import read_tags
from sweeper.errors import ConfigError, Problem
from sweeper.records import Goal
from sweeper.space import SearchSpace, parse_space

METHODS = {"bayes": "tpe", "custom": "auto"}  #: W&B's words for who proposes, and ours


def assemble(
    data: Mapping[str, Any],
    places: Places,
    *,
    problems: list[Problem],
    known: Known,
    lookup: Lookup,
    source: str = "",
    name: str = "sweep",
) -> SweepConfig:
    """Return the config. Raises ConfigError with ``problems`` and all that are found here, in the file's order."""
    file, space, notices = None, None, list(metric_notices(data))
    found = read_objective(data, lookup)
    tags, tag_problems = read_tags(data)
    problems = [*problems]
    try:
        file = SweepFile.model_validate(data)
    except ValidationError as error:
        problems += model_problems(error, places)
    if isinstance(data.get("parameters"), Mapping) and data["parameters"]:
        space, space_problems, said = _space(data, places)
        problems += space_problems
        notices += said
    for path, message in (*check(data, known, whole=bool(lookup.folders)), *found.problems, *tag_problems):
        problems.append(places.problem(path, message))
    if problems or file is None or space is None:
        raise ConfigError(in_order(problems, places.file))
    notices += found.notices
    if file.method in METHODS:
        notices.append(f"method {file.method} of W&B is run as {METHODS[file.method]}")
    return _config(file, space, found.spec, tags, name, source, places.file, tuple(notices))


def in_order(problems: list[Problem], file: str) -> list[Problem]:
    """Return each problem once, passwords masked, by line; those of ``file`` first."""
    masked = [Problem(mask_urls(one.message), one.path, one.line, one.file) for one in problems]
    return sorted(dict.fromkeys(masked), key=lambda one: (one.file != file, one.file, one.line or 0))


def _space(data: Mapping[str, Any], places: Places) -> tuple[SearchSpace | None, list[Problem], list[str]]:
    space, problems, notices = parse_space(data["parameters"], listed(data.get("constraints")))
    return space, [places.problem(problem.path, problem.message) for problem in problems], notices


def _config(
    file: SweepFile,
    space: SearchSpace,
    objective: ObjectiveSpec | None,
    tags: dict[str, str],
    name: str,
    source: str,
    path: str,
    notices: tuple[str, ...],
) -> SweepConfig:
    metrics = [file.metric] if file.metric else file.metrics or []
    warm_start = file.warm_start
    early = file.early_terminate
    return SweepConfig(
        name=file.name or name,
        description=file.description or "",
        objective=objective,
        method=METHODS.get(file.method, file.method),
        options=file.sampler or {},
        goals=tuple(Goal(metric.name, metric.goal, metric.target) for metric in metrics),
        impute=metrics[0].impute,
        impute_while_running=metrics[0].impute_while_running,
        space=space,
        budget=_budget(file.budget, file.run_cap, file.method),
        executor=_executor(file.executor),
        retry={
            kind: UNLIMITED if times == "unlimited" else int(times)
            for kind, times in file.retry.model_dump(by_alias=True).items()
        },
        early_terminate=None if early is None else early.model_dump(exclude_none=True),
        warm_start=None if warm_start is None else warm_start.model_dump(by_alias=True),
        reuse=bool(file.reuse),
        seed=file.seed,
        tags=tags,
        experiment=file.experiment or file.project or DEFAULT_EXPERIMENT,
        store=file.store,
        artifacts=file.artifacts,
        tracking=file.tracking.model_dump(exclude_defaults=True),
        notices=notices,
        source=mask_urls(source),
        file=path,
    )


def _budget(block: BudgetBlock, run_cap: int | None, method: str) -> Budget:
    """A grid runs whole; anything else is bounded, by 100 trials if by nothing else."""
    trials = block.trials if block.trials is not None else run_cap
    bounded = any(limit is not None for limit in (trials, block.time, block.cost, block.patience))
    if not bounded and method != "grid" and "trials" not in block.model_fields_set:
        trials = DEFAULT_TRIALS
    cost = block.cost
    return Budget(
        trials=trials,
        time=block.time,
        failures=block.failures,
        cost=cost.limit if cost else None,
        cost_metric=cost.metric if cost else None,
        patience=block.patience,
    )


def _executor(block: ExecutorBlock) -> ExecutorConfig:
    typed = {"kind", "workers", "timeout", "isolation", "memory", "options"}
    return ExecutorConfig(
        kind=block.kind,
        workers=block.workers,
        timeout=block.timeout,
        isolation=block.isolation,
        memory=block.memory,
        options=block.model_dump(exclude=typed, exclude_none=True) | (block.options or {}),
    )
