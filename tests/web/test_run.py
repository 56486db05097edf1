"""The page of one run."""

from __future__ import annotations

from typing import Any

import pytest

from sweeper.analysis.dominance import front_of
from sweeper.artifacts import open_artifacts
from sweeper.errors import NotFound
from sweeper.events import PointsLogged, RunEnded, TagsSet
from sweeper.records import Point, RunState, new_id
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import START, add_run, add_sweep, add_trial, failed, started
from sweeper.web.plain import to_json
from sweeper.web.run import run_page

from .conftest import Kinds


def page(store: SqlStore, ref: str) -> dict[str, Any]:
    found = run_page(store, open_artifacts(store.artifacts), ref)
    to_json(found)
    return found


def test_a_trial_says_where_it_stands_and_what_the_best_one_has(fresh: SqlStore) -> None:
    sweep = add_sweep(fresh)
    worse, best = (add_trial(fresh, sweep, n, {"depth": n + 2}, value) for n, value in enumerate((0.5, 0.9)))
    found = page(fresh, worse)
    assert (found["number"], found["rank"], found["of"], found["prev"], found["next"]) == (0, 2, 2, best, None)
    assert (found["value"], found["metrics"], found["worker"]) == (0.5, {"accuracy": 0.5}, "slot 0")
    assert found["sweep"] == {
        "id": sweep.id, "name": "digits", "state": "interrupted", "goals": [{"name": "accuracy", "goal": "maximize"}],
        "best": {"number": 1, "run_id": best, "value": 0.9}, "leaders": [1],
    }  # fmt: skip
    [depth] = found["params"]
    assert (depth["value"], depth["place"], depth["best"], depth["differs"]) == (2, 0.125, 3, True)
    assert found["lineage"] == [{"id": sweep.id, "name": "digits", "kind": "sweep"}]
    assert [each["attempt"] for each in found["attempts"]] == [1]
    assert (found["failure"], found["curves"], found["tree"], found["artifacts"]) == (None, [], [], False)


def test_a_failure_comes_with_its_evidence(fresh: SqlStore) -> None:
    sweep, run_id = add_sweep(fresh), new_id()
    fresh.write(*started(sweep.id, run_id, 0, {"depth": 3}), failed(sweep.id, run_id)).result()
    found = page(fresh, run_id)
    assert found["failure"] == {
        "kind": "exception", "message": "ValueError: no", "traceback": "Traceback ...\nValueError: no",
        "exit_code": None, "signal": None,
    }  # fmt: skip
    assert (found["rank"], found["value"]) == (None, None)
    [attempt] = found["attempts"]
    assert attempt["failure"]["class"] == "exception"
    assert "output" not in attempt, "that is in the log"


def test_curves_are_metrics_with_a_history_and_folds_a_tree(fresh: SqlStore) -> None:
    trial = add_trial(fresh, add_sweep(fresh), 0, value=0.9)
    fresh.write(PointsLogged(trial, tuple(Point("loss", 1.0 / (i + 1), i, START + i) for i in range(3)), 1)).result()
    for i, value in enumerate((0.8, 0.9)):
        fold = add_run(fresh, trial, f"fold-{i}")
        fresh.write(PointsLogged(fold, (Point("accuracy", value, 0, START),))).result()
    found = page(fresh, trial)
    assert found["curves"] == ["loss"]
    assert sorted(node["name"] for node in found["tree"]) == ["fold-0", "fold-1"]
    stats = found["tree_stats"]["accuracy"]
    assert (stats["n"], stats["mean"]) == (2, pytest.approx(0.85))


def test_a_nested_run_has_the_page_of_its_own_and_the_surroundings_of_its_sweep(fresh: SqlStore) -> None:
    sweep = add_sweep(fresh)
    fresh.write(TagsSet(sweep.id, {"sweeper.host": "lab", "mlflow.source.git.commit": "abc"})).result()
    trial = add_trial(fresh, sweep, 0, value=0.9)
    found = page(fresh, add_run(fresh, trial, "fold-0"))
    assert [each["kind"] for each in found["lineage"]] == ["sweep", "trial"]
    assert found["sweep"]["id"] == sweep.id
    assert (found["number"], found["rank"], found["params"]) == (None, None, [])
    assert ["host", "lab"] in found["environment"]
    assert found["code"]["version"] == "abc"


def test_a_run_outside_sweeps_is_a_page_too(fresh: SqlStore) -> None:
    run_id = add_run(fresh, name="prepare", params={"rows": "10"}, tags={"team": "a"}, user="ada")
    fresh.write(RunEnded(run_id, RunState.COMPLETE, START + 5)).result()
    open_artifacts(fresh.artifacts).write(f"{run_id}/notes.txt", b"x")
    found = page(fresh, run_id[-8:])
    run = found["run"]
    assert (run["kind"], run["name"], run["experiment"], run["seconds"]) == ("run", "prepare", "Default", 5.0)
    assert (found["sweep"], found["user"], found["artifacts"]) == (None, "ada", True)
    assert [(row["name"], row["value"]) for row in found["params"]] == [("rows", "10")]


def test_code_is_compared_with_that_of_a_result_taken_from_an_earlier_sweep(fresh: SqlStore) -> None:
    earlier, sweep = add_sweep(fresh, "before"), add_sweep(fresh)
    fresh.write(TagsSet(earlier.id, {"mlflow.source.git.commit": "old"})).result()
    fresh.write(TagsSet(sweep.id, {"mlflow.source.git.commit": "new"})).result()
    own, best = add_trial(fresh, sweep, 0, value=0.5), add_trial(fresh, sweep, 1, value=0.9)
    assert page(fresh, own)["code"]["diff_to_best"] is None
    fresh.write(TagsSet(best, {"sweeper.reused": f"{earlier.id}:0"})).result()
    assert page(fresh, own)["code"]["diff_to_best"] == "-commit: old\n+commit: new"


@pytest.mark.parametrize("kind", ["ordinary", "failed", "one", "running", "goals", "conditional", "hostile"])
def test_every_kind_of_sweep_has_pages(store: SqlStore, sweep: Kinds, kind: str) -> None:
    record = sweep(kind)
    for trial in store.trials(record.id)[:5]:
        found = page(store, trial.run_id)
        assert found["number"] == trial.number
        assert {row["name"] for row in found["params"]} >= set(trial.params)
        assert all(row["place"] is None or 0 <= row["place"] <= 1 for row in found["params"])


def test_with_several_goals_a_trial_is_on_the_front_or_not(store: SqlStore, sweep: Kinds) -> None:
    record = sweep("goals")
    trials = store.trials(record.id)
    on_front = {trial.number for trial in front_of(record.goals, trials)}
    complete = [trial for trial in trials if trial.state is RunState.COMPLETE][:12]
    assert {trial.number for trial in complete if page(store, trial.run_id)["front"]} == {
        trial.number for trial in complete
    } & on_front
    assert page(store, store.trials(sweep("ordinary").id)[0].run_id)["front"] is None


def test_a_run_that_is_gone_is_said(fresh: SqlStore) -> None:
    with pytest.raises(NotFound, match="SWEEP:NUMBER"):
        page(fresh, "f" * 32)
