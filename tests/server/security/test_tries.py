"""How often somebody may try."""

from __future__ import annotations

import pytest

from sweeper.server.security import tries
from sweeper.server.security.tries import SECONDS, TRIES, Tries


class Clock:
    """Time that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_after_some_failures_one_has_to_wait() -> None:
    # given somebody who fails again and again
    clock = Clock()
    made = Tries(clock)
    for _ in range(TRIES):
        assert made.allowed("a")
        made.failed("a")
    # then they wait, and nobody else does
    assert not made.allowed("a")
    assert made.allowed("b")
    # and time gives one more try after the other
    clock.now += SECONDS
    assert made.allowed("a")
    made.failed("a")
    assert not made.allowed("a")
    clock.now += SECONDS * TRIES * 10
    for _ in range(TRIES):
        assert made.allowed("a")
        made.failed("a")
    assert not made.allowed("a")


def test_asking_costs_nothing() -> None:
    made = Tries(Clock())
    assert all(made.allowed("a") for _ in range(10 * TRIES))


def test_only_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "CLIENTS", 3)
    made = Tries(Clock())
    for client in "abcdefgh":
        made.failed(client)
    assert len(vars(made)["_left"]) == 3
