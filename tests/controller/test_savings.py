"""What early stopping saved, in words."""

from __future__ import annotations

import pytest

from sweeper.controller.savings import TAG, Savings, savings, savings_text, written

COUNTS = {"pruned": 41, "complete": 19, "failed": 3}


def test_a_stopped_trial_would_have_run_as_long_as_the_others_in_the_mean() -> None:
    assert savings([2, 4], [10, 20]) == Savings(2, 4, (13 + 11) / 60)


def test_one_that_ran_longer_than_the_others_saved_nothing() -> None:
    assert savings([30], [10]) == Savings(1, 2, 0.0)


def test_without_a_whole_run_nobody_knows() -> None:
    assert savings([3], []) == Savings(1, 1, None)
    assert savings([3], [0]) == Savings(1, 2, None)


def test_a_person_reads_it() -> None:
    assert savings_text(COUNTS, {TAG: written(Savings(41, 60, 0.634))}) == "41 of 60, 63 % of the epochs saved"


@pytest.mark.parametrize("tags", [{}, {TAG: written(Savings(41, 60, None))}, {TAG: "nonsense"}, {TAG: "[]"}])
def test_where_it_is_not_known_the_number_of_trials_stays(tags: dict[str, str]) -> None:
    assert savings_text(COUNTS, tags) == "41 of 60"


def test_nothing_is_said_when_nothing_stopped() -> None:
    assert savings_text({"complete": 5}, {}) == ""
