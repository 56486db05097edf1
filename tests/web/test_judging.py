"""Importance in the background."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from sweeper.analysis import table
from sweeper.analysis.past import importances
from sweeper.records import SweepRecord
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_sweep, add_trial
from sweeper.web import importance, judging
from sweeper.web.importance import importance_of
from sweeper.web.judging import Judging, computed, judging_of
from tests.web.conftest import Kinds


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What was computed, at once and without a process."""
    made: list[tuple[str, int]] = []

    def compute(url: str, sweep_id: str, goal: int) -> dict[str, Any]:
        made.append((sweep_id, goal))
        return {"params": [], "reason": f"answer {len(made)}"}

    monkeypatch.setattr(judging, "computed", compute)
    return made


def grown(store: SqlStore, sweep: SweepRecord, first: int, count: int) -> SweepRecord:
    for number in range(first, first + count):
        add_trial(store, sweep, number, {"depth": number % 9 + 1}, number / 100)
    return store.find_sweep(sweep.id)


def test_an_answer_is_made_once_for_a_sweep_as_it_stands(fresh: SqlStore, asked: list[tuple[str, int]]) -> None:
    sweep, judge = grown(fresh, add_sweep(fresh), 0, 20), Judging(fresh.url)

    assert judge.ask(sweep, 0, rev="e-1") == (None, False)
    until(lambda: not judge.waiting)

    assert judge.ask(sweep, 0) == ({"params": [], "reason": "answer 1", "rev": "e-1"}, True)
    assert judge.ask(sweep, 0)[1] is True
    assert asked == [(sweep.id, 0)]


def test_many_who_ask_start_one_computation(fresh: SqlStore, asked: list[tuple[str, int]]) -> None:
    sweep, judge = grown(fresh, add_sweep(fresh), 0, 5), Judging(fresh.url)

    for _ in range(20):
        judge.ask(sweep, 0)
    until(lambda: not judge.waiting)

    assert len(asked) == 1


def test_a_running_sweep_is_judged_again_when_enough_is_new(fresh: SqlStore, asked: list[tuple[str, int]]) -> None:
    sweep = add_sweep(fresh)
    before, judge = grown(fresh, sweep, 0, 20), Judging(fresh.url)
    judge.ask(before, 0)
    until(lambda: not judge.waiting)

    little = judge.ask(grown(fresh, sweep, 20, 2), 0)
    much = judge.ask(grown(fresh, sweep, 22, 1), 0)
    until(lambda: not judge.waiting)

    assert (little[1], much[1]) == (True, False)
    assert much[0] is not None
    assert much[0]["reason"] == "answer 1"
    assert len(asked) == 2


def test_its_own_process_says_what_this_one_would(store: SqlStore, sweep: Kinds) -> None:
    found = computed(store.url, sweep("conditional").id, 0)

    assert found == importance_of(store, sweep("conditional"), 0)
    assert [each["name"] for each in found["params"]]


def test_what_goes_wrong_there_is_an_answer(store: SqlStore, caplog: pytest.LogCaptureFixture) -> None:
    found = computed(store.url, "no such sweep", 0)

    assert found["params"] == []
    assert "could not be computed" in found["reason"]
    assert "no such sweep" in caplog.text


def test_it_agrees_with_the_report(store: SqlStore, sweep: Kinds) -> None:
    (judged,) = importances(store, table(store, sweep("ordinary")))

    found = importance_of(store, sweep("ordinary"), 0)

    assert [(each["name"], each["value"]) for each in found["params"]] == [
        (each.name, each.whole and each.whole.value) for each in judged.parameters
    ]
    assert found["note"] == judged.sentence


def test_of_many_trials_an_even_sample_is_judged(fresh: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = grown(fresh, add_sweep(fresh, space={"depth": {"min": 1, "max": 9}, "x": {"value": 1}}), 0, 50)
    monkeypatch.setattr(importance, "MOST", 25)

    found = importance_of(fresh, sweep, 0)
    sampled = importance.sampled(fresh, sweep, 25)

    assert sampled.number.tolist() == list(range(0, 50, 2))
    assert found["n"] == 25


def test_one_store_has_one_judge(store: SqlStore, fresh: SqlStore) -> None:
    assert judging_of(store) is judging_of(store)
    assert judging_of(store) is not judging_of(fresh)
