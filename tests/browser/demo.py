"""A team's store that looks like one: twelve sweeps of three weeks, one running, models in use. For pictures."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

from sweeper.records import Failure, FailureClass, Goal, Params, RunState, SweepState
from sweeper.space import SearchSpace
from tests.browser import objectives as of
from tests.browser.writing import DAY, HOUR, Child, Did, Plan, Scribe

ACCURACY, VALIDATION, LOSS = Goal("accuracy", "maximize"), Goal("val_accuracy", "maximize"), Goal("loss")
VISION = Plan(
    "resnet",
    of.RESNET,
    of.resnet,
    90,
    (VALIDATION,),
    experiment="vision",
    mean=420.0,
    tags={"dataset": "cifar-10", "team": "vision"},
)
TABULAR = Plan(
    "forest",
    of.FOREST,
    of.forest,
    60,
    (ACCURACY,),
    experiment="tabular",
    mean=40.0,
    tags={"dataset": "churn", "team": "growth"},
)
PAPER = {**VISION.tags, "paper": "yes"}
DIFF = b"""diff --git a/train.py b/train.py
--- a/train.py
+++ b/train.py
@@ -12,7 +12,7 @@ def train(lr, weight_decay, batch):
-    schedule = constant(lr)
+    schedule = cosine(lr, warmup=warmup)
     model = resnet(layers, dropout)
"""


def demo(scribe: Scribe) -> None:
    """Write everything, the oldest first."""
    _vision(scribe)
    tuned = _tabular(scribe)
    scribe.run(
        Child("baseline", {"val_accuracy": 0.8712}, {"model": "logistic regression"}),
        age=19 * DAY,
        experiment="vision",
        tags={"note": "what to beat"},
    )
    steps = tuple(Child(name, {"seconds": at}) for name, at in (("download", 12.0), ("clean", 31.5), ("split", 2.1)))
    scribe.run(
        Child("prepare-cifar", {"rows": 60_000.0}, {"source": "s3://data/cifar-10"}, steps),
        age=20 * DAY,
        experiment="vision",
        files={"summary.txt": b"60000 rows, 10 classes\n"},
    )
    _models(scribe, tuned)
    _running(scribe)


def _vision(scribe: Scribe) -> None:
    wide: Any = {**of.RESNET, "lr": {"min": 1e-5, "max": 1.0, "log": True}}
    low: Any = {**of.RESNET, "lr": {"min": 1e-6, "max": 2e-4, "log": True}}
    near: Any = {**of.RESNET, "lr": {"min": 2e-4, "max": 5e-3, "log": True}, "dropout": {"min": 0.0, "max": 0.3}}
    scribe.sweep(replace(VISION, name="resnet-first-look", parameters=wide, method="random", trials=48, age=18 * DAY))
    scribe.sweep(replace(VISION, name="resnet-small-lr", parameters=low, trials=40, age=15 * DAY))
    scribe.sweep(
        replace(
            VISION,
            name="vit-warmup",
            objective=_out_of_memory,
            trials=61,
            planned=200,
            age=11 * DAY,
            state=SweepState.STOPPED,
            reason="stopped by ada",
            target="vit.py:train",
            user="grace",
        )
    )
    scribe.sweep(
        replace(
            VISION,
            name="resnet-narrow",
            parameters=near,
            trials=80,
            age=8 * DAY,
            tags=PAPER,
            sample=_learning(near, of.resnet_score),
        )
    )
    scribe.sweep(
        replace(
            VISION,
            name="resnet-narrow",
            parameters=near,
            trials=80,
            age=6 * DAY,
            objective=_again,
            tags=PAPER,
            sample=_learning(near, of.resnet_score),
        )
    )
    scribe.sweep(
        replace(
            VISION,
            name="resnet-letters",
            trials=50,
            age=5 * DAY,
            sample=_learning(of.RESNET, of.resnet_score),
            tags={"dataset": "emnist", "sweeper.git.dirty": "true"},
            files={"code.diff": DIFF},
        )
    )


def _tabular(scribe: Scribe) -> str:
    model = {"model/MLmodel": b"flavors: {}\n", "model/model.skops": b"PK\x03\x04", "roc.png": of.picture(320, 240)}

    def kept(params: Params, number: int) -> Did:
        did = of.folds(params, number)
        return replace(did, files={**did.files, **model} if did.values and did.values[0] > 0.9 else did.files)

    scribe.sweep(
        replace(
            TABULAR,
            name="churn-svm",
            parameters=of.SVM,
            objective=of.svm,
            goals=(LOSS,),
            trials=90,
            target="svm.py:train",
            age=13 * DAY,
            user="grace",
        )
    )
    learning = _learning(of.FOREST, of.forest_score)
    forest = scribe.sweep(
        replace(TABULAR, name="churn-forest-cv", objective=kept, trials=60, age=4 * DAY, sample=learning)
    )
    goals = (ACCURACY, Goal("latency_ms", "minimize"))
    scribe.sweep(
        replace(
            TABULAR,
            name="churn-fast-enough",
            objective=of.two_goals,
            goals=goals,
            method="nsga2",
            trials=120,
            age=3 * DAY,
        )
    )
    scribe.sweep(
        replace(
            TABULAR,
            name="churn-new-export",
            objective=of.always_fails,
            trials=20,
            age=2 * DAY,
            user="grace",
            state=SweepState.FAILED,
            reason="20 trials failed, none completed",
        )
    )
    scribe.sweep(
        replace(
            TABULAR,
            name="churn-forest",
            trials=31,
            planned=60,
            age=7 * HOUR,
            sample=learning,
            user="linus",
            state=SweepState.INTERRUPTED,
            reason="its process was ended (SIGTERM)",
        )
    )
    assert forest.best
    return forest.best.run_id


def _models(scribe: Scribe, tuned: str) -> None:
    past = scribe.store.find_sweep("resnet-narrow")
    best = sorted(
        (trial for trial in scribe.store.trials(past.id, states=[RunState.COMPLETE]) if trial.values),
        key=lambda trial: trial.values or (),
    )
    for at, (trial, facts) in enumerate(
        zip(
            best[-3:],
            (
                {"stage": "Archived"},
                {"stage": "Staging", "aliases": ("challenger",)},
                {"stage": "Production", "aliases": ("champion", "prod"), "description": "cosine schedule, 30 epochs"},
            ),
            strict=True,
        )
    ):
        lineage = {
            "params": dict(trial.params),
            "metrics": dict(trial.metrics),
            "trial": {"number": trial.number},
            "sweep": {"id": past.id, "name": past.name},
        }
        scribe.version("resnet", trial.run_id, age=(4 - at) * DAY, facts=lineage, **facts)
    scribe.version("churn", tuned, age=3 * DAY, aliases=("champion",), user="grace")


def _running(scribe: Scribe) -> None:
    """Two thirds of a sweep: one trial fails now and then, four run."""

    def objective(params: Params, number: int) -> Did:
        if number >= 132:
            return Did(state=RunState.QUEUED)
        if number >= 128:
            told = of.curves(of.resnet_score(params, number), 30, number, 8 + 4 * (number - 128))
            return Did(state=RunState.RUNNING, curves=told, pace=0.0)
        return of.resnet(params, number)

    scribe.sweep(
        replace(
            VISION,
            name="resnet-lr-wd",
            objective=objective,
            trials=134,
            planned=200,
            mean=360.0,
            age=2.6 * HOUR,
            left=(5460.0, 7100.0),
            state=SweepState.RUNNING,
            sample=_learning(of.RESNET, of.resnet_score),
            tags=PAPER,
        )
    )


def _learning(space: Any, score: Callable[[Params, int], float]) -> Callable[[random.Random], Params]:
    """Propose as a method that learns: at random first, then the best of ever more candidates."""
    known, asked = SearchSpace.from_dict(space), count()

    def sample(rng: random.Random) -> Params:
        wide = rng.random() < 0.25
        candidates = [known.sample(rng) for _ in range(1 if wide else 1 + next(asked) // 12)]
        return max(candidates, key=lambda params: score(params, rng.randrange(1000)) + rng.gauss(0, 0.01))

    return sample


def _again(params: Params, number: int) -> Did:
    """The same sweep once more: as good, with other noise."""
    return of.resnet(params, number + 1000)


def _out_of_memory(params: Params, number: int) -> Did:
    """Nearly every trial runs out of memory."""
    if number % 10:
        message = of.MEMORY.format(n=512 * (1 + number % 5))
        return Did(failure=of.raised("RuntimeError", message, FailureClass.OOM), pace=0.1)
    if number % 20 == 0:
        return Did(failure=Failure(FailureClass.TIMEOUT, "killed after 1 h: timeout", ""), pace=1.5)
    return of.resnet({**params, "batch": 16}, number)
