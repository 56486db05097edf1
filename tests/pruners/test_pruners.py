"""Rules of early stopping: the shared suite, and what each is for."""

from __future__ import annotations

import random
from typing import Any

import pytest

from sweeper.errors import UsageError
from sweeper.plugins import load, names
from sweeper.pruners.make import make_pruner
from sweeper.pruners.rivals import Board, Rivals
from sweeper.records import Goal
from sweeper.testing.pruners import PrunerConformance, line

LOSS, ACCURACY = Goal("loss"), Goal("accuracy", "maximize")


def rivals(*values: float, length: int = 40) -> dict[int, list[tuple[int, float]]]:
    return {number: [(step, value) for step in range(length)] for number, value in enumerate(values, 1)}


class TestAsha(PrunerConformance):
    name, options = "asha", {"min_iter": 3, "eta": 3}

    def test_it_looks_only_at_rungs(self) -> None:
        rule = load("pruner", "asha")(LOSS, min_iter=3, eta=3)
        others = rivals(*[0.1] * 8)

        stops = [count for count in range(1, 40) if rule(line(*[0.9] * count), others)]

        assert stops == [3, 9, 27]

    def test_a_third_of_the_values_at_a_rung_goes_on(self) -> None:
        rule = load("pruner", "asha")(LOSS, min_iter=1, eta=3)
        others = rivals(1, 2, 3, 4, 5)

        assert [rule(line(value), others) for value in (0.5, 1.5, 2.5)] == [False, False, True]

    def test_nothing_stops_at_the_last_report(self) -> None:
        rule = load("pruner", "asha")(LOSS, min_iter=3, eta=3, max_iter=9)

        assert rule(line(*[9.0] * 9), rivals(*[0.1] * 8)) is False

    def test_without_rungs_the_first_is_at_a_tenth_of_a_whole_run_once_one_was_seen(self) -> None:
        rule, board = load("pruner", "asha")(LOSS), Board()
        for number in range(8):
            for step in range(40):
                board.report(number, step, 0.1)
        for step in range(60):
            board.report(9, step, 0.9)
        asking = Rivals(board, 9)

        def stops() -> list[int]:
            return [count for count in range(1, 61) if rule(board.curves[9][:count], asking)]

        assert stops() == []
        board.ended(0)
        assert stops() == [4, 12, 36]

    def test_its_first_rung_is_never_the_first_report(self) -> None:
        rule = load("pruner", "asha")(LOSS, max_iter=10)

        stops = [count for count in range(1, 11) if rule(line(*[0.9] * count), rivals(*[0.1] * 8))]

        assert stops == [2, 6]

    def test_of_many_random_trials_about_a_third_passes_each_rung(self) -> None:
        rule, source = load("pruner", "asha")(LOSS, min_iter=1, eta=3), random.Random(0)
        seen: dict[int, list[tuple[int, float]]] = {}
        passed = 0
        for number in range(900):
            curve = line(source.random())
            passed += not rule(curve, seen)
            seen[number] = list(curve)

        assert 0.30 < passed / 900 < 0.40


class TestHyperband(PrunerConformance):
    name, options = "hyperband", {"min_iter": 3, "eta": 3}

    def test_strict_looks_back_at_the_last_band(self) -> None:
        others = rivals(*[0.1] * 8)
        strict = load("pruner", "hyperband")(LOSS, min_iter=3)
        lenient = load("pruner", "hyperband")(LOSS, min_iter=3, strict=False)

        assert (strict(line(*[0.9] * 5), others), lenient(line(*[0.9] * 5), others)) == (True, False)
        assert lenient(line(*[0.9] * 3), others) is True

    def test_bands_from_max_iter_and_s(self) -> None:
        rule = load("pruner", "hyperband")(LOSS, max_iter=27, s=2, eta=3, strict=False)

        stops = [count for count in range(1, 28) if rule(line(*[0.9] * count), rivals(*[0.1] * 8))]

        assert stops == [3, 9]

    def test_it_needs_its_bands(self) -> None:
        with pytest.raises(UsageError, match="min_iter"):
            load("pruner", "hyperband")(LOSS)


class TestMedian(PrunerConformance):
    name, options = "median", {"warmup": 2}

    def test_it_stops_what_is_worse_than_half_after_start_up_and_warm_up(self) -> None:
        rule = load("pruner", "median")(LOSS, startup=3, warmup=2)

        assert rule(line(*[2.5] * 3), rivals(1, 2, 3)) is True
        assert rule(line(*[1.5] * 3), rivals(1, 2, 3)) is False
        assert rule(line(*[2.5] * 2), rivals(1, 2, 3)) is False
        assert rule(line(*[2.5] * 3), rivals(1, 2)) is False


class TestPercentile(PrunerConformance):
    name, options = "percentile", {"percentile": 25}

    def test_it_keeps_the_best_quarter(self) -> None:
        rule = load("pruner", "percentile")(LOSS, percentile=25, startup=4, warmup=0)

        assert [rule(line(value), rivals(1, 2, 3, 4, 5)) for value in (1.9, 2.1)] == [False, True]


class TestPatient(PrunerConformance):
    name, options = "patient", {"patience": 5}

    def test_it_stops_a_trial_that_does_not_get_better(self) -> None:
        rule = load("pruner", "patient")(LOSS, patience=2, min_delta=0.1)

        assert rule(line(1.0, 0.5, 0.45, 0.45), {}) is True
        assert rule(line(1.0, 0.5, 0.45, 0.3), {}) is False


class TestThreshold(PrunerConformance):
    name, options = "threshold", {"upper": 1e6}

    def test_bounds_are_in_the_metric_s_own_sense(self) -> None:
        rule = load("pruner", "threshold")(ACCURACY, lower=0.5)

        assert [rule(line(-value), {}) for value in (0.4, 0.6)] == [True, False]


class TestWilcoxon(PrunerConformance):
    name, options = "wilcoxon", {"p": 0.05}

    def test_it_stops_what_is_worse_on_nearly_every_instance(self) -> None:
        rule, source = load("pruner", "wilcoxon")(LOSS, p=0.05), random.Random(1)
        best = [(step, source.random()) for step in range(10)]

        worse = [(step, value + 0.1 + source.random() / 10) for step, value in best]
        alike = [(step, value + source.uniform(-0.1, 0.1)) for step, value in best]

        assert rule(worse, {1: best}) is True
        assert rule(alike, {1: best}) is False


def test_every_rule_of_the_table_has_its_suite() -> None:
    suites = {suite.name for suite in PrunerConformance.__subclasses__()}

    assert suites == set(names("pruner"))


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        ({"type": "asha", "min_iter": 1.5}, "asha: min_iter must be a whole number of 1 or more, not 1.5"),
        ({"type": "asha", "eta": float("inf")}, "asha: eta must be a number above 1, not inf"),
        ({"type": "hyperband", "max_iter": 9, "s": "a"}, "hyperband: s must be a whole number of 1 or more, not 'a'"),
        ({"type": "median", "warmup": True}, "median: warmup must be a whole number of 0 or more, not True"),
        ({"type": "percentile", "percentile": "abc"}, "percentile must be in 0 .. 100, not 'abc'"),
        ({"type": "patient", "patience": 2.5}, "patient: patience must be a whole number of 1 or more, not 2.5"),
        ({"type": "patient", "min_delta": float("nan")}, "patient: min_delta must be a number of at least 0, not nan"),
        ({"type": "threshold", "upper": "3"}, "threshold: upper must be a number, not '3'"),
        ({"type": "wilcoxon", "p": None}, "wilcoxon: p must be a number above 0, not None"),
        ({"type": "median", "goal": 1, "self": 2}, "median has no option 'goal'"),
        ({"type": "median", 3: 1}, "median has no option '3'"),
    ],
)
def test_a_value_that_a_rule_cannot_take_is_refused_in_words(block: dict[Any, Any], sentence: str) -> None:
    with pytest.raises(UsageError) as refused:
        make_pruner(block, LOSS)

    assert sentence in str(refused.value)


def test_bands_of_a_steep_bracket_end() -> None:
    rule = make_pruner({"type": "hyperband", "min_iter": 1, "eta": 1e12}, LOSS)

    assert rule(line(0.9), rivals(*[0.1] * 8))
