"""Drafts of the next sweep, from trials of sweeps of every kind."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sweeper.errors import UsageError
from sweeper.records import SweepRecord, SweepState
from sweeper.space import Constant, SearchSpace, yaml
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_sweep, add_trial
from sweeper.web.draft import alike, draft_of_selection, draft_recommended
from sweeper.web.narrowing import narrowed
from sweeper.web.picked import Wish
from tests.analysis.sweeps import forest, write_sweep
from tests.web.conftest import Kinds

quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def space_of(draft: dict[str, Any]) -> SearchSpace:
    content = yaml.load(draft["yaml"])
    return SearchSpace.from_dict(content["parameters"], content.get("constraints") or ())


def rows(draft: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["param"]: row for row in draft["diff"]}


def gridded(store: SqlStore, **changes: Any) -> SweepRecord:
    """Write a sweep over 4 x 3 points, of which each with an even ``a`` was run; the best is at the end of both."""
    space = {"a": {"min": 0, "max": 3}, "b": {"values": ["x", "y", "z"]}}
    sweep = add_sweep(store, "gridded", space=space, config={"name": "gridded", "parameters": space}, **changes)
    points = [(a, b) for a in (0, 2) for b in "xyz"]
    for number, (a, b) in enumerate(points):
        add_trial(store, sweep, number, {"a": a, "b": b}, a + "xyz".index(b) / 10)
    return sweep


@quick
@given(st.sampled_from(["ordinary", "conditional", "goals"]), st.sets(st.integers(0, 59), min_size=1), st.data())
def test_the_new_space_holds_every_selected_trial(
    store: SqlStore, sweep: Kinds, kind: str, numbers: set[int], data: st.DataObject
) -> None:
    margin = data.draw(st.sampled_from([0.0, 0.1, 1.0]))

    draft = draft_of_selection(store, sweep(kind), Wish(numbers=sorted(numbers), margin=margin))

    space, old = space_of(draft), SearchSpace.from_dict(sweep(kind).space)
    for trial in store.trials(sweep(kind).id, numbers=sorted(numbers)):
        assert space.contains(trial.params)
        assert old.contains(trial.params)
    assert set(rows(draft)) == set(old.parameters)
    for name, row in rows(draft).items():
        assert (row["after"] is None) == (name not in space.parameters) == (row["kind"] == "dropped")
        assert (row["before"] == row["after"]) == (row["kind"] == "kept")


def test_a_filter_gives_the_ranges_that_were_chosen(store: SqlStore, sweep: Kinds) -> None:
    draft = draft_of_selection(store, sweep("ordinary"), Wish("learning_rate:1e-4..1e-2;criterion:gini,entropy"))

    found = rows(draft)
    assert found["learning_rate"]["after"] == "0.0001 .. 0.01, log"
    assert found["criterion"]["after"] == "gini | entropy"
    assert (found["learning_rate"]["kind"], found["criterion"]["kind"]) == ("narrowed", "narrowed")
    assert "learning_rate: {min: 0.0001, max: 0.01, log: true}" in draft["yaml"]
    assert "+  learning_rate: {min: 0.0001, max: 0.01, log: true}" in draft["unified"]
    assert draft["name"].startswith("digits-forest-")
    assert draft["command"] == f"sweeper run {draft['name']}.yaml"
    assert draft["estimate"]["trials"] == 60
    assert draft["estimate"]["text"].startswith("60 trials of about ")


def test_a_range_wider_than_the_declared_one_stays_inside(store: SqlStore, sweep: Kinds) -> None:
    draft = draft_of_selection(store, sweep("ordinary"), Wish("learning_rate:1e-9..1e-2;n_estimators:30.5..99.5"))

    found = rows(draft)
    assert found["learning_rate"]["after"] == "1e-05 .. 0.01, log"
    assert found["n_estimators"]["after"] == "31 .. 99, integers"


def test_the_best_share_is_of_the_complete_trials(store: SqlStore, sweep: Kinds) -> None:
    record = sweep("ordinary")

    draft = draft_of_selection(store, record, Wish(top=0.2))

    assert "from the best 20 % (10) of 60 trials" in draft["yaml"]
    assert record.best is not None
    assert space_of(draft).contains(record.best.params)


def test_one_trial_gives_ranges_around_it(store: SqlStore, sweep: Kinds) -> None:
    (trial,) = store.trials(sweep("ordinary").id, numbers=[3])

    draft = draft_of_selection(store, sweep("ordinary"), Wish(numbers=[3]))

    found, space = rows(draft), space_of(draft)
    assert space.contains(trial.params)
    assert found["learning_rate"]["reason"] == "around the selected trial"
    assert found["criterion"]["kind"] == "fixed"
    assert isinstance(space.parameters["criterion"], Constant)
    assert any("only 1 complete trial" in warning for warning in draft["warnings"])


def test_what_can_no_longer_become_active_leaves(store: SqlStore, sweep: Kinds) -> None:
    draft = draft_of_selection(store, sweep("conditional"), Wish("kernel:linear"))

    found = rows(draft)
    assert (found["kernel"]["kind"], found["gamma"]["kind"], found["degree"]["kind"]) == ("fixed", "dropped", "dropped")
    assert found["gamma"]["reason"] == "none of the selected trials has it"
    assert any("can no longer become active" in warning for warning in draft["warnings"])


def test_points_of_a_grid_that_are_run_already_are_counted(fresh: SqlStore) -> None:
    draft = draft_of_selection(fresh, gridded(fresh), Wish("b:x,y"))

    assert (
        "4 of the remaining 6 grid points are already run; with `reuse: true` their results are taken over"
        in draft["warnings"]
    )


def test_a_best_value_at_an_edge_is_told(fresh: SqlStore) -> None:
    sweep = gridded(fresh, state=SweepState.FINISHED, ended=1.7e9)

    inside = draft_of_selection(fresh, sweep, Wish("b:y,z"))["warnings"]
    at_the_end = draft_of_selection(fresh, sweep, Wish("a:1.."))["warnings"]

    assert any(each == "best a (2) sits at the upper edge of its new range: a margin keeps room" for each in inside)
    assert not any("sits at" in each for each in at_the_end)


def test_a_sweep_that_still_runs_is_told(store: SqlStore, sweep: Kinds) -> None:
    draft = draft_of_selection(store, sweep("running"), Wish(top=1.0))

    assert "the sweep is not over: this is from 12 trials so far" in draft["warnings"]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish(), "name trials"),
        (Wish("number:1000.."), "no trial of"),
        (Wish(numbers=[4711]), "no trial of"),
        (Wish(top=1.5), "'top' is 1.5"),
        (Wish("number:1..", margin=-1), "'margin' is -1"),
        (Wish("nonsense"), "the filter"),
        (Wish(top=0.5, goal=3), "goal 3"),
    ],
)
def test_what_cannot_be_drafted_is_said(store: SqlStore, sweep: Kinds, wish: Wish, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        draft_of_selection(store, sweep("ordinary"), wish)


def test_no_space_and_hostile_names_do_no_harm(store: SqlStore, sweep: Kinds) -> None:
    draft = draft_of_selection(store, sweep("hostile"), Wish(top=0.5))

    assert "\u202e" not in draft["yaml"].partition("parameters:")[0].partition("name:")[0]
    assert len(draft["diff"]) == len(space_of(draft).parameters)
    assert draft["command"].startswith("sweeper run evil-script")
    assert draft["command"].endswith(draft["file"])  # what is saved is what the command runs
    assert set(draft["command"]) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._ '")


def test_recommended_is_what_the_command_writes(fresh: SqlStore) -> None:
    sweeps = [write_sweep(fresh, forest(trials=40), seed) for seed in (1, 2, 3)]
    refs = [sweep.id for sweep in sweeps]

    draft = draft_recommended(fresh, refs)
    left = draft_recommended(fresh, refs, {row["param"]: False for row in draft["diff"]})

    found = narrowed(fresh, refs)
    assert draft["yaml"] == found.text
    assert {row["param"] for row in draft["diff"] if row["kind"] != "kept"} == set(found.made.taken)
    assert found.made.taken
    assert {row["kind"] for row in left["diff"]} == {"kept"}
    assert draft["narrow"].split()[:2] == ["sweeper", "narrow"]
    assert len(draft["narrow"].split()) == 5


def test_earlier_sweeps_of_the_same_kind_are_pooled(fresh: SqlStore) -> None:
    old = write_sweep(fresh, forest(trials=20), 1)
    other = write_sweep(fresh, forest(trials=20, config={"objective": "other.py:train"}), 2)
    young = add_sweep(fresh, "digits-forest", config=old.config, created=old.created + 1, space=old.space)

    assert alike(fresh, young) == [young.id, old.id]
    assert other.id not in alike(fresh, young)
