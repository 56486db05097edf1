"""Why a sweep ends, from its file to what a person reads afterwards; what early stopping says."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from sweeper.controller.forecast import TAG, Estimate, written
from sweeper.events import SweepChanged, TagsSet
from sweeper.processes import this_process
from sweeper.records import SweepRecord, SweepState
from sweeper.store import open_store

from .conftest import Sweeper

TRAIN = """
import sweeper


def train(x, trial):
    return {"loss": 1 + x if trial.number else 1.0, "dollars": 0.5}


def reports(x, trial):
    for epoch in range(20):
        trial.report(trial.number + 1 / (1 + epoch), step=epoch)
        if trial.should_prune():
            raise sweeper.Pruned
    return float(trial.number)


def never_asks(x, trial):
    for epoch in range(20):
        trial.report(trial.number + 1 / (1 + epoch), step=epoch)
    return float(trial.number)


def slow(x):
    import time

    time.sleep(0.05)
    return x
"""


def sweep_file(here: Path, objective: str, **keys: object) -> None:
    (here / "train.py").write_text(TRAIN)
    config = {
        "name": "ends",
        "objective": f"train.py:{objective}",
        "metric": {"name": "loss"},
        "method": "random",
        "parameters": {"x": {"min": 0.0, "max": 1.0}},
        "executor": {"kind": "inline"},
        "seed": 1,
    }
    (here / "sweep.yaml").write_text(json.dumps(config | keys))


@pytest.mark.parametrize(
    ("objective", "budget", "reason", "trials"),
    [
        ("train", {"cost": {"metric": "dollars", "limit": 2}}, "its cost of 2 of dollars is used", 4),
        ("slow", {"cost": "0.2s"}, "its cost of 0.2 s of compute is used", None),
        ("train", {"patience": 5}, "5 trials brought no better value", 6),
        ("slow", {"time": "0.2s"}, "its time of 0.2 s is used", None),
    ],
)
def test_a_budget_ends_the_sweep_and_stays_used_when_it_is_resumed(
    sweeper: Sweeper, here: Path, objective: str, budget: dict[str, object], reason: str, trials: int | None
) -> None:
    sweep_file(here, objective, budget={"trials": 1000, **budget})

    ran = sweeper("run", "sweep.yaml")

    assert ran.code == 0, ran.err
    assert f"note: No new trials: {reason}." in ran.out
    assert f"finished ({reason}):" in ran.out
    shown = sweeper("show", "last", "--json").json[0]
    assert (shown["state"], shown["reason"]) == ("finished", reason)
    done = sum(shown["counts"].values())
    assert done == trials if trials else 1 <= done < 1000

    again = sweeper("resume", "last", "--trials", "2000")

    assert again.code == 0, again.err
    shown = sweeper("show", "last", "--json").json[0]
    assert shown["reason"] == reason
    assert sum(shown["counts"].values()) == done


def test_a_target_that_is_reached_ends_it(sweeper: Sweeper, here: Path) -> None:
    sweep_file(here, "train", metric={"name": "loss", "target": 1.0}, budget={"trials": 50})

    assert "finished (loss reached its target 1): 1 complete" in sweeper("run", "sweep.yaml").out
    assert sweeper("show", "last", "--json").json[0]["reason"] == "loss reached its target 1"


def test_what_early_stopping_saved_is_told_at_the_end_in_show_and_in_the_report(sweeper: Sweeper, here: Path) -> None:
    sweep_file(here, "reports", early_terminate={"type": "asha"}, budget={"trials": 10})

    ran = sweeper("run", "sweep.yaml")

    # trial 0 is whole and the best: the others stop at its tenth, 2 of 20 epochs
    assert "stopped early: 9 of 10, 81 % of the epochs saved" in ran.out
    assert "early stop  9 of 10, 81 % of the epochs saved" in sweeper("show", "last").out
    assert sweeper("report", "last", "-o", "told").code == 0
    assert "9 of 10, 81 % of the epochs saved" in (here / "told" / "report.md").read_text()
    assert "sweeper.early_stopping" not in (here / "told" / "report.md").read_text()


@pytest.mark.parametrize(
    ("objective", "sentence"),
    [
        ("train", "Nothing can be stopped early: trial 0 ended without a report of loss"),
        ("never_asks", "Trial 1 should have stopped early and ran to its end"),
    ],
)
def test_an_objective_that_does_not_play_along_is_told_once_and_the_sweep_is_a_normal_one(
    sweeper: Sweeper, here: Path, objective: str, sentence: str
) -> None:
    sweep_file(here, objective, early_terminate={"type": "asha"}, budget={"trials": 6})

    ran = sweeper("run", "sweep.yaml")

    assert ran.code == 0
    assert ran.out.count("note: ") == 1
    assert f"note: {sentence}" in ran.out
    assert "finished: 6 complete" in ran.out


def test_show_and_ls_say_how_long_a_running_sweep_still_takes(
    sweeper: Sweeper, here: Path, digits: SweepRecord
) -> None:
    store = open_store(str(here / "sweeper.db"))
    fence = store.acquire(digits.id, this_process(), 60)
    tag = written(Estimate(2280.0, 3060.0), time.time())
    running = SweepChanged(digits.id, time.time(), SweepState.RUNNING)
    store.write(running, TagsSet(digits.id, {TAG: tag}), fence=fence).result()
    store.close()

    assert "forecast    about 38 min left, 95 % before 51 min" in sweeper("show", "last").out
    assert "LEFT" in sweeper("ls").out
    assert "about 38 min" in sweeper("ls").out


def test_a_second_sweep_says_before_it_starts_how_long_it_will_take(sweeper: Sweeper, here: Path) -> None:
    sweep_file(here, "slow", budget={"trials": 10})
    assert "of earlier sweeps took" not in sweeper("run", "sweep.yaml").out

    again = sweeper("run", "sweep.yaml", "--trials", "200", "--set", "budget.time=0.1s")

    assert re.search(r"^about \d+ (s|min).*, as 10 trials of earlier sweeps took$", again.out, re.MULTILINE), again.out
