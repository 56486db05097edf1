"""The parts that the estimators are made of."""

from __future__ import annotations

import numpy as np
import pytest

from sweeper.analysis.estimators import ESTIMATORS, RESAMPLES, Question, space_ranks


def question(target: np.ndarray, inputs: np.ndarray, levels: tuple[int, ...] | None = None) -> Question:
    good = target <= np.quantile(target, 0.2)
    return Question(inputs, target, good, float(target[good].max()), levels or (0,) * inputs.shape[1])


@pytest.mark.parametrize("method", ESTIMATORS)
def test_every_estimator_finds_the_input_that_decides(method: str) -> None:
    rng = np.random.default_rng(0)
    inputs = rng.random((120, 4))
    target = np.argsort(np.argsort(abs(inputs[:, 2] - 0.3) + 0.02 * inputs[:, 0])) / 120 + 1 / 240

    answers = ESTIMATORS[method](question(target, inputs), np.random.default_rng(1))

    assert "good" in answers
    for answer in answers.values():
        assert answer.parts.shape == (RESAMPLES, 4)
        assert answer.parts.mean(axis=0).argmax() == 2
        assert (answer.parts >= 0).all()
        assert (answer.parts.sum(axis=1) <= answer.totals * (1 + 1e-9)).all()


def test_ped_anova_counts_choices_as_choices() -> None:
    rng = np.random.default_rng(0)
    choice = rng.integers(0, 3, 200)
    inputs = np.column_stack(((choice + 0.5) / 3, rng.random(200)))
    target = (choice == 1) * -1.0 + 0.1 * rng.random(200)

    answer = ESTIMATORS["ped-anova"](question(target, inputs, (3, 0)), np.random.default_rng(1))["good"]

    assert answer.parts[:, 0].mean() > 5 * answer.parts[:, 1].mean()


def test_space_ranks_keep_the_order_and_ties() -> None:
    rng = np.random.default_rng(0)
    ranks = np.repeat(np.arange(20) + 0.5, 3) / 20

    found = space_ranks(rng.random((60, 3)), ranks, rng)

    assert (np.diff(found.reshape(20, 3), axis=1) == 0).all()
    assert (np.diff(found[::3]) > 0).all()
    assert 0 < found.min() < found.max() < 1


def test_a_corner_tried_again_and_again_does_not_push_the_other_ranks_away() -> None:
    rng = np.random.default_rng(0)
    even, corner = rng.random((40, 2)), 0.05 * rng.random((160, 2))
    inputs = np.concatenate((even, corner))
    loss = inputs.sum(axis=1)
    ranks = (np.argsort(np.argsort(loss)) + 0.5) / 200

    found = space_ranks(inputs, ranks, rng)

    wide = found[:40][even.sum(axis=1) > 0.2]
    true = np.array(
        [((np.indices((200, 200)).sum(axis=0) / 200) < value).mean() for value in loss[:40][loss[:40] > 0.2]]
    )
    assert abs(wide - true).mean() < 0.1
    assert abs(ranks[:40][even.sum(axis=1) > 0.2] - true).mean() > 0.3
