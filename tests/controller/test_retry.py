"""Which failure is tried again, and when."""

from __future__ import annotations

import pytest

from sweeper.config.sweep import RETRY, UNLIMITED
from sweeper.controller.retry import FIRST_DELAY, LONGEST_DELAY, RetryPolicy
from sweeper.records import FailureClass


def delays(policy: RetryPolicy, kind: FailureClass, times: int, number: int = 0) -> list[float | None]:
    return [policy.delay(number, kind) for _ in range(times)]


@pytest.mark.parametrize("kind", [kind for kind in FailureClass if RETRY[kind.value] == 0])
def test_by_default_what_an_objective_does_is_final(kind: FailureClass) -> None:
    assert RetryPolicy(RETRY).delay(0, kind) is None


def test_a_lost_worker_is_tried_again_at_once_then_later() -> None:
    assert delays(RetryPolicy(RETRY), FailureClass.LOST, 4) == [0.0, FIRST_DELAY, 2 * FIRST_DELAY, None]


def test_other_failures_wait_from_the_first_time_on() -> None:
    assert delays(RetryPolicy({"timeout": 2}), FailureClass.TIMEOUT, 3) == [FIRST_DELAY, 2 * FIRST_DELAY, None]


def test_each_class_and_each_trial_has_its_own_count() -> None:
    policy = RetryPolicy({"lost": 1, "exception": 1})

    assert delays(policy, FailureClass.LOST, 1) == [0.0]
    assert delays(policy, FailureClass.EXCEPTION, 1) == [FIRST_DELAY]
    assert delays(policy, FailureClass.LOST, 1, number=1) == [0.0]
    assert delays(policy, FailureClass.LOST, 1) == [None]


def test_a_trial_that_ended_is_forgotten() -> None:
    policy = RetryPolicy({"lost": 1})
    policy.delay(0, FailureClass.LOST)
    policy.forget(0)
    policy.forget(99)

    assert policy.delay(0, FailureClass.LOST) == 0.0


def test_without_limit_the_wait_stays_bounded_however_often() -> None:
    waits = delays(RetryPolicy({"preempted": UNLIMITED}), FailureClass.PREEMPTED, 3000)

    assert None not in waits
    assert max(wait for wait in waits if wait is not None) == waits[-1] == LONGEST_DELAY
