"""Runs outside sweeps, and experiments."""

from __future__ import annotations

from sweeper.events import PointsLogged, TagsSet
from sweeper.records import Point
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_run, add_sweep, add_trial

from .conftest import Pages


def test_only_what_is_outside_sweeps_is_listed(pages: Pages, store: SqlStore) -> None:
    sweep = add_sweep(store)
    trial = add_trial(store, sweep, 0, {"x": 0.5}, 0.5)
    add_run(store, trial, "fold-0")
    loose = add_run(store, name="prepare")
    add_run(store, loose, "part")
    store.write(PointsLogged(loose, (Point("rows", 5.0),)), TagsSet(loose, {"dataset": "wine"})).result()

    (row,) = pages.get("runs")["runs"]

    assert (row["id"], row["name"], row["children"]) == (loose, "prepare", 1)
    assert (row["metrics"], row["tags"], row["state"]) == ({"rows": 5.0}, {"dataset": "wine"}, "running")


def test_runs_come_in_pages_and_are_chosen_by_words(pages: Pages, store: SqlStore) -> None:
    for number in range(5):
        add_run(store, name=f"run {number}", started=100.0 + number)

    first = pages.get("runs", limit=2)
    second = pages.get("runs", limit=2, cursor=first["cursor"])

    assert [run["name"] for run in first["runs"] + second["runs"]] == ["run 4", "run 3", "run 2", "run 1"]
    assert (first["total"], pages.get("runs", q="RUN 3")["total"]) == (5, 1)


def test_experiments_count_what_they_hold(pages: Pages, store: SqlStore) -> None:
    vision = store.experiment("vision")
    add_sweep(store, "vit", experiment_id=vision, experiment="vision")
    add_run(store, experiment_id=vision)

    found = {each["name"]: each for each in pages.get("experiments")}

    assert (found["vision"]["sweeps"], found["vision"]["runs"], found["vision"]["id"]) == (1, 1, vision)
    assert found["Default"]["runs"] == 0
    assert pages.get("runs", experiment="vision")["total"] == 1
    assert pages.get("runs", experiment="Default")["total"] == 0
