"""The sampler in its own thread, so that deadlines, prune answers and the lease never wait for a proposal."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from sweeper.errors import SweeperError
from sweeper.interfaces import Sampler
from sweeper.records import Outcome, Params


class SamplerError(SweeperError):
    """A sampler raised something; the sweep is saved and can be resumed."""


class Asker:
    """Calls ``ask`` and ``tell`` in the order requested; ``answer(number, params, None or error)`` is called back."""

    def __init__(self, sampler: Sampler, method: str, answer: Callable[[int, Params | Exception | None], None]) -> None:
        self._sampler, self._method, self._answer = sampler, method, answer
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="sweeper-sampler", daemon=True)
        self._thread.start()

    def ask(self, number: int) -> None:
        """Request the parameters of a trial."""
        self._queue.put(lambda: self._ask(number))

    def tell(self, number: int, params: Params, outcome: Outcome) -> None:
        """Tell how a trial ended; errors of the sampler come out at the next ask."""
        self._queue.put(lambda: self._sampler.tell(number, params, outcome))

    def close(self) -> None:
        """Stop after what is requested."""
        self._queue.put(None)
        self._thread.join(10)

    def _ask(self, number: int) -> None:
        self._answer(number, self._sampler.ask(number))

    def _work(self) -> None:
        while (request := self._queue.get()) is not None:
            try:
                request()
            except Exception as error:
                self._answer(-1, _readable(self._method, error))


def _readable(method: str, error: Exception) -> Exception:
    if isinstance(error, SweeperError):
        return error
    made = SamplerError(f"method {method}: its sampler failed: {type(error).__name__}: {error}")
    made.__cause__ = error
    return made
