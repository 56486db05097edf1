"""Trees grown all at once are the trees that others grow, and their variance decomposes exactly."""

from __future__ import annotations

import numpy as np
import pytest

from sweeper.analysis.forest import Forest, components, grow, leaves, locate, volumes


def grown(n: int, inputs: int, trees: int = 4, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray, Forest]:
    rng = np.random.default_rng(seed)
    x = rng.random((n, inputs))
    y = x[:, 0] ** 2 + (x[:, 1] * x[:, -1] if inputs > 1 else 0) + 0.05 * rng.normal(size=n)
    rows = rng.integers(0, n, (trees, n))
    return x, y, rows, grow(x, y, rows, rng)


def test_a_tree_over_one_input_predicts_what_scikit_learn_predicts() -> None:
    from sklearn.tree import DecisionTreeRegressor

    x, y, rows, forest = grown(200, 1)
    asked = np.linspace(0, 1, 501)[:, None]

    for tree, picked in enumerate(rows):
        theirs = DecisionTreeRegressor().fit(x[picked], y[picked]).predict(asked.astype(np.float32))
        ours = forest.value[locate(forest, asked, tree)]
        assert np.allclose(ours, theirs, atol=1e-9)


def test_a_tree_over_many_inputs_has_as_many_leaves_as_scikit_learns_and_takes_as_much_variance_away() -> None:
    from sklearn.tree import DecisionTreeRegressor

    x, y, rows, forest = grown(150, 5)

    for tree, picked in enumerate(rows):
        theirs = DecisionTreeRegressor(random_state=0).fit(x[picked], y[picked])
        assert (forest.tree[leaves(forest)] == tree).sum() == theirs.get_n_leaves()
        assert forest.decrease[tree].sum() == pytest.approx(y[picked].var(), rel=1e-6)
        root = theirs.tree_.feature[0], theirs.tree_.threshold[0]
        assert (forest.feature[tree], forest.threshold[tree]) == pytest.approx(root, rel=1e-6)


def test_a_grown_tree_knows_its_samples_by_heart() -> None:
    x, y, rows, forest = grown(80, 3)

    for tree, picked in enumerate(rows):
        assert np.allclose(forest.value[locate(forest, x[picked], tree)], y[picked])


def test_the_leaves_of_a_tree_fill_the_cube_and_hold_what_is_sent_to_them() -> None:
    x, _, _, forest = grown(60, 4)
    ends = leaves(forest)

    for tree in range(4):
        assert volumes(forest, ends[forest.tree[ends] == tree]).sum() == pytest.approx(1.0)
        leaf = locate(forest, x, tree)
        assert (forest.low[leaf] <= x).all()
        assert (x <= forest.high[leaf]).all()


def test_components_are_those_of_the_function_on_a_fine_grid() -> None:
    _, _, _, forest = grown(30, 2)
    side = 500
    axis = (np.arange(side) + 0.5) / side
    grid = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)

    found = components(forest)

    for tree in range(4):
        surface = forest.value[locate(forest, grid, tree)].reshape(side, side)
        assert found.totals[tree] == pytest.approx(surface.var(), rel=0.03)
        assert found.parts[tree, 0] == pytest.approx(surface.mean(axis=1).var(), rel=0.03)
        assert found.parts[tree, 1] == pytest.approx(surface.mean(axis=0).var(), rel=0.03)


def test_an_input_that_alone_decides_explains_everything() -> None:
    rng = np.random.default_rng(0)
    x = rng.random((100, 3))
    forest = grow(x, (x[:, 1] > 0.5) * 1.0, rng.integers(0, 100, (5, 100)), rng)

    found = components(forest)

    assert found.parts[:, 1] == pytest.approx(found.totals)
    assert found.parts[:, [0, 2]] == pytest.approx(np.zeros((5, 2)), abs=1e-12)


def test_equal_targets_make_a_tree_of_one_leaf_without_variance() -> None:
    rng = np.random.default_rng(0)
    forest = grow(rng.random((20, 2)), np.full(20, 0.25), rng.integers(0, 20, (3, 20)), rng)

    assert len(leaves(forest)) == 3
    assert list(components(forest).totals) == [0.0, 0.0, 0.0]


def test_samples_at_the_same_place_share_a_leaf_with_their_mean() -> None:
    rng = np.random.default_rng(0)
    forest = grow(np.full((2, 1), 0.5), np.array([0.0, 1.0]), np.array([[0, 1]]), rng)

    assert list(forest.value) == [0.5]
