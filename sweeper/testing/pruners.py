"""What every rule of early stopping must do. Inherit, and give ``make(goal)``."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from typing import Any

import pytest

from sweeper.errors import UsageError
from sweeper.interfaces import Pruner
from sweeper.plugins import load
from sweeper.records import Curve, Goal


def line(*values: float) -> Curve:
    """A curve with steps 0, 1, 2, ..."""
    return list(enumerate(values))


class PrunerConformance:
    """``name`` is the rule's name in a sweep file, ``options`` some that it takes."""

    name = ""
    options: Mapping[str, Any] = {}

    def make(self, goal: Goal) -> Pruner:
        made: Pruner = load("pruner", self.name)(goal, **self.options)
        return made

    @pytest.fixture
    def pruner(self) -> Pruner:
        return self.make(Goal("loss"))

    def test_the_first_report_of_the_first_trial_goes_on(self, pruner: Pruner) -> None:
        assert pruner(line(0.5), {}) is False

    def test_a_trial_that_leads_at_every_report_goes_on(self, pruner: Pruner) -> None:
        rivals = {number: line(*(1.0 + number - step / 100 for step in range(40))) for number in range(1, 12)}

        stops = [pruner(line(*(0.5 - step / 100 for step in range(count))), rivals) for count in range(1, 41)]

        assert not any(stops)

    def test_not_a_number_never_stops_a_trial(self, pruner: Pruner) -> None:
        rivals = {number: line(*[float(number)] * 40) for number in range(1, 12)}

        assert not any(pruner(line(*[math.nan] * count), rivals) for count in range(1, 41))

    def test_rivals_without_reports_and_with_nan_are_no_obstacle(self, pruner: Pruner) -> None:
        rivals: dict[int, Curve] = {1: [], 2: line(math.nan, math.nan), 3: line(0.1)}

        for count in range(1, 41):
            assert pruner(line(*(0.5 - step / 100 for step in range(count))), rivals) in (True, False)

    def test_the_answer_depends_on_the_curves_alone_and_changes_nothing(self, pruner: Pruner) -> None:
        curve = line(*(1.0 + step for step in range(27)))
        rivals = {number: line(*[number / 10] * 27) for number in range(1, 12)}
        before = copy.deepcopy((curve, rivals))

        answers = {pruner(curve, rivals) for _ in range(3)}

        assert len(answers) == 1
        assert (curve, rivals) == before

    def test_an_unknown_option_is_refused_with_its_name(self) -> None:
        with pytest.raises(UsageError, match="nonsense"):
            load("pruner", self.name)(Goal("loss"), **{**self.options, "nonsense": 1})
