"""Trials run again, with their seed or with new ones, and the old sweep stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

import sweeper
from sweeper.api.rerun import DIFFERS, KIND, OF, OF_SWEEP, rerun
from sweeper.errors import NotFound, ObjectiveError, UsageError
from sweeper.interfaces import Hook

OBJECTIVE = """
import random
import sweeper
@sweeper.objective(metric="loss", space={"x": sweeper.Float(0, 1)}, executor="inline", target=0.5)
def train(x, trial):
    if x > 2:
        raise ValueError(x)
    return 1 + x + random.random()
"""


class Ears(Hook):
    def __init__(self) -> None:
        self.heard: list[str] = []

    def notice(self, message: str) -> None:
        self.heard.append(message)


@pytest.fixture
def file(folder: Path) -> Path:
    path = folder / "rerun_objective.py"
    path.write_text(OBJECTIVE)
    return path


@pytest.fixture
def result(file: Path) -> sweeper.Result:
    from sweeper.config import parse_config

    mapping = {
        "name": "old", "objective": f"{file}:train", "metric": {"name": "loss", "goal": "minimize"}, "seed": 3,
        "parameters": {"x": {"min": 0.0, "max": 1.0}}, "budget": {"trials": 3}, "executor": {"kind": "inline"},
        "method": "random", "tags": {"dataset": "d"},
    }  # fmt: skip
    from sweeper.api.stores import shared_store

    return sweeper.run_sweep(parse_config(mapping, name="old"), store=shared_store(), report=False)


def test_the_same_seed_gives_the_same_value(result: sweeper.Result) -> None:
    old = result.trials[1]
    found = rerun(result.store, "old:1")
    (new,) = found.result.trials
    assert (new.params, new.seed, new.values) == (old.params, old.seed, old.values)
    assert (found.result.name, found.differences, found.of) == ("old-rerun-1", (), (old.run_id,))
    assert result.store.run(new.run_id).tags[OF] == old.run_id
    tags = found.result.sweep.tags
    assert (tags[KIND], tags[OF_SWEEP], tags["dataset"]) == ("rerun", result.id, "d")


def test_repeats_get_seeds_that_no_other_had(result: sweeper.Result) -> None:
    first = rerun(result.store, [result.trials[0], result.trials[2]], 2)
    second = rerun(result.store, "old:0", 2)
    groups = [first.trials(result.trials[0].run_id), first.trials(result.trials[2].run_id), second.result.trials]
    assert [[trial.params for trial in group] for group in groups] == [
        [result.trials[number].params] * 2 for number in (0, 2, 0)
    ]
    seeds = [trial.seed for trial in (*result.trials, *first.result.trials, *second.result.trials)]
    assert len(set(seeds)) == len(seeds) == 9
    values = {trial.values for group in groups for trial in group}
    assert len(values) == 6


def test_the_old_sweep_stays_as_it_was(result: sweeper.Result) -> None:
    before = result.store.find_sweep(result.id)
    rerun(result.store, "old:0", 3)
    assert result.store.find_sweep(result.id) == before
    assert [trial.number for trial in result.store.trials(result.id)] == [0, 1, 2]


def test_what_changed_since_is_said_first_and_kept(result: sweeper.Result, file: Path) -> None:
    file.write_text(OBJECTIVE + "# another line\n")
    ears = Ears()
    found = rerun(result.store, "old:0", hooks=[ears])
    assert found.differences == ("the objective's file has changed since",)
    assert ears.heard[0] == "This rerun may come out otherwise: the objective's file has changed since."
    assert found.result.store.find_sweep(found.result.id).tags[DIFFERS] == found.differences[0]


def test_it_can_be_asked_of_a_book(result: sweeper.Result) -> None:
    assert len(sweeper.open().rerun("old:0", 2).result.trials) == 2


def test_what_cannot_run_again_is_refused(result: sweeper.Result, file: Path) -> None:
    other = rerun(result.store, "old:0").result.trials[0]
    with pytest.raises(UsageError, match="are of 2 sweeps"):
        rerun(result.store, [result.trials[0], other])
    with pytest.raises(UsageError, match="repeat=0"):
        rerun(result.store, "old:0", 0)
    with pytest.raises(NotFound, match="has trials 0 to 2"):
        rerun(result.store, "old:9")
    count = len(result.store.sweeps())
    file.unlink()
    with pytest.raises(ObjectiveError, match="there is no file"):
        rerun(result.store, "old:0")
    assert len(result.store.sweeps()) == count
