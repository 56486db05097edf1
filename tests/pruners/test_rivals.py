"""The board of curves answers as the plain curves would, after any reports and restarts."""

from __future__ import annotations

import math
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as some

from sweeper.pruners.curves import best_mean, run_length, values_at
from sweeper.pruners.rivals import Board, Rivals
from sweeper.records import Curve

VALUES = some.floats(-10, 10, width=16) | some.sampled_from([math.nan, math.inf, -math.inf])
REPORTS = some.lists(some.tuples(some.integers(0, 4), some.integers(0, 5), VALUES), max_size=40)


def plain(reports: list[tuple[int, int, float]]) -> dict[int, list[tuple[int, float]]]:
    curves: dict[int, list[tuple[int, float]]] = {}
    for number, step, value in reports:
        before = [point for point in curves.get(number, []) if point[0] < step]
        curves[number] = [*before, (step, value)]
    return curves


def same(one: object, other: object) -> bool:
    return repr(one) == repr(other)  # NaN is itself here


@given(REPORTS, REPORTS, some.integers(0, 4))
def test_its_answers_are_those_of_plain_curves(
    before: list[tuple[int, int, float]], after: list[tuple[int, int, float]], asking: int
) -> None:
    board = Board()
    seen: Mapping[int, Curve] = Rivals(board, asking)
    for reports in (before, after):  # what is asked for first is kept up to date from then on
        for report in reports:
            board.report(*report)
        everything = before if reports is before else before + after
        expected = {number: curve for number, curve in plain(everything).items() if number != asking}

        assert same(dict(seen), expected)
        assert len(seen) == len(expected)
        for count in range(1, 7):
            assert values_at(seen, count) == values_at(expected, count)
            found, known = best_mean(seen, count), best_mean(expected, count)
            assert (found is None) == (known is None)
            assert found is None or known is None or same(rating(found), rating(known))


def rating(curve: Curve) -> float:
    values = [value for _, value in curve if value == value]
    mean = math.fsum(values) / len(values) if values and all(map(math.isfinite, values)) else math.inf
    return round(mean, 6) if values and all(map(math.isfinite, values)) else mean


def test_a_run_is_as_long_as_the_longest_that_came_to_its_end() -> None:
    board = Board()
    for number, length in ((0, 3), (1, 5), (2, 9)):
        for step in range(length):
            board.report(number, step, 0.5)
    assert run_length(Rivals(board, 2)) is None

    board.ended(1)
    board.ended(0)

    assert run_length(Rivals(board, 2)) == 5
    assert run_length({}) is None
