"""Sweeps side by side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sweeper.analysis.compare import Comparison, compare
from sweeper.analysis.numbers import number
from sweeper.errors import NotFound, UsageError
from sweeper.events import PointsLogged, RunEnded, RunStarted
from sweeper.interfaces import Store
from sweeper.records import Goal, Point, Run, RunState, SweepRecord, new_id
from sweeper.store import open_store
from sweeper.testing.sweeps import add_sweep, add_trial
from tests.analysis import sweeps
from tests.analysis.sweeps import Made, accuracy


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(str(tmp_path_factory.mktemp("store") / "runs.db"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def forest(store: Store) -> SweepRecord:
    return sweeps.write_sweep(store, sweeps.forest())


@pytest.fixture(scope="module")
def wide(store: Store) -> SweepRecord:
    space = sweeps.FOREST | {"max_depth": {"min": 2, "max": 64, "distribution": "log_uniform_values"}}
    plan = sweeps.forest(name="wide", parameters=space, trials=40, config={"method": "random"})
    return sweeps.write_sweep(store, plan, seed=8)


def test_what_differs_is_told_and_what_does_not_is_not(store: Store, forest: SweepRecord, wide: SweepRecord) -> None:
    found = compare(store, [forest, wide])

    assert [side.label for side in found.sides] == ["digits-forest", "wide"]
    assert {row.name: row.cells for row in found.config} == {
        "budget.trials": ("60", "40"), "seed": ("7", "8")
    }  # fmt: skip
    assert [row.name for row in found.space] == ["max_depth"]
    assert found.space[0].cells[0] != found.space[0].cells[1]
    assert {row.name for row in found.best} == set(sweeps.FOREST)
    assert found.importances[0].name == "learning_rate"
    assert len(found.verdicts) == 1
    assert "cannot be known" in found.verdicts[0].text


def test_each_side_has_its_way_to_the_best(store: Store, forest: SweepRecord, wide: SweepRecord) -> None:
    for side in compare(store, [forest, wide]).sides:
        assert side.progress is not None
        assert side.finish is not None
        assert side.sweep.best is not None
        assert side.progress.best[-1] == side.finish.value == side.sweep.best.value
        assert len(side.progress.best) == len(side.table)


def test_equal_names_are_told_apart_and_one_sweep_named_twice_is_one(store: Store, forest: SweepRecord) -> None:
    again = sweeps.write_sweep(store, sweeps.forest(trials=12))

    found = compare(store, [forest, again, forest])

    assert [side.label for side in found.sides] == [f"digits-forest {s.id[-8:]}" for s in (forest, again)]
    assert any("12 assignments" in note or "assignments of parameters" in note for note in found.notes)


def other(store: Store, goals: tuple[Goal, ...], name: str, recorded: bool = False) -> SweepRecord:
    def objective(params: dict[str, object], number: int) -> Made:
        made = accuracy(params, number * 17)
        assert made.values
        return Made((1 - made.values[0],), metrics={"accuracy": made.values[0]} if recorded else {})

    return sweeps.write_sweep(store, sweeps.forest(name=name, goals=goals, trials=20, objective=objective))


def said(found: Comparison) -> str:
    return " ".join(found.notes)


def test_sweeps_without_a_common_metric_are_compared_in_all_but_values(store: Store, forest: SweepRecord) -> None:
    found = compare(store, [forest, other(store, (Goal("loss"),), "by-loss")])

    assert found.goal is None
    assert found.verdicts == ()
    assert "no metric in common" in said(found)
    assert "digits-forest maximizes accuracy; by-loss minimizes loss" in said(found)
    assert all(side.progress is None for side in found.sides)


def test_a_metric_that_the_other_only_recorded_is_compared_and_said(store: Store, forest: SweepRecord) -> None:
    found = compare(store, [forest, other(store, (Goal("loss"),), "recorded", recorded=True)])

    assert found.goal == Goal("accuracy", "maximize")
    assert "recorded minimizes loss; its accuracy is what its trials recorded" in said(found)
    assert found.sides[1].finish is not None
    assert found.sides[1].importance is None


def test_bests_on_other_data_are_said_to_be_so(store: Store) -> None:
    wine, digits, again = (add_sweep(store, f"on-{data}", config={"tags": {"dataset": data}}) for data in
                           ("wine", "digits", "wine"))  # fmt: skip
    for depth, sweep in enumerate((wine, digits, again)):
        add_trial(store, sweep, 0, {"depth": depth}, 0.5)

    assert "Their data differ (dataset=wine; dataset=digits)" in said(compare(store, [wine, digits]))
    assert "data differ" not in said(compare(store, [wine, again]))


def test_the_opposite_goal_is_not_compared(store: Store, forest: SweepRecord) -> None:
    found = compare(store, [forest, other(store, (Goal("accuracy"),), "upside-down")])

    assert found.goal is None
    assert "upside-down minimizes accuracy" in said(found)


def test_a_metric_may_be_chosen(store: Store, forest: SweepRecord, wide: SweepRecord) -> None:
    found = compare(store, [forest, wide], metric="fit_seconds")

    assert found.goal == Goal("fit_seconds")
    assert "No sweep has fit_seconds as a goal: less is taken for better." in said(found)
    with pytest.raises(NotFound, match="no metric 'f1'; choose from: accuracy, fit_seconds"):
        compare(store, [forest, wide], metric="f1")


def test_one_sweep_is_not_compared(store: Store, forest: SweepRecord) -> None:
    with pytest.raises(UsageError, match="compare takes 2 to 10 different sweeps, not 1"):
        compare(store, [forest, forest])


def test_a_sweep_without_a_complete_trial_is_said_to_have_none(store: Store, forest: SweepRecord) -> None:
    empty = sweeps.write_sweep(store, sweeps.forest(name="empty", trials=0))

    found = compare(store, [forest, empty])

    assert "empty has no complete trial yet." in found.notes
    assert found.verdicts == ()


def test_nested_folds_of_the_bests_are_compared_in_pairs(store: Store) -> None:
    records = []
    for name, gain in (("plain", 0.0), ("better", 0.02)):
        record = add_sweep(store, name)
        run_id = add_trial(store, record, 0, {"depth": 4}, 0.7 + gain)
        for i, value in enumerate((0.5, 0.7, 0.9, 0.6, 0.8)):
            fold = Run(new_id(), f"fold-{i}", parent_id=run_id, started=1.0)
            logged = PointsLogged(fold.id, (Point("accuracy", value + gain, 0, 1.0),))
            store.write(RunStarted(fold), logged, RunEnded(fold.id, RunState.COMPLETE, 2.0)).result()
        records.append(record)

    (verdict,) = compare(store, records).verdicts

    assert (verdict.better, verdict.source, verdict.within_noise) == ("better", "paired folds", False)
    assert verdict.text == (
        "better is better than plain by 0.02, more than noise explains: "
        f"over 5 folds two equal ones differ by up to {number(verdict.bound)} in 95 of 100 cases"
    )
