"""The sampler in its own thread."""

from __future__ import annotations

import queue
import threading
from typing import Any

from sweeper.controller.asker import Asker
from sweeper.records import Outcome, Params, RunState

PATIENCE = 30


class Recorder:
    """A sampler that writes down what it is asked and told, and in which thread."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []
        self.threads: set[int] = set()
        self.broken = False

    def ask(self, number: int) -> Params | None:
        self.calls.append(("ask", number))
        self.threads.add(threading.get_ident())
        if self.broken:
            raise ValueError("no more ideas")
        return {"x": number} if number < 3 else None

    def tell(self, number: int, params: Params, outcome: Outcome) -> None:
        self.calls.append(("tell", number))
        if self.broken:
            raise RuntimeError("cannot learn")


def test_requests_are_answered_in_their_order_by_one_other_thread() -> None:
    answers: queue.Queue[Any] = queue.Queue()
    sampler = Recorder()
    asker = Asker(sampler, "tpe", lambda *answer: answers.put(answer))
    for number in range(4):
        asker.ask(number)
        asker.tell(number, {}, Outcome(RunState.COMPLETE, (0.5,)))
    asker.close()

    assert [answers.get_nowait() for _ in range(4)] == [(0, {"x": 0}), (1, {"x": 1}), (2, {"x": 2}), (3, None)]
    assert sampler.calls == [(what, number) for number in range(4) for what in ("ask", "tell")]
    assert len(sampler.threads) == 1
    assert threading.get_ident() not in sampler.threads


def test_an_error_is_an_answer_and_the_thread_goes_on() -> None:
    answers: queue.Queue[Any] = queue.Queue()
    sampler = Recorder()
    sampler.broken = True
    asker = Asker(sampler, "tpe", lambda *answer: answers.put(answer))
    asker.ask(0)
    asker.tell(0, {}, Outcome(RunState.FAILED))
    errors = [answers.get(timeout=PATIENCE)[1] for _ in range(2)]
    sampler.broken = False
    asker.ask(1)

    assert answers.get(timeout=PATIENCE) == (1, {"x": 1})
    assert "no more ideas" in str(errors[0])
    assert "cannot learn" in str(errors[1])
    asker.close()
