"""Calls run in this process and this thread, one after another: for debugging, and for objectives of microseconds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any


class InlineExecutor:
    """One slot; ``submit`` returns when the call is done. A debugger stops in the objective; nothing can be killed."""

    own_process = False

    def __init__(self, slots: int, start: Callable[..., Any], start_args: tuple[Any, ...] = ()) -> None:
        self.slots = 1
        self._start: tuple[Callable[..., Any], tuple[Any, ...]] | None = (start, start_args)

    def submit(self, slot: int, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if self._start is not None:
            start, start_args = self._start
            start(0, *start_args)
            self._start = None
        try:
            future.set_result(fn(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def usable(self, slot: int) -> bool:
        return True

    def running_since(self, slot: int) -> float | None:
        return None

    def pid(self, slot: int) -> int | None:
        return None

    def kill(self, slot: int, grace: float = 2.0) -> None:
        """Nothing: a call in this thread cannot be ended from outside."""

    def close(self, *, cancel: bool = False) -> None:
        """Nothing is left to close."""
