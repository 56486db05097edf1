"""Whole sweeps that start warm: what is kept, told and the same after a resume."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sweeper.artifacts import open_artifacts
from sweeper.controller.choices import GUARD, NOTES, WARM_START
from sweeper.controller.warm.keeping import FILE, kept
from sweeper.errors import UsageError
from sweeper.interfaces import Hook, Store
from sweeper.space import Categorical, Float
from tests.controller.conftest import Run

SETTINGS: dict[str, Any] = {
    "space": {"x": Float(0, 1), "kind": Categorical(["a", "b"])}, "trials": 40, "method": "tpe", "name": "new",
}  # fmt: skip


def bowl(x: float, kind: str) -> float:
    return abs(x - 0.3) + (kind == "b")


def mountain(x: float, kind: str) -> float:
    return -bowl(x, kind)


class Listener(Hook):
    def __init__(self) -> None:
        self.heard: list[str] = []

    def notice(self, message: str) -> None:
        self.heard.append(message)


@pytest.fixture
def listener() -> Listener:
    return Listener()


def learned(run: Run, function: Any = bowl, times: int = 2) -> None:
    for seed in range(times):
        run(function, **SETTINGS | {"name": f"old-{seed}", "method": "random", "seed": seed})


def test_a_warm_sweep_begins_with_the_best_and_says_so(run: Run, store: Store, listener: Listener) -> None:
    learned(run)
    best = [store.find_sweep(f"old-{seed}").best for seed in range(2)]

    result = run(bowl, hooks=[listener], warm_start="old-*", **SETTINGS)

    assert result.trials[0].params in [one.params for one in best if one]
    text = result.sweep.tags[WARM_START]
    assert text.startswith("from 2 sweeps, 80 trials: 2 configurations first (#")
    assert listener.heard[0] == f"warm start {text}"
    assert GUARD not in result.sweep.tags


def test_the_history_is_kept_with_the_sweep_and_survives_the_past(run: Run, store: Store) -> None:
    learned(run)
    whole = run(bowl, warm_start="old-*", seed=3, **SETTINGS | {"trials": 60})
    part = run(bowl, warm_start="old-*", seed=3, **SETTINGS | {"trials": 50})
    run(mountain, **SETTINGS | {"name": "old-3", "method": "random"})

    resumed = run(bowl, resume=part.sweep, trials=60)

    assert [trial.params for trial in resumed.trials] == [trial.params for trial in whole.trials]


def test_a_history_that_is_lost_is_told_and_the_sweep_goes_on(run: Run, store: Store, listener: Listener) -> None:
    learned(run)
    half = run(bowl, warm_start="old-*", **SETTINGS | {"trials": 12})
    (Path(store.artifacts_of(half.id)) / FILE).unlink()

    resumed = run(bowl, resume=half.sweep, trials=15, hooks=[listener])

    assert len(resumed.trials) == 15
    assert any("cannot be read any more" in sentence for sentence in listener.heard)
    assert kept(store, half.sweep) is None


def test_a_misleading_past_is_told_once_and_kept(run: Run, store: Store, listener: Listener) -> None:
    run(mountain, **SETTINGS | {"name": "old", "method": "random"})

    sweep = run(bowl, warm_start="old", hooks=[listener], **SETTINGS | {"trials": 20}).sweep
    again = run(bowl, resume=store.find_sweep(sweep.id), trials=25, hooks=[listener])

    said = [sentence for sentence in listener.heard if "is no help" in sentence]
    assert len(said) == 1
    assert store.find_sweep(again.id).tags[GUARD] == said[0]


def test_notes_are_kept_too(run: Run, store: Store) -> None:
    learned(run, times=1)

    sweep = run(bowl, warm_start="old-0", **SETTINGS | {"method": "random"}).sweep

    assert sweep.tags[NOTES] == "there is no prior with method random: only configurations are taken"


def test_a_past_that_cannot_teach_leaves_nothing_behind(run: Run, store: Store) -> None:
    learned(run, times=1)

    with pytest.raises(UsageError, match="its goal is the opposite"):
        run(bowl, warm_start="old-0", goal="maximize", **SETTINGS)

    assert [sweep.name for sweep in store.sweeps()] == ["old-0"]
    folders = [path for path, _, _ in open_artifacts(store.artifacts).list() if not path.startswith(".")]
    assert folders == [store.find_sweep("old-0").id]


def test_method_auto_says_why(run: Run, listener: Listener) -> None:
    result = run(bowl, hooks=[listener], **SETTINGS | {"method": "auto", "trials": 3})

    reason = result.sweep.tags["sweeper.method.reason"]
    assert reason
    assert listener.heard == [f"method auto is tpe here: {reason}"]
