"""Sweeps side by side, for drawing."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from sweeper.analysis.compare import compare
from sweeper.analysis.progress import Progress
from sweeper.errors import NotFound, UsageError
from sweeper.records import Goal
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_sweep, add_trial
from sweeper.web.compared import compare_page, line, shape
from sweeper.web.plain import to_json

from .conftest import Kinds


def judged(store: SqlStore, refs: list[str]) -> dict[str, Any]:
    """Ask as a page does, until everything is known."""
    end = time.monotonic() + 60
    while (found := compare_page(store, refs, None))["computing"]:
        assert time.monotonic() < end
        time.sleep(0.1)
    return found


def test_the_page_has_what_the_command_prints_and_more(store: SqlStore, sweep: Kinds) -> None:
    one, other = sweep("ordinary"), sweep("one")
    printed = shape(compare(store, [one, other]))
    found = judged(store, [one.id, other.id])
    to_json(found)
    assert set(printed) <= set(found)
    for name in ("metric", "settings", "space", "verdicts"):
        assert found[name] == printed[name]
    assert [side["label"] for side in found["sweeps"]] == [side["label"] for side in printed["sweeps"]]
    side, whole = found["sweeps"][0], printed["sweeps"][0]
    assert (side["best"], side["spent"]["trials"]) == (whole["best"], 60)
    assert store.find_trial(side["best_run_id"]).number == side["best"]["number"]
    shares = [one["value"] for one in side["importances"]]
    assert shares
    assert shares == sorted(shares, reverse=True)
    assert found["importance"][0]["values"][1] == "-"


def test_importance_that_is_not_known_yet_is_said(fresh: SqlStore) -> None:
    for name in ("a", "b"):
        made = add_sweep(fresh, name)
        for number in range(3):
            add_trial(fresh, made, number, value=number / 3)
    found = compare_page(fresh, ["a", "b"], None)
    assert len(found["computing"]) == 2
    assert all(side["importances"] == [] for side in found["sweeps"])
    assert judged(fresh, ["a", "b"])["computing"] == []


def test_new_trials_change_the_answer(fresh: SqlStore) -> None:
    one, other = add_sweep(fresh, "a"), add_sweep(fresh, "b")
    for made in (one, other):
        add_trial(fresh, made, 0, value=0.5)
    before = compare_page(fresh, ["a", "b"], None)
    add_trial(fresh, one, 1, value=0.75)
    after = compare_page(fresh, ["a", "b"], None)
    assert [found["sweeps"][0]["best"]["value"] for found in (before, after)] == [0.5, 0.75]


def test_sweeps_without_a_metric_in_common_are_side_by_side_all_the_same(fresh: SqlStore) -> None:
    add_sweep(fresh, "a")
    add_sweep(fresh, "b", goals=(Goal("loss"),))
    found = compare_page(fresh, ["a", "b"], None)
    assert (found["metric"], found["computing"]) == (None, [])
    assert "no metric in common" in found["notes"][0]


def test_what_cannot_be_compared_is_said(fresh: SqlStore) -> None:
    add_sweep(fresh, "a")
    with pytest.raises(UsageError, match="2 to 10"):
        compare_page(fresh, ["a"], None)
    with pytest.raises(UsageError, match="2 to 10"):
        compare_page(fresh, ["a", "last"], None)
    with pytest.raises(NotFound, match="'b'"):
        compare_page(fresh, ["a", "b"], None)


def test_a_line_keeps_the_steps_and_the_end() -> None:
    n = 10_000
    best = np.r_[np.nan, np.repeat(np.arange(50, 0, -1.0), n // 50)[: n - 1]]
    steps = np.arange(1, n + 1, dtype=float)
    found = line(Progress(Goal("loss"), steps, steps / 2, steps * 2, best, "s"))
    assert len(found["trials"]) == 51  # fifty steps, and the end
    assert (found["trials"][0], found["trials"][-1]) == (2, n)
    assert (found["best"][0], found["best"][-1]) == (50.0, 1.0)


def test_a_line_of_very_many_steps_is_thinned() -> None:
    steps = np.arange(1, 5001, dtype=float)
    found = line(Progress(Goal("loss"), steps, steps, steps, -steps, "s"), 100)
    assert len(found["trials"]) <= 101
    assert (found["best"][0], found["best"][-1]) == (-1.0, -5000.0)


def test_a_sweep_without_an_end_has_an_empty_line() -> None:
    none = np.zeros(0)
    assert line(Progress(Goal("loss"), none, none, none, none, "s"))["trials"] == []
