"""One seed per trial number."""

from __future__ import annotations

from itertools import product

from sweeper.samplers.seeds import seed32, trial_seed


def test_seeds_do_not_change_from_version_to_version() -> None:
    assert [trial_seed(7, 0), trial_seed(0, 12, 3)] == [0xC937FBF5131EC910, 0x8CB09B51E76E17F7]


def test_neighbours_have_unrelated_seeds() -> None:
    seeds = {trial_seed(seed, number, attempt) for seed, number, attempt in product(range(20), range(20), range(20))}
    assert len(seeds) == 8000


def test_seed32_fits_32_bits() -> None:
    assert seed32(trial_seed(1, 2)) < 2**32
