"""The guard over a prior."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from sweeper.samplers.evidence import BAD, Evidence, Kind
from sweeper.samplers.warm.guard import Guard, drawn_evenly, mann_whitney


def judged(losses: Mapping[int, float | None], trials: int = 10, first: int = 0) -> tuple[Guard, list[str]]:
    said: list[str] = []
    guard = Guard(trials, first, said.append)
    for number, loss in losses.items():
        guard.tell(number, BAD if loss is None else Evidence(Kind.VALUE, (loss,)))
    return guard, said


def losses(guided: float, evenly: float) -> dict[int, float | None]:
    return {number: (evenly if drawn_evenly(number) else guided) + number / 1000 for number in range(10)}


def test_it_trusts_a_past_that_helps() -> None:
    guard, said = judged(losses(guided=1.0, evenly=2.0))

    assert guard.trusts
    assert said == []


def test_it_finds_out_a_past_that_misleads_and_says_so_once() -> None:
    guard, said = judged(losses(guided=2.0, evenly=1.0) | {10: 0.0, 11: 9.0})

    assert not guard.trusts
    (sentence,) = said
    assert "the 7 trials taken from it were no better than the 3 drawn evenly" in sentence


def test_it_waits_for_all_of_the_first_trials_in_whatever_order_they_end() -> None:
    wrong = losses(guided=2.0, evenly=1.0)
    late = {**{number: loss for number, loss in wrong.items() if number != 4}, 25: 0.0}

    assert judged(late)[0].trusts
    assert not judged({**late, 4: wrong[4]})[0].trusts


def test_configurations_that_came_first_are_the_pasts_whatever_their_number() -> None:
    # 2 would be drawn evenly were it not one of the first five; it is the only bad one
    mixed: dict[int, float | None] = {number: 1.0 + number / 100 for number in range(10)} | {2: 99.0, 5: 50.0, 8: 60.0}

    assert judged(mixed, first=5)[0].trusts


def test_failed_trials_are_the_worst() -> None:
    assert not judged({number: None if not drawn_evenly(number) else 1.0 for number in range(10)})[0].trusts


def test_with_many_workers_no_more_than_the_first_trials_are_drawn_from_an_unproven_past() -> None:
    guard, _ = judged({})
    assert [number for number in range(18) if guard.draws(number)] == [0, 1, 3, 4, 6, 7, 9]

    good, bad = judged(losses(1.0, 2.0))[0], judged(losses(2.0, 1.0))[0]
    assert [number for number in range(10, 18) if good.draws(number)] == [10, 12, 13, 15, 16]
    assert not [number for number in range(10, 18) if bad.draws(number)]


def test_without_any_difference_there_is_no_reason_for_trust() -> None:
    assert not judged(dict.fromkeys(range(10), 1.0))[0].trusts


def test_trials_that_tell_nothing_do_not_keep_it_waiting() -> None:
    guard, said = judged({number: loss for number, loss in losses(2.0, 1.0).items() if number != 3})
    before = guard.trusts

    guard.tell(3, None)

    assert (before, guard.trusts, len(said)) == (True, False, 1)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6), st.lists(st.integers(0, 5), min_size=1, max_size=4))
def test_the_test_counts_every_way_to_choose(one: list[int], other: list[int]) -> None:
    both = sorted([*one, *other])
    middle = {value: both.index(value) + (both.count(value) - 1) / 2 for value in both}
    ways = [sum(middle[both[i]] for i in way) for way in combinations(range(len(both)), len(one))]
    seen = sum(middle[value] for value in one)

    assert mann_whitney(one, other) == pytest.approx(sum(way <= seen for way in ways) / len(ways))


def test_the_test_is_the_exact_one_of_the_books() -> None:
    one, other = [0.1, 0.7, 0.35, 0.9, 0.2, 0.05], [0.4, 0.8, 0.95]

    theirs = mannwhitneyu(one, other, alternative="less", method="exact")
    assert mann_whitney(one, other) == pytest.approx(theirs.pvalue)
