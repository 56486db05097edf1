"""The Kolmogorov-Smirnov test and the count of votes, against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, kruskal, ks_2samp, rankdata

from sweeper.analysis.ranges.gate import CHANCE, VOTE, Vote, kruskal_wallis, p_value


@pytest.mark.parametrize("seed", range(5))
def test_the_p_value_is_close_to_the_exact_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = rng.random(12), rng.random(48) ** (1 + 0.3 * seed)

    assert p_value(one, other) == pytest.approx(ks_2samp(one, other, method="exact").pvalue, abs=0.06)


def test_an_empty_sample_says_nothing() -> None:
    assert p_value(np.zeros(0), np.ones(3)) == 1.0


def test_equal_samples_say_nothing() -> None:
    assert p_value(np.arange(9.0), np.arange(9.0)) == 1.0


@pytest.mark.parametrize(("votes", "voters"), [(3, 3), (4, 7), (0, 5), (5, 5)])
def test_the_chance_of_votes_is_the_tail_of_a_binomial(votes: int, voters: int) -> None:
    assert Vote(votes, voters).chance == pytest.approx(binom.sf(votes - 1, voters, VOTE))


@pytest.mark.parametrize(
    ("votes", "voters", "passed"),
    [(2, 2, True), (2, 3, False), (3, 3, True), (3, 6, False), (4, 7, True), (30, 100, False)],
)
def test_half_of_the_sweeps_must_vote_and_chance_must_not_explain_it(votes: int, voters: int, passed: bool) -> None:
    assert Vote(votes, voters).passed is passed
    assert not passed or Vote(votes, voters).chance < CHANCE


@pytest.mark.parametrize("seed", range(4))
def test_the_test_over_four_parts_is_scipys(seed: int) -> None:
    rng = np.random.default_rng(seed)
    at = rng.random(40)
    rank = rankdata(at * (seed % 2) + rng.random(40)) / 40

    parts = np.digitize(at, np.quantile(at, [0.25, 0.5, 0.75]))

    assert kruskal_wallis(at, rank) == pytest.approx(kruskal(*[rank[parts == part] for part in range(4)]).pvalue)


def test_few_values_are_parts_of_their_own() -> None:
    at = np.repeat([0.25, 0.75], 10)
    rank = np.arange(20) / 20

    assert kruskal_wallis(at, rank) == pytest.approx(kruskal(rank[:10], rank[10:]).pvalue)


def test_few_trials_or_one_value_say_nothing() -> None:
    assert kruskal_wallis(np.arange(5) / 5, np.arange(5) / 5) == 1.0
    assert kruskal_wallis(np.full(30, 0.5), np.arange(30) / 30) == 1.0
    assert kruskal_wallis(np.arange(30) / 30, np.full(30, 0.5)) == 1.0
