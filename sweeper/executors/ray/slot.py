"""The controller's end of one slot: its actor, the calls given to it, and the messages between them.

One call of the actor's ``take`` is always open; it comes back with news, and the next one carries down what has
collected meanwhile. What cannot wait for that goes by ``send``.
"""

from __future__ import annotations

import pickle
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sweeper.executors.ray.deaths import death_of
from sweeper.interfaces import Message, SlotUnusable, WorkerDied
from sweeper.records import FailureClass

STILLBORN = 4  #: a slot whose actors die this often in a row before they are up is given up
PAUSE = 1.0  #: seconds before a lost actor is replaced, doubled with each that never came up
MARGIN = 5.0  #: seconds beyond its grace after which a kill that had no effect takes the whole actor


class SlotState(StrEnum):
    """States of a slot."""

    PENDING = "pending"  #: a place for its actor is waited for
    UP = "up"  #: its actor takes calls
    UNUSABLE = "unusable"  #: it will never work, the reason says why
    CLOSED = "closed"  #: the executor was closed


@dataclass(slots=True)
class _Call:
    number: int
    payload: bytes
    future: Future[Any]


class Slot:
    """Safe to call from any thread; futures end, and ``receive`` is called, in the one that calls :meth:`taken`.

    ``create()`` makes an actor; ``inbox`` gets ``(slot, generation, future)`` for each answer of one, which is given to
    :meth:`taken`; what that raises is given to :meth:`lost`. ``given_up(slot)`` returns whether other slots go on.
    """

    def __init__(
        self,
        number: int,
        create: Callable[[], Any],
        inbox: queue.SimpleQueue[tuple[Slot, int, Future[list[Message]]] | None],
        receive: Callable[[int, Message], None],
        given_up: Callable[[Slot], bool],
    ) -> None:
        self.number, self.state, self.reason = number, SlotState.PENDING, ""
        self._create, self._inbox, self._receive, self._given_up = create, inbox, receive, given_up
        self._lock = threading.RLock()
        self._calls: deque[_Call] = deque()
        self._count = 0
        self._generation = 0
        self._outbox: list[Message] = []
        self._sent = 0  # batches of messages
        self._taking = False  # news is being worked on: what it leads to travels with the next take
        self._since: float | None = None
        self._kill_by: tuple[int, float] | None = None
        self._stillborn, self._reopen = 0, 0.0
        self.actor: Any = None

    def open(self) -> None:
        """Ask for an actor; it comes up when there is room."""
        with self._lock:
            if self.state is SlotState.CLOSED:
                return
            self._generation += 1
            self._outbox, self._sent, self._reopen = [], 0, 0.0
            try:
                self.actor = self._create()
                self._take()
            except Exception as error:  # whatever Ray raises when the cluster is in trouble
                self.lost(error)

    def submit(self, payload: bytes) -> Future[Any]:
        future: Future[Any] = Future()
        with self._lock:
            if self.state is SlotState.CLOSED:
                raise RuntimeError("the executor is closed")
            if self.state is SlotState.UNUSABLE:
                future.set_exception(SlotUnusable(reason=self.reason))
                return future
            self._count += 1
            call = _Call(self._count, payload, future)
            self._calls.append(call)
            if self.state is SlotState.UP:
                self._send(("call", call.number, payload))
        return future

    def post(self, message: Message, urgent: bool = True) -> None:
        """Send to the outpost; what is not urgent travels with what comes next. Nothing is sent to a slot not up."""
        with self._lock:
            if self.state is SlotState.UP:
                self._send(("mail", message), urgent)

    @property
    def running_since(self) -> float | None:
        return self._since

    def kill(self, grace: float) -> None:
        with self._lock:
            if self._calls and self.state is SlotState.UP:
                number = self._calls[0].number
                self._kill_by = (number, time.monotonic() + grace + MARGIN)
                self._send(("kill", number, grace))

    def look(self, now: float) -> None:
        """Called now and then: send what waits, replace a lost actor, take one down that cannot end its call."""
        with self._lock:
            if self.state is SlotState.UP and self._outbox and not self._taking:
                self._flush()
            if self._reopen and now > self._reopen:
                self.open()
            if self._kill_by is not None and now > self._kill_by[1]:
                number, self._kill_by = self._kill_by[0], None
                if self._calls and self._calls[0].number == number:
                    self.end_actor()

    def taken(self, generation: int, answer: Future[list[Message]]) -> None:
        """Work on the answer of a take, and send the next one."""
        with self._lock:
            if generation != self._generation:
                return
            self._taking = True
        try:
            for kind, *content in answer.result():
                if generation == self._generation:
                    getattr(self, f"_on_{kind}")(*content)
        finally:
            self._taking = False
        with self._lock:
            if generation == self._generation:
                self._take()

    def lost(self, error: BaseException) -> None:
        """The actor is gone: the call that it ran fails, those behind go to the next one."""
        death = death_of(error)
        if isinstance(death, SlotUnusable):
            return self.give_up(death.reason)
        with self._lock:
            if self.state in (SlotState.CLOSED, SlotState.UNUSABLE):
                return None
            was_up, self.state, self._since = self.state is SlotState.UP, SlotState.PENDING, None
            self._generation += 1
            self._stillborn += not was_up
            failed = [self._calls.popleft()] if was_up and self._calls else []
            self._reopen = time.monotonic() + PAUSE * 2 ** max(self._stillborn - 1, 0)
        self.end_actor()
        for call in failed:
            call.future.set_exception(death)
        if self._stillborn >= STILLBORN:
            self.give_up(f"{STILLBORN} workers in a row were lost before they were up, the last one: {death.reason}")

    def give_up(self, reason: str) -> None:
        """The slot will never work: what was given to it fails with the reason, as lost when others go on."""
        with self._lock:
            self.state, self.reason, self._reopen = SlotState.UNUSABLE, reason, 0.0
            self._generation += 1
            calls, self._calls = list(self._calls), deque()
        self.end_actor()
        others = self._given_up(self)
        for call in calls:
            lost = WorkerDied(reason=reason, kind=FailureClass.LOST)
            call.future.set_exception(lost if others else SlotUnusable(reason=reason))

    def ask_to_close(self, cancel: bool) -> Any:
        """Return the reference of the actor's last act, or None when it is not up."""
        with self._lock:
            return self.actor.close.remote(cancel) if self.state is SlotState.UP else None

    @property
    def idle(self) -> bool:
        return not self._calls

    def close(self) -> None:
        """End the actor; what was not answered fails."""
        with self._lock:
            self.state, self._since = SlotState.CLOSED, None
            self._generation += 1
            calls, self._calls = list(self._calls), deque()
        self.end_actor()
        for call in calls:
            call.future.set_exception(WorkerDied(reason="the executor was closed"))

    def end_actor(self) -> None:
        import ray

        try:
            ray.kill(self.actor)
        except Exception:  # the cluster itself is gone
            pass

    # -- news ----------------------------------------------------------------------------------------------------------

    def _on_up(self, host: str, pid: int) -> None:
        with self._lock:
            self.state, self._stillborn = SlotState.UP, 0
            for call in self._calls:
                self._send(("call", call.number, call.payload))

    def _on_since(self, number: int, seconds: float) -> None:
        with self._lock:
            if self._calls and self._calls[0].number == number:
                self._since = time.monotonic() - seconds

    def _on_result(self, number: int, packed: bytes) -> None:
        call = self._ended(number)
        try:
            value, error = pickle.loads(packed)
        except Exception as broken:
            value, error = None, broken
        if error is None:
            call.future.set_result(value)
        else:
            call.future.set_exception(error)

    def _on_died(self, number: int, death: WorkerDied) -> None:
        self._ended(number).future.set_exception(death)

    def _on_unusable(self, reason: str) -> None:
        self.give_up(reason)

    def _on_mail(self, message: Message) -> None:
        self._receive(self.number, message)

    def _ended(self, number: int) -> _Call:
        """Take a call out. Those of a slot end in order."""
        with self._lock:
            self._since = None
            call = self._calls.popleft()
        assert call.number == number
        return call

    # -- sending, under the lock ---------------------------------------------------------------------------------------

    def _send(self, message: Message, urgent: bool = True) -> None:
        self._outbox.append(message)
        if urgent and not self._taking:
            self._flush()

    def _flush(self) -> None:
        self.actor.send.remote(*self._batch())

    def _take(self) -> None:
        generation = self._generation
        self.actor.take.remote(*self._batch()).future().add_done_callback(
            lambda answer: self._inbox.put((self, generation, answer))
        )

    def _batch(self) -> tuple[int, Sequence[Message]]:
        messages, self._outbox = self._outbox, []
        self._sent += 1
        return self._sent - 1, messages
