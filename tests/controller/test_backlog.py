"""Trials that wait for a slot."""

from __future__ import annotations

import time

from sweeper.controller.backlog import Backlog
from sweeper.controller.intake import Active


def waiting(number: int) -> Active:
    return Active(number, f"run {number}", {}, 1)


def test_what_is_tried_again_goes_first_and_proposals_in_their_order() -> None:
    backlog = Backlog()
    for number in (5, 6):
        backlog.propose(number, {"x": number})
    backlog.again(0.0, waiting(2))

    taken = [backlog.next() for _ in range(4)]

    assert [active and (active.number, active.attempt) for active in taken] == [(2, 1), (5, 0), (6, 0), None]


def test_one_whose_time_has_not_come_waits() -> None:
    backlog = Backlog()
    backlog.again(time.monotonic() + 1000, waiting(2))
    backlog.asked = 1

    assert backlog.next() is None
    assert (backlog.ready(), len(backlog)) == (1, 2)


def test_what_waits_for_another_attempt_is_taken_at_the_end() -> None:
    backlog = Backlog()
    backlog.again(time.monotonic() + 1000, waiting(2))
    backlog.again(0.0, waiting(1))
    backlog.propose(5, {})
    backlog.ready()

    assert sorted(active.number for active in backlog.left()) == [1, 2]
    assert len(backlog) == 1
