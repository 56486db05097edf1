"""The shapes that data can have, each a small store: what every page has to bear."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sweeper.records import Failure, FailureClass, Goal, Params, RunState, SweepState
from tests.browser import objectives as of
from tests.browser.hostile import hostile
from tests.browser.writing import DAY, HOUR, Child, Did, Plan, Scribe

Build = Callable[[Scribe], None]
LOSS, VALIDATION = Goal("loss"), Goal("val_accuracy", "maximize")
TRAINING = Plan("resnet", of.RESNET, of.resnet, 60, (VALIDATION,), experiment="vision")
FOREST = Plan("forest", of.FOREST, of.forest, 40)
WIDE: Mapping[str, Any] = {key: spec for key, spec in of.FOREST.items() if key != "n_jobs"} | {
    "subsample": {"min": 0.4, "max": 1.0}
}


def empty(scribe: Scribe) -> None:
    """Nothing at all."""


def no_trials(scribe: Scribe) -> None:
    scribe.sweep(replace(FOREST, name="waiting", trials=0, planned=20, state=SweepState.RUNNING, age=5))


def one(scribe: Scribe) -> None:
    scribe.sweep(replace(FOREST, name="single", trials=1))


def running(scribe: Scribe) -> None:
    """Trials in every state, attempts that failed before, and a sweep that runs beside one that was left behind."""

    def objective(params: Params, number: int) -> Did:
        did = of.resnet(params, number)
        if number >= 39:
            return Did(state=RunState.QUEUED)
        if number >= 35:
            retries = (of.raised("OSError", "no space left"),) if number == 36 else ()
            told = of.curves(0.9, 30, number, 12)
            return Did(state=RunState.RUNNING, curves=told, retries=retries, children=(Child("warm-up"),), pace=0.0)
        return did

    now = replace(
        TRAINING,
        objective=objective,
        trials=42,
        planned=200,
        state=SweepState.RUNNING,
        mean=300.0,
        left=(9000.0, 12_000.0),
    )
    scribe.sweep(replace(now, name="running", age=42 / 4 * 300.0))
    left = replace(FOREST, name="left-behind", trials=9, planned=30, state=SweepState.INTERRUPTED, reason="SIGTERM")
    scribe.sweep(replace(left, age=3 * DAY))


def all_failed(scribe: Scribe) -> None:
    scribe.sweep(
        replace(
            FOREST,
            name="broken",
            objective=of.always_fails,
            trials=20,
            state=SweepState.FAILED,
            reason="20 trials failed, none completed",
        )
    )


def pruned(scribe: Scribe) -> None:
    scribe.sweep(replace(TRAINING, name="pruned", method="tpe", trials=80))


def conditional(scribe: Scribe) -> None:
    """Parameters that depend on others, log and whole numbers, categories with None and booleans, a constant."""
    scribe.sweep(Plan("conditional", of.SVM, of.svm, 90, (LOSS,), target="svm.py:train"))


def multi(scribe: Scribe) -> None:
    goals = (Goal("accuracy", "maximize"), Goal("latency_ms", "minimize"))
    limits = ("n_estimators * max_depth <= 8000",)
    scribe.sweep(Plan("multi", of.FOREST, of.two_goals, 80, goals, method="nsga2", constraints=limits))


def large(scribe: Scribe) -> None:
    """10,000 trials of 8 parameters."""
    scribe.sweep(Plan("large", WIDE, of.forest, 10_000, mean=2.0, workers=16))


def nested(scribe: Scribe) -> None:
    """Folds with stages below each trial, files, and runs outside sweeps."""
    tags = {"dataset": "digits"}
    scribe.sweep(replace(FOREST, name="nested", objective=of.folds, trials=12, tags=tags, user="grace"))
    steps = tuple(Child(f"step-{at}", {"seconds": 2.0 + at}) for at in range(3))
    scribe.run(Child("pipeline", {"rows": 1200.0}, {"source": "s3://data/digits"}, steps), files={"out.txt": b"done\n"})
    scribe.run(Child("baseline", {"accuracy": 0.81}), age=2 * HOUR, tags={"note": "by hand"})


def several(scribe: Scribe) -> None:
    """Five sweeps of one objective: ranges that widen, one that found its best at an edge, one on other data."""
    spaces: list[Any] = [
        ("first", {"lr": {"min": 1e-6, "max": 1e-4, "log": True}}, {"dataset": "digits"}),
        ("second", {}, {"dataset": "digits"}),
        ("third", {"lr": {"min": 3e-4, "max": 3e-3, "log": True}}, {"dataset": "digits", "paper": "yes"}),
        ("other-data", {}, {"dataset": "letters"}),
        ("third", {"lr": {"min": 3e-4, "max": 3e-3, "log": True}}, {"dataset": "digits"}),
    ]
    for at, (name, change, tags) in enumerate(spaces):
        parameters = {**of.RESNET, **change}
        scribe.sweep(replace(TRAINING, name=name, parameters=parameters, trials=36, tags=tags, age=(9 - at) * DAY))


def models(scribe: Scribe) -> None:
    """Two registered models: versions, aliases, stages, where they come from."""
    model = {"model/model.pkl": b"\x80\x04N.", "model/MLmodel": b"flavors: {}\n"}

    def with_model(params: Params, number: int) -> Did:
        return replace(of.forest(params, number), files=model)

    sweep = scribe.sweep(replace(FOREST, name="registered", objective=with_model, trials=12, age=4 * DAY))
    best = sweep.best
    assert best
    lineage = {
        "params": dict(best.params),
        "metrics": {"accuracy": best.value},
        "sweep": {"id": sweep.id, "name": sweep.name},
        "trial": {"number": best.number},
    }
    runs = scribe.store.trials(sweep.id)
    scribe.version("digits", runs[0].run_id, age=3 * DAY, stage="Archived", description="the first")
    scribe.version("digits", runs[1].run_id, age=2 * DAY, stage="Staging", aliases=("challenger",))
    scribe.version("digits", best.run_id, age=DAY, stage="Production", aliases=("champion", "prod"), facts=lineage)
    scribe.version("letters", runs[2].run_id, tags={"team": "vision"}, state="FAILED_REGISTRATION", message="no files")


def odd_numbers(scribe: Scribe) -> None:
    """Values that are no ordinary numbers: infinite, not a number, huge, tiny, all the same."""
    values = [float("inf"), float("-inf"), 1e300, -1e300, 5e-324, 0.0, -0.0, 1.0, float("nan")]

    def objective(params: Params, number: int) -> Did:
        value = values[number % len(values)]
        failure = Failure(FailureClass.INVALID_VALUE, "the objective returned nan")
        told = {"loss": [1.0, value, 2.0], "flat": [3.0] * 4}
        return Did(None, failure=failure, curves=told) if value != value else Did((value,), curves=told)

    space = {"x": {"values": [0.5]}, "lr": {"min": 1e-300, "max": 1.0, "log": True}, "big": {"min": 0, "max": 10**15}}
    scribe.sweep(Plan("odd-numbers", space, objective, 27, (LOSS,)))


SHAPES: dict[str, Build] = {
    build.__name__.replace("_", "-"): build
    for build in (
        empty,
        no_trials,
        one,
        running,
        all_failed,
        pruned,
        conditional,
        multi,
        large,
        hostile,
        nested,
        several,
        models,
        odd_numbers,
    )
}
LIVE = ("waiting", "running", "resnet-lr-wd")  #: sweeps whose controller is alive while their store is open
