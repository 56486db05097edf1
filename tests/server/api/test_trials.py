"""One run over the API."""

from __future__ import annotations

import math

import pytest

from sweeper.events import PointsLogged
from sweeper.records import Point
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import START, add_run, add_sweep, add_trial

from .conftest import Pages


def test_a_trial_is_found_however_it_is_named(pages: Pages, store: SqlStore) -> None:
    run_id = add_trial(store, add_sweep(store), 0, value=0.5)
    for ref in (run_id, run_id[-8:], "digits:0"):
        found = pages.get(f"trials/{ref}")
        assert (found["run"]["id"], found["number"], found["rank"], found["of"]) == (run_id, 0, 1, 1)
    status, answer = pages.refused("trials/nobody")
    assert (status, answer["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")


def test_numbers_that_json_does_not_have_are_words(pages: Pages, store: SqlStore) -> None:
    run_id = add_run(store)
    values = (math.nan, math.inf, -math.inf, 1.5)
    points = tuple(Point("loss", value, step, START + step) for step, value in enumerate(values))
    store.write(PointsLogged(run_id, points)).result()
    assert pages.get(f"trials/{run_id}")["metrics"] == {"loss": 1.5}
    found = pages.get(f"trials/{run_id}/metrics")["loss"]
    assert found["values"] == ["NaN", "Infinity", "-Infinity", 1.5]
    assert found["steps"] == [0, 1, 2, 3]


def test_metrics_are_chosen_and_thinned(pages: Pages, store: SqlStore) -> None:
    run_id = add_run(store)
    for name in ("loss", "acc", "lr"):
        points = tuple(Point(name, math.sin(step), step, START + step) for step in range(500))
        store.write(PointsLogged(run_id, points)).result()
    assert sorted(pages.get(f"trials/{run_id}/metrics", names="loss,acc")) == ["acc", "loss"]
    assert len(pages.get(f"trials/{run_id}/metrics", names="lr", points=50)["lr"]["steps"]) <= 50
    assert len(pages.get(f"trials/{run_id}/metrics", names="lr", points=-3)["lr"]["steps"]) <= 4


def test_the_log_is_followed_from_where_it_ended(pages: Pages, store: SqlStore) -> None:
    run_id = add_trial(store, add_sweep(store), 0, value=0.5)
    found = pages.get(f"trials/{run_id}/log")
    assert (found["text"], found["start"], found["end"]) == ("done\n", 0, 5)
    assert pages.get(f"trials/{run_id}/log", **{"from": found["end"]})["text"] == ""
    assert pages.get(f"trials/{run_id}/log", **{"from": -3})["text"] == "ne\n"
    assert pages.refused(f"trials/{run_id}/log", attempt=7)[0] == 400
    assert pages.refused(f"trials/{run_id}/log", **{"from": "x"})[0] == 400


@pytest.mark.parametrize("rest", ["", "/metrics", "/log", "/artifacts", "/artifact"])
def test_a_run_that_is_gone_is_said_by_each_of_them(pages: Pages, rest: str) -> None:
    status, answer = pages.refused(f"trials/{'f' * 32}{rest}", path="x")
    assert (status, answer["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert "no run" in answer["message"]
