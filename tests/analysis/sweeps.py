"""Sweeps of every kind, written into a real store as a controller would write them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sweeper.events import AttemptEnded, AttemptStarted, Event, PointsLogged, SweepCreated, SweepProgress, TrialCreated
from sweeper.interfaces import Store
from sweeper.records import (
    BestTrial,
    Failure,
    FailureClass,
    Goal,
    Params,
    Point,
    RunState,
    SweepRecord,
    SweepState,
    TrialRecord,
    new_id,
)
from sweeper.space import SearchSpace

START = 1_790_000_000.0
EVIL = "<script>alert('x')</script> $\\frac{1}{2}$ `whoami` | [x](javascript:alert(1)) =cmd()"
EMOJI = "lr 🚀 学习率 \u202egnp.exe"


@dataclass(frozen=True)
class Made:
    """What a trial did: its values, or a failure, or neither (still running)."""

    values: tuple[float, ...] | None = None
    failure: Failure | None = None
    state: RunState = RunState.COMPLETE
    curve: Sequence[float] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """A sweep to write: ``objective`` gets the parameters and the number of a trial."""

    parameters: Mapping[str, Any]
    objective: Callable[[Params, int], Made]
    trials: int = 60
    name: str = "digits-forest"
    goals: tuple[Goal, ...] = (Goal("accuracy", "maximize"),)
    state: SweepState = SweepState.FINISHED
    tags: Mapping[str, str] = field(default_factory=dict)
    constraints: tuple[str, ...] = ()
    planned: int | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    workers: int = 4
    source: str = "name: digits-forest\n"
    sample: Callable[[random.Random], Params] | None = None  #: for a space that no file could declare


def write_sweep(store: Store, plan: Plan, seed: int = 7) -> SweepRecord:
    """Write a whole sweep and return it as the store gives it back."""
    sample = plan.sample or SearchSpace.from_dict(plan.parameters, plan.constraints).sample
    sweep = _record(store, plan, seed)
    tags = {"mlflow.user": "ada", "sweeper.python": "3.11.7", "sweeper.command": "sweeper run digits.yaml"}
    store.write(SweepCreated(sweep, {**tags, **plan.tags}, {}))
    rng = random.Random(seed)
    counts: dict[str, int] = {}
    best: BestTrial | None = None
    free = [START] * plan.workers
    for number in range(plan.trials):
        params = sample(rng)
        made = plan.objective(params, number)
        slot = min(range(plan.workers), key=free.__getitem__)
        begin, end = free[slot], free[slot] + 2 + 6 * rng.random()
        free[slot] = end
        run_id = new_id()
        store.write(*_trial(sweep.id, run_id, number, params, made, (begin, end), f"worker-{slot}"))
        state = RunState.FAILED if made.failure else made.state
        counts[state] = counts.get(state, 0) + 1
        if state is RunState.COMPLETE and made.values and len(plan.goals) == 1:
            value = made.values[0]
            if best is None or plan.goals[0].better(value, best.value):
                best = BestTrial(number, run_id, value, params)
    store.write(SweepProgress(sweep.id, counts, best, max(free) - START))
    store.flush()
    return store.find_sweep(sweep.id)


def _record(store: Store, plan: Plan, seed: int) -> SweepRecord:
    metrics = [{"name": goal.name, "goal": goal.direction} for goal in plan.goals]
    config = {
        "name": plan.name,
        "objective": "examples/digits_forest.py:train",
        "method": "tpe",
        **({"metric": metrics[0]} if len(metrics) == 1 else {"metrics": metrics}),
        "parameters": dict(plan.parameters),
        **({"constraints": list(plan.constraints)} if plan.constraints else {}),
        "budget": {"trials": plan.planned or plan.trials, "failures": 20},
        "executor": {"kind": "joblib", "workers": plan.workers},
        "experiment": "digits",
    } | dict(plan.config)
    return SweepRecord(
        id=new_id(),
        name=plan.name,
        state=plan.state,
        method="tpe",
        goals=plan.goals,
        space=dict(plan.parameters),
        config=config,
        source=plan.source,
        seed=seed,
        trials=plan.planned or plan.trials,
        experiment_id=store.experiment("digits"),
        experiment="digits",
        created=START,
        started=START,
        ended=START + 300 if plan.state.ended else None,
        tags=plan.tags,
    )


def _trial(
    sweep_id: str, run_id: str, number: int, params: Params, made: Made, times: tuple[float, float], worker: str
) -> Iterator[Event]:
    begin, end = times
    yield TrialCreated(sweep_id, run_id, number, params, number, begin)
    if made.state is RunState.QUEUED:
        return
    yield AttemptStarted(sweep_id, run_id, 1, worker, begin)
    if made.curve:
        name = next(iter(made.metrics), "accuracy")
        yield PointsLogged(run_id, tuple(Point(name, value, step, begin) for step, value in enumerate(made.curve)), 1)
    if made.state is RunState.RUNNING:
        return
    state = RunState.FAILED if made.failure else made.state
    yield AttemptEnded(sweep_id, run_id, 1, end, state, begin, made.values, made.metrics or None, made.failure)


FOREST = {
    "n_estimators": {"min": 20, "max": 400},
    "max_depth": {"min": 2, "max": 32, "distribution": "log_uniform_values"},
    "learning_rate": {"min": 1e-5, "max": 1e-1, "distribution": "log_uniform_values"},
    "criterion": {"values": ["gini", "entropy", "log_loss"]},
    "max_features": {"min": 0.05, "max": 1.0},
    "bootstrap": {"values": [True, False]},
    "batch": {"values": [16, 32, 64, 128]},
    "n_jobs": {"value": 1},
}


def accuracy(params: Params, number: int) -> Made:
    """A peak in the learning rate, a little of all else, and noise that depends on the number alone."""
    rate, depth = math.log10(params["learning_rate"]), math.log2(params["max_depth"])
    score = 0.95 - 0.06 * (rate + 3) ** 2 - 0.004 * (depth - 4) ** 2 - 0.01 * (params["criterion"] == "log_loss")
    score += 0.004 * math.sin(number * 12.9898)
    if number % 17 == 5:
        kind = FailureClass.OOM if number % 2 else FailureClass.EXCEPTION
        return Made(failure=Failure(kind, f"cannot allocate {number * 1000} bytes", TRACEBACK.replace("12", str(12))))
    curve = [score - 0.3 * 0.6**step for step in range(12)]
    if number % 9 == 4:
        return Made((curve[3],), state=RunState.PRUNED, curve=curve[:4], metrics={"accuracy": curve[3]})
    return Made((score,), curve=[*curve, score], metrics={"accuracy": score, "fit_seconds": 1.5 + number % 3})


TRACEBACK = """Traceback (most recent call last):
  File "/home/ada/project/train.py", line 40, in train
    model.fit(X, y)
  File "/home/ada/project/model.py", line 12, in fit
    raise MemoryError(message)
MemoryError: cannot allocate
"""


def forest(**changes: Any) -> Plan:
    """An ordinary sweep with a few failed and pruned trials."""
    return Plan(**{"parameters": FOREST, "objective": accuracy, **changes})


def all_failed() -> Plan:
    def fail(params: Params, number: int) -> Made:
        if number % 3 == 0:
            return Made(failure=Failure(FailureClass.EXIT, "the process ended with exit code 3", exit_code=3))
        if number % 3 == 1:
            return Made(failure=Failure(FailureClass.EXCEPTION, f"ValueError: batch {number} is empty", TRACEBACK))
        return Made(failure=Failure(FailureClass.INVALID_VALUE, "the objective returned None; return a number"))

    return Plan(FOREST, fail, 20, state=SweepState.FAILED)


def multi() -> Plan:
    def both(params: Params, number: int) -> Made:
        made = accuracy(params, number * 17)
        assert made.values
        return Made((made.values[0], params["n_estimators"] * 0.8 + params["max_depth"]))

    return Plan(FOREST, both, 80, "digits-multi", (Goal("accuracy", "maximize"), Goal("latency_ms", "minimize")))


SVM = {
    "kernel": {"values": ["linear", "rbf", "poly"]},
    "C": {"min": 1e-3, "max": 1e3, "distribution": "log_uniform_values"},
    "gamma": {"min": 1e-4, "max": 1e1, "distribution": "log_uniform_values", "when": {"kernel": ["rbf", "poly"]}},
    "degree": {"min": 2, "max": 5, "distribution": "int_uniform", "when": {"kernel": "poly"}},
    "coef0": {"min": 0.0, "max": 1.0, "when": {"kernel": "poly"}},
}


def svm_loss(params: Params, number: int) -> Made:
    loss = 0.2 + 0.02 * abs(math.log10(params["C"])) + {"linear": 0.2, "rbf": 0.0, "poly": 0.1}[params["kernel"]]
    if "gamma" in params:
        loss += 0.08 * abs(math.log10(params["gamma"]) + 2)
    return Made((loss + 0.01 * math.sin(number * 78.233),))


def conditional() -> Plan:
    return Plan(SVM, svm_loss, 90, "svm", (Goal("loss"),))


HOSTILE_NAMES = {
    "evil": EVIL,
    "emoji": EMOJI,
    "long": "long " + "x" * 5000,
    "path": "../../etc/passwd",
    "other-path": "..-..-etc-passwd",
}


class HostileNames:
    """A store whose parameters have names that ours refuses, but one of another make may hold."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def trials(self, sweep_id: str, **which: Any) -> list[TrialRecord]:
        return [
            replace(trial, params={HOSTILE_NAMES[name]: value for name, value in trial.params.items()})
            for trial in self.store.trials(sweep_id, **which)
        ]


def hostile() -> Plan:
    """Names, values, tags and messages that would do harm where they are not taken literally; see HostileNames."""
    values = [EVIL, "-1+1", "@SUM(A1)", "y" * 5000, None, [1, "a"], {"k": "</script>"}]

    def sample(rng: random.Random) -> Params:
        drawn = (rng.random(), 10 ** -rng.uniform(0, 6), rng.choice(values), rng.randint(1, 9), rng.randint(1, 9))
        return dict(zip(HOSTILE_NAMES, drawn, strict=True))

    def attack(params: Params, number: int) -> Made:
        if number % 5 == 0:
            message = f"{EVIL}\n\x1b[31mred\x1b[0m {'z' * 5000}"
            return Made(failure=Failure(FailureClass.EXCEPTION, message, TRACEBACK + EVIL))
        return Made((params["evil"] + params["path"] / 10,))

    return Plan(
        {}, attack, 40, f"evil {EVIL} {EMOJI}", (Goal(f"loss {EVIL} $x$"),), tags={"note": EVIL, "long": "t" * 5000},
        source=f"# {EVIL}\nname: x\n", config={"description": EVIL}, sample=sample,
    )  # fmt: skip
