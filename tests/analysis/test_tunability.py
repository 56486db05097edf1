"""What tuning one parameter alone would bring."""

from __future__ import annotations

import numpy as np

from sweeper.analysis.tunability import moves


def test_the_parameter_that_is_badly_placed_has_the_gain() -> None:
    rng = np.random.default_rng(0)
    inputs = rng.random((200, 3))
    target = (inputs[:, 0] - 0.8) ** 2 + (inputs[:, 1] - 0.5) ** 2

    found = moves(inputs, target, (0, 0, 0), np.array([0.1, 0.5, 0.5]), rng)

    gains = [float((move.before - move.after).mean()) for move in found]
    assert gains[0] > 0.3
    assert abs(found[0].at - 0.8) < 0.15
    assert abs(gains[1]) < 0.05
    assert abs(gains[2]) < 0.05


def test_a_choice_moves_to_the_middle_of_a_cell() -> None:
    rng = np.random.default_rng(1)
    inputs = np.stack([(rng.integers(0, 4, 100) + 0.5) / 4, rng.random(100)], axis=1)

    found = moves(inputs, np.abs(inputs[:, 0] - 0.625), (4, 0), np.array([0.125, 0.5]), rng)

    assert found[0].at == 0.625
