"""``result.importance()``."""

from __future__ import annotations

import pytest

import sweeper
from sweeper.errors import NotFound


@sweeper.objective(
    metric="loss", space={"x": sweeper.Float(0.0, 1.0), "y": sweeper.Float(0.0, 1.0)}, method="random", seed=1,
    executor="inline",
)  # fmt: skip
def bowl(x: float, y: float) -> float:
    return x * x + 0.01 * y


def test_one_row_a_parameter_and_how_it_was_found_out() -> None:
    result = bowl.sweep(trials=30, report=False, progress=False)

    frame = result.importance()

    assert list(frame["parameter"]) == ["x", "y"]
    assert frame["whole"][0] > 0.5
    assert (frame["whole_low"] <= frame["whole"]).all()
    assert frame.attrs["sentence"].startswith("fANOVA on ranked values, n = 30 trials")


def test_too_few_trials_give_no_rows_and_the_reason() -> None:
    frame = bowl.sweep(trials=3, report=False, progress=False).importance()

    assert len(frame) == 0
    assert "needs at least 10 trials" in frame.attrs["sentence"]


def test_an_unknown_goal_is_answered_with_the_choices() -> None:
    result = bowl.sweep(trials=3, report=False, progress=False)

    with pytest.raises(NotFound, match="no goal 'accuracy'; choose from: loss"):
        result.importance("accuracy")


def test_a_trial_is_chosen_with_its_reason() -> None:
    result = bowl.sweep(trials=30, report=False, progress=False)

    best, robust = result.choose(), result.choose(robust=True, prefer="y")

    assert best is not None
    assert result.best is not None
    assert best.trial.number == result.best.number
    assert robust is not None
    assert robust.trial.params["y"] == min(trial.params["y"] for trial in result.trials if trial.number in robust.among)
