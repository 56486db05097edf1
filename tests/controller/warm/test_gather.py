"""What a new sweep takes of past ones."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sweeper.controller.warm.gather import WarmStart, gather
from sweeper.errors import UsageError
from sweeper.interfaces import Store
from sweeper.records import Goal
from tests.controller.warm.conftest import Past, config


def taken(store: Store, past: Any = ("old",), mode: str = "auto", method: str = "tpe", **more: Any) -> WarmStart:
    return gather(store, config(past, mode, **more), method, 1)


def test_the_best_trials_of_each_sweep_the_very_best_first(store: Store, past: Past) -> None:
    past("old", values=[n / 50 for n in range(50)])

    (sweep,) = taken(store).history.sweeps

    assert sweep.trials == 50
    assert [trial.number for trial in sweep.best] == [49, 48, 47, 46, 45]
    assert sweep.best[0].values == (0.98,)
    assert sweep.told == ()


def test_it_says_in_one_sentence_what_was_taken_and_why(store: Store, past: Past) -> None:
    for value in (0.1, 0.9):
        past("old", values=[value, 0.5, 0.2])
    space = {"x": {"min": 0.0, "max": 1.0}, "momentum": {"min": 0.0, "max": 1.0}}

    text = taken(store, "old*", parameters=space).text

    assert text.startswith("from 2 sweeps, 6 trials: 3 configurations first (#")
    assert " of old " in text
    assert text.endswith("; a prior on x; momentum is new; kind no longer searched")


@pytest.mark.parametrize(("mode", "first", "prior"), [("auto", 2, True), ("enqueue", 2, False), ("prior", 0, True)])
def test_what_each_mode_takes(store: Store, past: Past, mode: str, first: int, prior: bool) -> None:
    past("old", values=(0.5, 0.9, 0.7))

    warm = taken(store, mode=mode, budget={"trials": 20})

    assert (warm.history.first, warm.history.prior) == (first, prior)
    assert ("a prior on x, kind" in warm.text) == prior


def test_a_first_try_of_a_few_trials_is_left_out_where_there_are_longer_sweeps(store: Store, past: Past) -> None:
    long = past("old", values=[n / 20 for n in range(20)])
    try_ = past("old-try", values=(0.1,))

    warm = taken(store, "old*")

    assert [sweep.id for sweep in warm.history.sweeps] == [long.id]
    assert f"left out, as the best of fewer than 10 trials say little: old-try {try_.id[-8:]}" in warm.notes
    assert [sweep.id for sweep in taken(store, "old-try").history.sweeps] == [try_.id]


def test_values_that_are_no_numbers_are_no_best(store: Store, past: Past) -> None:
    past("old", values=(math.nan, 0.5, math.inf))

    assert [trial.number for trial in taken(store).history.sweeps[0].best] == [1]


def test_a_sweep_without_a_finite_value_cannot_teach(store: Store, past: Past) -> None:
    past("old", values=(math.nan,))

    with pytest.raises(UsageError, match="none of the past trials has a finite value of accuracy"):
        taken(store)


class TestTell:
    def test_all_trials_of_the_same_objective_data_and_code_are_told(self, store: Store, past: Past) -> None:
        past("old", values=(0.5, 0.9, 0.7))

        warm = taken(store, mode="tell")

        assert [trial.values for trial in warm.history.sweeps[0].told] == [(0.5,), (0.9,), (0.7,)]
        assert warm.history.first == 0
        assert warm.text == "from 1 sweep, 3 trials: 3 trials told as this sweep's own"

    def test_of_other_data_only_the_best_are_taken_and_that_is_said(self, store: Store, past: Past) -> None:
        sweep = past("old", tags={"dataset": "wine"})

        warm = taken(store, mode="tell", tags={"dataset": "digits"})

        assert warm.history.sweeps[0].told == ()
        assert warm.history.first > 0
        assert warm.notes == (
            f"old {sweep.id[-8:]} had other data (dataset=wine): their trials are not told as this sweep's own, their "
            "best are taken",
        )


class TestOtherMethods:
    def test_configurations_come_first_and_the_missing_prior_is_told(self, store: Store, past: Past) -> None:
        past("old")

        warm = taken(store, method="cmaes")

        assert warm.history.mode == "enqueue"
        assert warm.history.first == 3
        assert "there is no prior with method cmaes: only configurations are taken" in warm.notes

    def test_a_prior_alone_is_refused(self, store: Store, past: Past) -> None:
        past("old")

        with pytest.raises(UsageError, match="no prior with method random; use mode enqueue, or method tpe"):
            taken(store, mode="prior", method="random")

    def test_several_goals_take_configurations_of_the_front(self, store: Store, past: Past) -> None:
        from sweeper.events import AttemptEnded
        from sweeper.records import RunState, new_id
        from sweeper.testing.sweeps import START, started

        both = (Goal("accuracy", "maximize"), Goal("seconds"))
        sweep = past("old", goals=both, values=())
        for number, values in enumerate([(0.9, 3.0), (0.8, 1.0), (0.7, 4.0), (0.6, 5.0), (0.5, 6.0)]):
            run_id = new_id()
            store.write(*started(sweep.id, run_id, number, {"x": number / 10, "kind": "a"})).result()
            store.write(AttemptEnded(sweep.id, run_id, 1, START + 9, RunState.COMPLETE, START, values)).result()
        metrics = [{"name": "seconds"}, {"name": "accuracy", "goal": "maximize"}]

        warm = gather(store, config(metric=None, metrics=metrics), "tpe", 1)

        best = warm.history.sweeps[0].best
        assert {trial.number for trial in best} >= {0, 1}
        assert best[0].values == (3.0, 0.9)
        assert "there is no prior with several goals: only configurations are taken" in warm.notes


class TestChangedSpaces:
    def test_values_outside_the_ranges_of_now_are_counted(self, store: Store, past: Past) -> None:
        past("old", values=(0.1, 0.5, 0.9))

        warm = taken(store, parameters={"x": {"min": 0.0, "max": 0.25}})

        assert "2 past trials had values outside the ranges of now: moved to the nearest inside" in warm.notes

    def test_trials_that_break_a_constraint_of_now_are_counted(self, store: Store, past: Past) -> None:
        past("old", values=(0.1, 0.5, 0.9))

        warm = taken(store, constraints=["x < 0.9"])

        assert "1 past trials do not meet the constraints of now and are left out" in warm.notes


class TestNarrow:
    def test_ranges_stay_whole_without_evidence(self, store: Store, past: Past) -> None:
        past("old")

        warm = taken(store, mode="narrow")

        assert warm.history.narrowed == {}
        assert warm.text == "from 1 sweep, 3 trials: no range is narrowed: the evidence asks for none"

    def test_recommended_ranges_are_searched_and_told_with_their_reason(self, store: Store, past: Past) -> None:
        for shift in range(5):
            past("old", values=[1 - abs(n / 59 - 0.4 - shift / 200) for n in range(60)])

        warm = taken(store, "old*", mode="narrow")

        bounds = warm.history.narrowed["x"]
        assert 0.1 < bounds["min"] < 0.4 < bounds["max"] < 0.7
        assert "searches narrower ranges of x, every seventh trial the whole" in warm.text
        assert any(note.startswith("x: 0 .. 1 -> ") for note in warm.notes)
