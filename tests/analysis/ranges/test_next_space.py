"""The recommended ranges in the space of the latest sweep, as far as they fit together."""

from __future__ import annotations

import random

import pytest

from sweeper.analysis.ranges.next_space import cost, next_space
from sweeper.analysis.ranges.survey import survey
from tests.analysis.ranges.conftest import SPACE, bowl, one, several


def test_only_the_recommended_ranges_change() -> None:
    tables = several(bowl, 4)

    made = next_space(tables, survey(tables))

    assert set(made.taken) == {"lr", "kind"}
    assert made.space.parameters["depth"] == made.before.parameters["depth"]
    assert made.before.contains(made.space.sample(random.Random(1)))
    assert 0 < made.share < 0.7
    assert made.warnings == ()


def test_constraints_that_would_leave_nothing_keep_their_parameters_as_declared() -> None:
    tables = several(bowl, 4, config={"constraints": ["lr > 0.05"]})

    made = next_space(tables, survey(tables))

    assert set(made.taken) == {"kind"}
    assert made.space.parameters["lr"] == made.before.parameters["lr"]
    assert made.warnings == ("lr: left as declared, because the constraints cannot be met in the new ranges",)


def test_a_branch_that_can_no_longer_be_active_leaves_the_space() -> None:
    space = SPACE | {"momentum": {"min": 0.0, "max": 1.0, "when": {"kind": "lion"}}}
    tables = several(bowl, 4, space=space)

    made = next_space(tables, survey(tables))

    assert "momentum" not in made.space.parameters
    assert "momentum" not in made.taken
    assert "momentum can no longer become active and left the space" in made.warnings


def test_few_sweeps_are_warned_of() -> None:
    tables = several(bowl, 2)

    made = next_space(tables, survey(tables))

    assert made.space == made.before
    assert made.warnings[0].startswith("only 2 sweeps: no range is shrunk")


def test_without_a_declared_space_the_trials_say_what_there_is() -> None:
    tables = [one(bowl, 1, declared=False)]

    made = next_space(tables, survey(tables))

    assert set(made.space.parameters) == set(SPACE)
    assert any("no declared space" in warning for warning in made.warnings)


def test_the_cost_is_that_of_past_trials() -> None:
    expected = cost(several(bowl, 2), 30, 3)

    assert expected is not None
    assert (expected.each, expected.compute, expected.clock) == pytest.approx((4.0, 120.0, 40.0))
    assert cost(several(bowl, 2), None, 3) is None
