"""Turns of threads that want the same."""

from __future__ import annotations

import threading

import pytest

from sweeper.web.turns import Turns


def test_one_at_a_time_has_the_turn_of_a_key_and_others_do_not_wait() -> None:
    turns, inside, most = Turns(), 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal inside, most
        for _ in range(50):
            with turns.of("a"):
                with lock:
                    inside += 1
                    most = max(most, inside)
                with turns.of("b"):
                    pass
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert (most, len(turns)) == (1, 0)


def test_a_turn_ends_with_an_error_too() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="no"), turns.of("a"):
        raise ValueError("no")
    with turns.of("a"):
        assert len(turns) == 1
    assert len(turns) == 0
