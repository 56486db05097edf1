"""What is above a run and below it."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sweeper.events import PointsLogged, TagsSet
from sweeper.records import Point
from sweeper.store import tracking
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import START, add_run, add_sweep, add_trial
from sweeper.web.lineage import Tree, above, below, spread


def node(**metrics: float) -> dict[str, Any]:
    return {"metrics": metrics}


def test_a_tree_has_each_run_below_its_parent_with_its_metrics(fresh: SqlStore) -> None:
    sweep = add_sweep(fresh)
    trial = add_trial(fresh, sweep, 0, value=0.9)
    folds = [add_run(fresh, trial, f"fold-{i}") for i in range(3)]
    stage = add_run(fresh, folds[0], "stage")
    fresh.write(PointsLogged(folds[1], (Point("accuracy", 0.8, 0, START),))).result()
    found = below(fresh, fresh.run(trial))
    tree = found.nodes
    assert found.total == 3
    assert [each["name"] for each in tree] == ["fold-0", "fold-1", "fold-2"]
    assert [each["id"] for each in tree[0]["children"]] == [stage]
    assert tree[1]["metrics"] == {"accuracy": 0.8}
    assert [run.id for run in above(fresh, fresh.run(stage))] == [sweep.id, trial, folds[0]]
    assert [run.kind for run in above(fresh, fresh.run(stage))] == ["sweep", "trial", "run"]


def test_the_trials_of_a_sweep_are_no_tree(fresh: SqlStore) -> None:
    sweep = add_sweep(fresh)
    add_trial(fresh, sweep, 0, value=0.9)
    assert below(fresh, fresh.run(sweep.id)) == Tree([], 0)


def test_runs_that_are_each_others_parents_come_to_an_end(fresh: SqlStore) -> None:
    one = add_run(fresh)
    other = add_run(fresh, one)
    fresh.write(TagsSet(one, {"mlflow.parentRunId": other})).result()
    assert len(above(fresh, fresh.run(other))) == 1
    tree = below(fresh, fresh.run(one)).nodes
    amount, level = 0, tree
    while level:
        amount, level = amount + len(level), level[0]["children"]
    assert amount == 1


def test_of_very_many_runs_the_first_are_shown(fresh: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sweeper.web.lineage.MOST", 5)
    parent = add_run(fresh)
    ids = [add_run(fresh, parent, f"child-{i}", started=START + i) for i in range(8)]
    add_run(fresh, ids[0], "grandchild")
    found = below(fresh, fresh.run(parent))
    assert ([node["id"] for node in found.nodes], found.total) == (ids[:5], 8)
    assert found.nodes[0]["children"] == []


def test_a_run_that_was_deleted_is_not_shown(fresh: SqlStore) -> None:
    parent = add_run(fresh)
    gone, left = add_run(fresh, parent), add_run(fresh, parent)
    fresh.change(lambda session: tracking.mark_run(session, gone, True))
    assert [node["id"] for node in below(fresh, fresh.run(parent)).nodes] == [left]


def test_the_spread_is_over_the_runs_right_below() -> None:
    found = spread([node(accuracy=0.9, loss=1.0), node(accuracy=0.7), node(accuracy=math.nan)])
    assert found["accuracy"] == {"mean": pytest.approx(0.8), "std": pytest.approx(math.sqrt(0.02)), "n": 2}
    assert found["loss"] == {"mean": 1.0, "std": None, "n": 1}
    assert spread([]) == {}
