"""What the page of a sweep asks for, over sweeps of every kind."""

from __future__ import annotations

import math
import time
from typing import Any

import pytest

from sweeper.records import SweepRecord
from sweeper.store.store import SqlStore
from sweeper.web.judging import judging_of
from tests.analysis.sweeps import write_sweep
from tests.web.conftest import PLANS

from .conftest import Pages


@pytest.fixture(params=sorted(PLANS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def sweep(store: SqlStore, kind: str) -> SweepRecord:
    return write_sweep(store, PLANS[kind]())


def test_every_question_has_an_answer(pages: Pages, sweep: SweepRecord, kind: str) -> None:
    page = pages.get(f"sweeps/{sweep.id}")
    failures = pages.get(f"sweeps/{sweep.id}/failures")
    rows = pages.get(f"sweeps/{sweep.id}/trials", sort="value", limit=2000)
    curves = pages.get(f"sweeps/{sweep.id}/curves")
    (row,) = pages.get("sweeps")["sweeps"]
    spark = pages.get("sparks", ids=sweep.id)[sweep.id]

    assert (page["id"], page["name"], page["counts"]) == (sweep.id, sweep.name, sweep.counts | _zeros(page["counts"]))
    assert sum(cause["size"] for cause in failures) == page["counts"]["failed"]
    assert rows["total"] == len(rows["trials"]) == sum(page["counts"].values())
    assert all(len(curve["steps"]) == len(curve["values"]) > 1 for curve in curves["curves"])
    assert row["counts"] == page["counts"]
    assert len(spark["best"]) <= 64
    assert bool(spark["failure"]) == bool(failures)
    assert all(len(fact) == 2 and isinstance(fact[1], str) for fact in page["facts"] + page["environment"])
    assert page["actions"] == (["stop", "cancel"] if kind == "running" else [])


def test_the_page_of_an_ordinary_sweep(pages: Pages, store: SqlStore) -> None:
    sweep = write_sweep(store, PLANS["ordinary"]())

    page = pages.get("sweeps/last")

    assert page["state"] == "finished"
    assert page["live"] is False
    assert page["best"]["number"] == sweep.best.number  # type: ignore[union-attr]  # it has one
    assert page["goals"] == [{"name": "accuracy", "goal": "maximize", "target": None}]
    assert page["space"]["learning_rate"] == {
        "kind": "float", "low": 1e-5, "high": 0.1, "log": True, "step": None, "choices": None, "when": None,
        "text": "1e-05 .. 0.1, log",
    }  # fmt: skip
    assert page["space"]["n_estimators"]["kind"] == "int"
    assert page["space"]["criterion"]["choices"] == ["gini", "entropy", "log_loss"]
    assert page["space"]["n_jobs"]["kind"] == "constant"
    assert ["Trials", "60 (50 complete, 6 pruned, 4 failed)"] in page["facts"]
    assert page["warning"] == ""
    assert page["config_yaml"].startswith("name: digits-forest\n")
    assert {each["label"] for each in page["commands"]} >= {"List all trials", "See why trials failed"}
    assert all(str(store.url) in each["command"] for each in page["commands"])


def test_conditions_are_told(pages: Pages, store: SqlStore) -> None:
    write_sweep(store, PLANS["conditional"]())

    space = pages.get("sweeps/svm")["space"]

    assert space["gamma"]["when"] == "kernel = rbf or poly"
    assert space["C"]["when"] is None


def test_the_best_of_several_goals_are_the_pareto_front(pages: Pages, store: SqlStore) -> None:
    write_sweep(store, PLANS["goals"]())

    front = pages.get("sweeps/last")["best"]
    rows = pages.get("sweeps/last/trials", f="state:complete", limit=2000)["trials"]

    values = [trial["value"] for trial in front]
    beaten = [row["value"] for row in rows if row["value"] not in values]
    assert values
    assert values == sorted(values, key=lambda value: -value[0])
    assert all(any(a >= c and b <= d for a, b in values) for c, d in beaten)
    assert pages.get("sweeps")["sweeps"][0]["best"] == front


def test_a_sweep_that_is_gone_names_the_nearest(pages: Pages, store: SqlStore) -> None:
    sweep = write_sweep(store, PLANS["ordinary"]())

    for path in ("", "/trials", "/failures", "/curves", "/importance", "/trials.csv"):
        status, answer = pages.refused(f"sweeps/digit-forest{path}")

        assert status == 404
        assert answer["error_code"] == "RESOURCE_DOES_NOT_EXIST"
        assert answer["message"] == "no sweep 'digit-forest'; did you mean 'digits-forest'?"
        assert answer["nearest"] == [{"id": sweep.id, "name": "digits-forest"}]


def test_importance_is_computed_beside_the_requests(pages: Pages, store: SqlStore) -> None:
    sweep = write_sweep(store, PLANS["ordinary"]())

    first = pages.raw(f"sweeps/{sweep.id}/importance")
    assert (first.status_code, first.json()) == (202, {"state": "computing", "last": None})
    assert pages.raw(f"sweeps/{sweep.id}/importance").status_code == 202
    assert len(judging_of(store).waiting) == 1
    found = _eventually(pages, f"sweeps/{sweep.id}/importance")

    assert found["params"][0]["name"] == "learning_rate"
    shares = [each["value"] for each in found["params"]]
    assert shares == sorted(shares, reverse=True)
    assert all(each["low"] <= each["value"] <= each["high"] for each in found["params"])
    assert (found["n"], found["reason"], found["constant"]) == (56, "", ["n_jobs"])


def test_importance_of_too_few_trials_says_why_there_is_none(pages: Pages, store: SqlStore) -> None:
    write_sweep(store, PLANS["one"]())

    found = _eventually(pages, "sweeps/last/importance")

    assert found["params"] == []
    assert "at least" in found["reason"]


def test_a_goal_that_there_is_not(pages: Pages, store: SqlStore) -> None:
    write_sweep(store, PLANS["one"]())

    assert pages.refused("sweeps/last/importance", goal=1)[0] == 400


def test_curves_are_of_the_best_and_the_latest_trials_unless_named(pages: Pages, store: SqlStore) -> None:
    write_sweep(store, PLANS["ordinary"]())

    found = pages.get("sweeps/last/curves")
    named = pages.get("sweeps/last/curves", numbers="0,1,2", points=4)

    numbers = [curve["number"] for curve in found["curves"]]
    assert found["metrics"] == ["accuracy"]
    assert set(range(44, 60)) - set(numbers) <= {56}  # that one failed before it reported
    assert len(numbers) > 20
    assert [curve["number"] for curve in named["curves"]] == [0, 1, 2]
    assert all(curve["steps"][0] == 0 and len(curve["steps"]) <= 4 for curve in named["curves"])
    assert pages.refused("sweeps/last/curves", numbers="1,x")[0] == 400


def _zeros(counts: dict[str, int]) -> dict[str, int]:
    return {state: 0 for state, count in counts.items() if not count}


def _eventually(pages: Pages, path: str) -> Any:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        answer = pages.raw(path)
        if answer.status_code == 200:
            return answer.json()
        assert answer.status_code == 202, answer.text
        time.sleep(0.1)
    return pytest.fail("importance did not come")


def test_nan_and_infinities_are_words(pages: Pages, store: SqlStore) -> None:
    from sweeper.testing.sweeps import add_sweep, add_trial

    sweep = add_sweep(store, "wild", space={"x": {"min": 0.0, "max": 1.0}})
    add_trial(store, sweep, 0, {"x": 0.5}, math.inf)

    (row,) = pages.get(f"sweeps/{sweep.id}/trials")["trials"]

    assert row["value"] == "Infinity"
