"""From a config to everything a controller needs to begin: method, seed, workers, the sweep's record."""

from __future__ import annotations

import hashlib
import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sweeper import plugins
from sweeper.config import SweepConfig
from sweeper.controller.choices import REASON
from sweeper.errors import SpaceError, UsageError
from sweeper.interfaces import Pruner, Sampler
from sweeper.pruners.make import make_pruner
from sweeper.records import Params, SweepRecord, SweepState, new_id
from sweeper.samplers.replay import ReplaySampler
from sweeper.samplers.warm.begin import begin
from sweeper.samplers.warm.history import History

MANY = 500  #: trials from which on CMA-ES finds better numbers
REPLAY = "replay"  #: the method of a rerun: its options are the points of its trials, and their seeds


@dataclass(frozen=True, slots=True)
class Plan:
    """A config made definite: ``sweep`` is the record that is stored, ``reason`` says how ``auto`` chose the method.

    ``history`` is what it learns of past sweeps; what its sampler has to say is appended to ``said``.
    """

    config: SweepConfig
    sweep: SweepRecord
    workers: int
    reason: str = ""
    history: History | None = None
    said: list[str] = field(default_factory=list)

    def kwargs(self, params: Params) -> dict[str, Any] | None:
        """Return parameters nested as the objective gets them; None when that is the same."""
        nested = self.config.space.nest(params)
        return None if nested == params else nested

    def sampler(self) -> Sampler:
        """Make the sampler. Raises UsageError for options or spaces it does not take."""
        if self.sweep.method == REPLAY:
            return ReplaySampler(self.config.options["points"])
        kind, sweep, config = plugins.load("sampler", self.sweep.method), self.sweep, self.config
        if self.history is not None:
            return begin(kind, config.space, sweep.goals, sweep.seed, config.options, self.history, self.said.append)
        made: Sampler = kind(config.space, sweep.goals, sweep.seed, **config.options)
        return made

    def seed(self, number: int) -> int:
        """Return the seed of a trial, in [0, 2**32)."""
        if self.sweep.method == REPLAY:
            given: int = self.config.options["seeds"][number]
            return given
        return trial_seed(self.sweep.seed, number)

    def pruner(self) -> Pruner | None:
        """Make the rule of ``early_terminate``. Raises UsageError for options it does not take."""
        block = self.config.early_terminate
        return make_pruner(block, self.sweep.goals[0]) if block else None


def make_plan(
    config: SweepConfig,
    *,
    experiment_id: str = "",
    artifacts: str = "",
    notice: Callable[[str], None] = lambda sentence: None,
) -> Plan:
    """Decide what a config leaves open. ``artifacts`` is the root of the artifact store; ``notice`` is told what
    takes a while."""
    method, reason = choose_method(config)
    if method != REPLAY and method not in plugins.names("sampler"):
        plugins.load("sampler", method)
    trials = config.budget.trials
    if method == "grid" and trials is None:
        trials = _grid_size(config)
    seed = config.seed if config.seed is not None else random.SystemRandom().randrange(2**31)
    config = replace(config, budget=replace(config.budget, trials=trials))
    tags = {**config.tags, **({REASON: reason} if reason else {})}
    sweep_id = new_id()
    sweep = SweepRecord(
        id=sweep_id,
        name=config.name,
        state=SweepState.RUNNING,
        method=method,
        goals=config.goals,
        space=config.space.to_dict(),
        config=config.to_dict(),
        source=config.source,
        seed=seed,
        trials=trials,
        experiment_id=experiment_id,
        experiment=config.experiment,
        created=time.time(),
        started=time.time(),
        artifact_uri=f"{artifacts.rstrip('/')}/{sweep_id}" if artifacts else "",
        tags=tags,
    )
    return Plan(replace(config, tags=tags), sweep, workers(config, notice), reason)


def choose_method(config: SweepConfig) -> tuple[str, str]:
    """Return the sampler for ``method: auto`` and why; any other method stays.

    The rule, the first that holds: a space whose every point fits the budget is gone through by ``grid``; several
    goals, conditions, categories, constraints, past sweeps and budgets below ``MANY`` trials are for ``tpe``; numbers
    alone with more trials than that for ``cmaes`` (docs/samplers.md has what was measured).
    """
    if config.method != "auto":
        return config.method, ""
    trials, space = config.budget.trials, config.space
    if space.is_finite and trials is not None and (size := _grid_size(config)) is not None and size <= trials:
        return "grid", f"all {size} points of the space fit the budget of {trials} trials"
    if len(config.goals) > 1:
        return "tpe", f"there are {len(config.goals)} goals"
    if config.warm_start:
        return "tpe", "it can learn from past sweeps"
    if trials is None or trials < MANY:
        return "tpe", f"it needs the fewest trials below {MANY}"
    plain = all(one.domain is None or (one.is_numeric and not one.when) for one in space.parameters.values())
    if space.constraints or not plain:
        return "tpe", "it handles categories, conditions and constraints"
    return "cmaes", f"all parameters are numbers, and {trials:,} trials are enough for it"


def workers(config: SweepConfig, notice: Callable[[str], None] = lambda sentence: None) -> int:
    """Return how many trials run at once: as asked, else one per usable core; never more than there are trials.

    The cores are those of this host, or of the cluster that the executor is for, which is connected to; ``notice`` is
    told when that takes a while.
    """
    executor = config.executor
    if executor.kind == "inline":
        return 1
    connect = getattr(plugins.load("executor", executor.kind), "connect", None)
    if connect is not None:
        most = executor.workers and min(executor.workers, config.budget.trials or executor.workers)
        wanted = int(connect(most, {**executor.options, "memory": executor.memory}, notice=notice))
    else:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        wanted = executor.workers or cores
    return min(wanted, config.budget.trials or wanted)


def trial_seed(seed: int, number: int) -> int:
    """Return the seed of a trial, in [0, 2**32): the same for the same sweep seed and number, on every machine."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{number}".encode()).digest()[:4], "big")


def _grid_size(config: SweepConfig) -> int | None:
    try:
        size: int = config.space.grid_size()
    except SpaceError as error:
        if config.method == "grid":
            raise UsageError(f"method grid: {error}") from error
        return None
    return size
