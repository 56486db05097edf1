"""The signed-rank test gives what is known of it."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sweeper.pruners.signed_rank import greater


def test_without_ties_it_is_scipys() -> None:
    from scipy.stats import wilcoxon

    source = random.Random(5)
    for count in (1, 2, 5, 20, 50):
        differences = [source.gauss(0.3, 1) for _ in range(count)]
        known = wilcoxon(differences, alternative="greater", method="exact").pvalue
        assert greater(differences) == pytest.approx(known)


def test_of_many_it_is_scipys_by_the_normal_distribution() -> None:
    from scipy.stats import wilcoxon

    source = random.Random(6)
    differences = [source.gauss(0.2, 1) for _ in range(300)]
    known = wilcoxon(differences, alternative="greater", method="approx", correction=True).pvalue
    assert greater(differences) == pytest.approx(known, rel=0.02)


@given(some.lists(some.sampled_from([-2, -1, 1, 2, 3]), min_size=1, max_size=7))
def test_with_ties_it_is_the_share_of_all_signs(differences: list[int]) -> None:
    sizes = [abs(difference) for difference in differences]
    ranks = [sum(other < size for other in sizes) + (sizes.count(size) + 1) / 2 for size in sizes]
    above = sum(rank for rank, difference in zip(ranks, differences, strict=True) if difference > 0)
    sums = [sum(itertools.compress(ranks, signs)) for signs in itertools.product((0, 1), repeat=len(ranks))]

    assert greater(differences) == pytest.approx(sum(total >= above for total in sums) / len(sums))


def test_the_two_ways_meet() -> None:
    source = random.Random(7)
    for _ in range(20):
        differences = [source.gauss(0.2, 1) for _ in range(60)]
        assert greater(differences) == pytest.approx(greater([*differences, 1e-9 * source.choice((-1, 1))]), abs=0.01)
