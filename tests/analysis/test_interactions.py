"""Two parameters that work together are found; noise is not taken for a partnership."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from sweeper.analysis.forest import components, grow
from sweeper.analysis.interactions import interactions, partners


def ranks(values: np.ndarray) -> np.ndarray:
    return np.asarray((values.argsort().argsort() + 0.5) / len(values))


def test_the_parts_of_a_complete_table_are_those_of_its_analysis_of_variance() -> None:
    """A full grid without noise: trees reproduce it, and its variance is known by hand."""
    levels = (np.arange(4) + 0.5) / 4
    inputs = np.array(list(product(levels, levels)))
    table = np.add.outer(levels, 2 * levels) + 3 * np.outer(levels - 0.5, levels - 0.5)
    whole = np.arange(len(inputs))[None].repeat(5, axis=0)

    forest = grow(inputs, table.ravel(), whole, np.random.default_rng(0))

    together = table - table.mean(axis=0) - table.mean(axis=1)[:, None] + table.mean()
    assert components(forest).totals == pytest.approx(table.var(), rel=1e-9)
    assert interactions(forest)[:, 0, 1] == pytest.approx(together.var(), rel=1e-9)


def test_partners_are_found() -> None:
    rng = np.random.default_rng(1)
    inputs = rng.random((200, 4))
    values = 4 * (inputs[:, 0] - 0.5) * (inputs[:, 2] - 0.5) + 0.3 * inputs[:, 1]

    found = partners(inputs, ranks(values), rng)

    assert found[0] is not None
    assert found[2] is not None
    assert (found[0].other, found[2].other) == (2, 0)
    assert found[0].shares.mean() > 0.2
    assert found[3] is None


def test_what_adds_up_has_no_partners() -> None:
    wrong = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        inputs = rng.random((80, 4))
        found = partners(inputs, ranks(inputs[:, 0] + inputs[:, 1] + 0.4 * rng.standard_normal(80)), rng)
        wrong += any(pair is not None for pair in found)
    assert wrong <= 3  # one in ten is the level of the test


def test_of_very_many_parameters_only_those_that_split_are_paired() -> None:
    rng = np.random.default_rng(2)
    inputs = rng.random((120, 30))
    forest = grow(inputs, ranks(inputs[:, 3] * inputs[:, 7]), rng.integers(0, 120, (8, 120)), rng)

    found = interactions(forest)

    assert not np.isnan(found[:, 3, 7]).any()
    assert np.isnan(found).any()
