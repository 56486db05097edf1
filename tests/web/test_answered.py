"""Answers that hold as long as sweeps stand as they did."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from sweeper.testing.sweeps import sweep_record
from sweeper.web.answered import Answers


def test_an_answer_is_made_once_for_sweeps_that_stand_as_they_did() -> None:
    answers, sweep, made = Answers[int](4), sweep_record(), []

    def make() -> int:
        made.append(1)
        return len(made)

    assert [answers.get("q", [sweep], make), answers.get("q", [sweep], make)] == [1, 1]
    assert answers.get("other", [sweep], make) == 2
    assert answers.get("q", [replace(sweep, counts={"complete": 1})], make) == 3


def test_what_fails_is_asked_again() -> None:
    answers = Answers[int](4)
    with pytest.raises(ValueError, match="no"):
        answers.get("q", [], lambda: int("no"))
    assert answers.get("q", [], lambda: 5) == 5


def test_the_least_recently_used_answer_goes_first() -> None:
    answers = Answers[str](2)
    for question in ("a", "b", "a", "c"):
        answers.get(question, [], lambda: "first")
    assert answers.get("a", [], lambda: "again") == "first"
    assert answers.get("b", [], lambda: "again") == "again"


def test_one_question_at_a_time_is_answered_once() -> None:
    answers, made, gate = Answers[int](2), [], threading.Event()

    def make() -> int:
        made.append(1)
        gate.wait(10)
        return 7

    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(answers.get("q", [], make))) for _ in range(4)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join(10)
    assert (found, len(made)) == ([7] * 4, 1)
