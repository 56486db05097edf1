"""Home over the API."""

from __future__ import annotations

from typing import Any

import pytest

from sweeper.events import TagsSet
from sweeper.records import RunState, SweepState
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_sweep, add_trial
from tests.analysis.sweeps import forest, write_sweep
from tests.server.served import application
from tests.web.conftest import PLANS

from .conftest import Pages


def names(pages: Pages, **query: Any) -> list[str]:
    return [row["name"] for row in pages.get("sweeps", **query)["sweeps"]]


def test_what_is_served(pages: Pages, store: SqlStore) -> None:
    found = pages.get("meta")

    assert found["writable"] is True
    assert found["role"] == "admin"
    assert found["store"] == store.url
    assert found["version"]


def test_an_empty_store_has_no_sweeps(pages: Pages) -> None:
    found = pages.get("sweeps")

    assert (found["total"], found["sweeps"], found["cursor"]) == (0, [], None)
    assert pages.get("sparks", ids="") == {}
    assert pages.get("runs") == {"total": 0, "runs": [], "cursor": None}
    assert pages.get("search", q="x") == {"sweeps": [], "trials": [], "params": [], "models": []}


def test_sweeps_come_the_latest_first_in_pages(pages: Pages, store: SqlStore) -> None:
    for number in range(7):
        add_sweep(store, f"sweep-{number}", created=1000.0 + number)

    first = pages.get("sweeps", limit=3)
    second = pages.get("sweeps", limit=3, cursor=first["cursor"])
    third = pages.get("sweeps", limit=3, cursor=second["cursor"])

    found = [[row["name"] for row in part["sweeps"]] for part in (first, second, third)]
    assert found == [["sweep-6", "sweep-5", "sweep-4"], ["sweep-3", "sweep-2", "sweep-1"], ["sweep-0"]]
    assert first["total"] == third["total"] == 7
    assert third["cursor"] is None


def test_sweeps_are_chosen_by_words_states_tags_and_experiment(pages: Pages, store: SqlStore) -> None:
    one = add_sweep(store, "resnet lr", created=1.0)
    other = add_sweep(store, "vit", created=2.0, experiment_id=store.experiment("vision"), experiment="vision")
    store.write(TagsSet(one.id, {"paper": "yes"})).result()
    done = write_sweep(store, PLANS["one"]())

    assert names(pages, q="RES lr") == ["resnet lr"]
    assert names(pages, q="paper=yes") == ["resnet lr"]
    assert names(pages, q=other.id[-8:]) == ["vit"]
    assert names(pages, tag="paper=yes") == ["resnet lr"]
    assert names(pages, experiment="vision") == ["vit"]
    assert names(pages, state="finished") == [done.name]
    assert set(names(pages, state="finished,interrupted")) == {done.name, "vit", "resnet lr"}
    assert names(pages, q="resnet vit") == []
    assert pages.refused("sweeps", tag="paper")[0] == 400


def test_a_row_says_what_became_of_the_sweep(pages: Pages, store: SqlStore) -> None:
    write_sweep(store, PLANS["ordinary"]())

    (row,) = pages.get("sweeps")["sweeps"]

    assert row["state"] == "finished"
    assert (row["planned"], row["eta"], row["registered"]) == (60, None, [])
    assert row["objective"] == "digits_forest.py:train"
    assert row["seconds"] > 0


def test_a_row_is_the_same_as_long_as_nothing_happens(pages: Pages, store: SqlStore) -> None:
    """Pages draw those rows anew that differ."""
    ended = write_sweep(store, PLANS["ordinary"]())
    left = write_sweep(store, PLANS["running"]())

    first, second = (pages.get("sweeps")["sweeps"] for _ in range(2))

    last = max(at for trial in store.trials(left.id) for at in (trial.started, trial.ended) if at is not None)
    assert first == second
    assert {row["id"]: row["changed"] for row in first} == {ended.id: ended.ended, left.id: last}


def test_sparks_tell_what_a_list_has_no_time_for(pages: Pages, store: SqlStore) -> None:
    sweep = write_sweep(store, PLANS["ordinary"]())

    spark = pages.get("sparks", ids=f"{sweep.id},nobody")[sweep.id]

    took = sum(trial.ended - trial.started for trial in store.trials(sweep.id) if trial.ended and trial.started)
    assert spark["best"] == sorted(spark["best"])
    assert spark["best"][-1] == sweep.best.value  # type: ignore[union-attr]  # it has one
    assert spark["failure"].startswith("2 x ")
    assert spark["cost"] == {"seconds": pytest.approx(took), "metric": None, "value": None}
    assert spark["dups"] == 0


def test_repeated_parameters_are_counted(pages: Pages, store: SqlStore) -> None:
    sweep = add_sweep(store, space={"x": {"values": [1, 2]}})
    for number, x in enumerate((1, 2, 1, 1)):
        add_trial(store, sweep, number, {"x": x}, 0.5)

    assert pages.get("sparks", ids=sweep.id)[sweep.id]["dups"] == 2
    assert pages.get(f"sweeps/{sweep.id}/trials")["trials"][3]["dup_of"] == 0


def test_an_answer_is_new_when_the_sweep_is(pages: Pages, store: SqlStore) -> None:
    sweep = add_sweep(store, space={"x": {"min": 0.0, "max": 1.0}})
    before = pages.get("sparks", ids=sweep.id)[sweep.id]["best"]

    add_trial(store, sweep, 0, {"x": 0.5}, 0.25)

    assert (before, pages.get("sparks", ids=sweep.id)[sweep.id]["best"]) == ([], [0.25])


def test_a_reader_may_not_write(store: SqlStore) -> None:
    from starlette.testclient import TestClient

    from sweeper.server.security.tokens import make

    text, token = make("eve", "read")
    http = TestClient(application(store, token), base_url="http://127.0.0.1:5000")
    found = http.get("/api/v1/meta", headers={"authorization": f"Bearer {text}"}).json()

    assert (found["writable"], found["role"]) == (False, "read")


def test_search_finds_names_numbers_and_ids(pages: Pages, store: SqlStore) -> None:
    sweep = write_sweep(store, forest(trials=3, state=SweepState.FINISHED))
    trial = store.trials(sweep.id, states=[RunState.COMPLETE])[0]
    place = {"run_id": trial.run_id, "number": trial.number, "sweep": {"id": sweep.id, "name": sweep.name}}

    assert pages.get("search", q="FOREST")["sweeps"][0]["id"] == sweep.id
    assert pages.get("search", q=sweep.id[-8:])["sweeps"][0]["id"] == sweep.id
    assert pages.get("search", q=trial.run_id[-10:])["trials"] == [place]
    assert pages.get("search", q=f"{sweep.name}:{trial.number}")["trials"] == [place]
    assert pages.get("search", q="max_")["params"] == ["max_depth", "max_features"]
    assert pages.get("search", q="zzz") == {"sweeps": [], "trials": [], "params": [], "models": []}
