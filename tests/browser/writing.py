"""Sweeps, runs and models as a controller and clients would write them: the same ids and times whenever it is done."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from sweeper.artifacts import open_artifacts
from sweeper.controller import forecast
from sweeper.events import (
    AttemptEnded,
    AttemptStarted,
    Event,
    ParamsLogged,
    PointsLogged,
    RunEnded,
    RunStarted,
    SweepChanged,
    SweepCreated,
    SweepProgress,
    TagsSet,
    TrialCreated,
    VersionCreated,
)
from sweeper.records import (
    Failure,
    Goal,
    ModelVersion,
    Params,
    Point,
    Run,
    RunState,
    SweepRecord,
    SweepState,
)
from sweeper.space import SearchSpace
from sweeper.store.store import SqlStore

NOW = 1_790_000_000.0  #: when everything is looked at
HOUR, DAY = 3600.0, 86_400.0
BATCH = 200  #: trials in a transaction
COMMIT = "3f2c9ab17d0e4c1f9a55d2b8e6c70a9143bd52fe"


@dataclass(frozen=True)
class Child:
    """A run below a trial: a fold, a stage."""

    name: str
    metrics: Mapping[str, float] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Child, ...] = ()


@dataclass(frozen=True)
class Did:
    """What a trial did. ``pace`` is how long, beside the sweep's mean; ``retries`` are attempts that failed before."""

    values: tuple[float, ...] | None = None
    state: RunState = RunState.COMPLETE
    failure: Failure | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    curves: Mapping[str, Sequence[float]] = field(default_factory=dict)
    output: str = ""
    retries: tuple[Failure, ...] = ()
    children: tuple[Child, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    pace: float | None = None


@dataclass(frozen=True)
class Plan:
    """A sweep to write: ``objective`` gets parameters and number of a trial. ``age``: seconds since it began."""

    name: str
    parameters: Mapping[str, Any]
    objective: Callable[[Params, int], Did]
    trials: int
    goals: tuple[Goal, ...] = (Goal("accuracy", "maximize"),)
    state: SweepState = SweepState.FINISHED
    reason: str = "its trials are used up"
    age: float = DAY
    mean: float = 60.0  #: seconds of a trial
    planned: int | None = None
    workers: int = 4
    method: str = "tpe"
    experiment: str = "digits"
    target: str = "train.py:train"
    tags: Mapping[str, str] = field(default_factory=dict)
    constraints: tuple[str, ...] = ()
    description: str = ""
    user: str = "ada"
    sample: Callable[[random.Random], Params] | None = None  #: for a space that no file could declare
    files: Mapping[str, bytes] = field(default_factory=dict)
    left: tuple[float, float] | None = None  #: seconds that its controller thinks are left, and at most


class Scribe:
    """Writes into one store; what is drawn at random depends on the seed alone."""

    def __init__(self, store: SqlStore, now: float = NOW, seed: int = 1) -> None:
        self.store, self.now = store, now
        self.files = open_artifacts(store.artifacts)
        self._rng = random.Random(seed)

    def id(self, when: float) -> str:
        """Return a UUIDv7 of that moment."""
        noise = self._rng.getrandbits(74)
        return f"{int(when * 1000):012x}7{noise >> 62:03x}{0x8000000000000000 | noise & (2**62 - 1):016x}"

    def sweep(self, plan: Plan) -> SweepRecord:
        """Write a sweep with its trials and return it as the store gives it back."""
        rng = random.Random(f"{plan.name} {plan.age}")
        sample = plan.sample or SearchSpace.from_dict(plan.parameters, plan.constraints).sample
        sweep = self._record(plan)
        tags = {
            "mlflow.user": plan.user,
            "sweeper.command": f"sweeper run {plan.name}.yaml",
            "sweeper.host": "bench-1",
            "sweeper.python": "3.12.3",
            "sweeper.version": "0.5.0",
            "mlflow.source.git.commit": COMMIT,
        }
        if plan.left:
            tags[forecast.TAG] = forecast.written(forecast.Estimate(*plan.left), self.now)
        self.store.write(SweepCreated(sweep, {**tags, **plan.tags}, {"method": plan.method}))
        free = [sweep.created] * plan.workers
        events: list[Event] = []
        for number in range(plan.trials):
            params = sample(rng)
            did = plan.objective(params, number)
            slot = min(range(plan.workers), key=free.__getitem__)
            begun = free[slot]
            free[slot] += plan.mean * (rng.uniform(0.5, 1.5) if did.pace is None else did.pace)
            events += self._trial(sweep.id, number, params, did, (begun, free[slot]), f"slot {slot}")
            if number % BATCH == BATCH - 1:
                self.store.write(*events)
                events = []
        end = max(free)
        self.store.write(*events, SweepProgress(sweep.id, {}, None, end - sweep.created))
        if plan.state is not SweepState.RUNNING:
            self.store.write(SweepChanged(sweep.id, end, plan.state, reason=plan.reason))
        kept = {"sweep.yaml": sweep.source.encode(), "environment.json": environment(), **plan.files}
        for name, data in kept.items():
            self.files.write(f"{sweep.id}/{name}", data)
        self.store.flush()
        return self.store.find_sweep(sweep.id)

    def run(
        self,
        child: Child,
        parent: str | None = None,
        *,
        age: float = DAY,
        experiment: str = "digits",
        state: RunState = RunState.COMPLETE,
        tags: Mapping[str, str] | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> str:
        """Write a run outside sweeps, or below another one, with all below it; return its id."""
        begun = self.now - age
        experiment_id = "" if parent else self.store.experiment(experiment)
        made = list(self._run(child, parent, (begun, begun + 90), state, experiment_id))
        run_id: str = made[0].run.id
        self.store.write(*made, TagsSet(run_id, {"mlflow.user": "ada", **(tags or {})})).result()
        for name, data in (files or {}).items():
            self.files.write(f"{run_id}/{name}", data)
        return run_id

    def version(self, model: str, run_id: str, *, age: float = DAY, **facts: Any) -> ModelVersion:
        """Register files of a run as the next version of a model."""
        when = self.now - age
        source = f"runs:/{run_id}/model"
        location = f"{self.store.artifacts}/{run_id}/model"
        made = ModelVersion(
            self.id(when), model, source=source, location=location, run_id=run_id, **{"user": "ada"} | facts
        )
        self.store.write(VersionCreated(made, when, self.id(when))).result()
        return self.store.models.version_by_id(made.id)

    def _record(self, plan: Plan) -> SweepRecord:
        metrics = [{"name": goal.name, "goal": goal.direction} for goal in plan.goals]
        planned = plan.planned or plan.trials
        config = {
            "name": plan.name,
            "objective": plan.target,
            **({"description": plan.description} if plan.description else {}),
            "method": plan.method,
            **({"metric": metrics[0]} if len(metrics) == 1 else {"metrics": metrics}),
            "parameters": dict(plan.parameters),
            **({"constraints": list(plan.constraints)} if plan.constraints else {}),
            "budget": {"trials": planned},
            "executor": {"kind": "joblib", "workers": plan.workers},
            "seed": 7,
            "tags": dict(plan.tags),
            "experiment": plan.experiment,
        }
        begun = self.now - plan.age
        return SweepRecord(
            id=self.id(begun),
            name=plan.name,
            state=SweepState.RUNNING,
            method=plan.method,
            goals=plan.goals,
            space=dict(plan.parameters),
            config=config,
            source=yaml.safe_dump(config, sort_keys=False, allow_unicode=True),
            seed=7,
            trials=planned,
            experiment_id=self.store.experiment(plan.experiment),
            experiment=plan.experiment,
            created=begun,
            started=begun,
        )

    def _trial(
        self, sweep_id: str, number: int, params: Params, did: Did, times: tuple[float, float], worker: str
    ) -> Iterator[Event]:
        begun, end = times
        run_id = self.id(begun)
        yield TrialCreated(sweep_id, run_id, number, params, number, begun)
        for at, failure in enumerate(did.retries, 1):
            begun, over = begun + 2, begun + 1
            yield AttemptStarted(sweep_id, run_id, at, worker, begun - 2)
            yield AttemptEnded(sweep_id, run_id, at, over, None, begun - 2, failure=failure, output="starting\n")
        if did.state is RunState.QUEUED:
            return
        attempt = len(did.retries) + 1
        yield AttemptStarted(sweep_id, run_id, attempt, worker, begun)
        yield from self._told(run_id, did, (begun, end), attempt)
        if did.state is not RunState.RUNNING:
            state = RunState.FAILED if did.failure else did.state
            step = max((len(curve) for curve in did.curves.values()), default=0) - 1
            yield AttemptEnded(
                sweep_id,
                run_id,
                attempt,
                end,
                state,
                begun,
                did.values,
                did.metrics or None,
                did.failure,
                did.output,
                peak_memory=1 << 28,
                step=step if state is RunState.PRUNED else None,
            )
        for name, data in did.files.items():
            self.files.write(f"{run_id}/{name}", data)

    def _told(self, run_id: str, did: Did, times: tuple[float, float], attempt: int) -> Iterator[Event]:
        """What a trial told while it ran."""
        begun, end = times
        for name, curve in did.curves.items():
            tick = (end - begun) / (len(curve) + 1)
            points = (Point(name, value, step, begun + tick * (step + 1)) for step, value in enumerate(curve))
            yield PointsLogged(run_id, tuple(points), attempt)
        last = tuple(Point(name, value, 0, end) for name, value in did.metrics.items() if name not in did.curves)
        if last:
            yield PointsLogged(run_id, last, attempt)
        if did.tags:
            yield TagsSet(run_id, did.tags)
        state = RunState.RUNNING if did.state is RunState.RUNNING else RunState.COMPLETE
        for at, child in enumerate(did.children):
            share = (end - begun) / len(did.children)
            yield from self._run(child, run_id, (begun + at * share, begun + (at + 1) * share), state)

    def _run(
        self, child: Child, parent: str | None, times: tuple[float, float], state: RunState, experiment_id: str = ""
    ) -> Iterator[Any]:
        begun, end = times
        run = Run(self.id(begun), child.name, parent_id=parent, started=begun, experiment_id=experiment_id, user="ada")
        yield RunStarted(run)
        if child.params:
            yield ParamsLogged(run.id, child.params)
        if child.metrics:
            yield PointsLogged(run.id, tuple(Point(name, value, 0, end) for name, value in child.metrics.items()))
        for below in child.children:
            yield from self._run(below, run.id, times, state)
        if state.ended:
            yield RunEnded(run.id, state, end)


def environment() -> bytes:
    """Return the file that a controller keeps beside a sweep."""
    packages = {"numpy": "2.3.1", "scikit-learn": "1.8.0", "torch": "2.9.0"}
    return json.dumps({"python": "3.12.3", "platform": "Linux-6.1-x86_64", "cores": 8, "packages": packages}).encode()
