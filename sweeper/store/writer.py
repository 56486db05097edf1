"""The one thread that writes: it takes whatever is queued and commits it as one transaction.

Nothing waits for a batch to fill; batches come from backlog only. When a batch fails it is written again item by
item, so that one bad write fails alone. Futures resolve after the commit. What cannot be written now (a lock, a lost
connection, a full disk) is kept and tried again.
"""

from __future__ import annotations

import threading
import time
import warnings
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from sweeper.errors import StoreError
from sweeper.events import Event
from sweeper.records import Fence
from sweeper.store.apply import apply, check_fence
from sweeper.store.batch import Batch
from sweeper.store.database import Database
from sweeper.store.sql import Session
from sweeper.store.touched import touched_by
from sweeper.store.trouble import Cause, Patience

LIMIT = 20_000  #: writes that may wait; beyond, write() blocks
GROUP = 500  #: writes in one transaction

Job = Callable[[Session], Any]


class Promise(Future[Any]):
    """A future that nobody can cancel: what is queued will be written."""

    def cancel(self) -> bool:
        return False


class Item:
    """One call of write(), or one job that runs in a transaction of its own."""

    __slots__ = ("events", "fence", "future", "job")

    def __init__(self, events: tuple[Event, ...], fence: Fence | None, job: Job | None = None) -> None:
        self.events, self.fence, self.job = events, fence, job
        self.future = Promise()


class Writer:
    """A queue and the thread that empties it. The thread starts with the first write."""

    def __init__(self, database: Database, artifact_root: str, reconnect: float) -> None:
        self._database = database
        self._patience = Patience(reconnect)
        self._artifact_root = artifact_root
        self._facts: dict[str, tuple[Any, ...]] = {}
        self._queue: deque[Item] = deque()
        self._lock = threading.Lock()
        self._work = threading.Condition(self._lock)
        self._room = threading.Condition(self._lock)
        self._idle = self._closed = False
        self._failed: list[BaseException] = []
        self._left, self._why = 0, ""
        self._thread: threading.Thread | None = None
        self._session: Session | None = None

    @property
    def trouble(self) -> str:
        """Why nothing can be written at the moment, in one sentence; "" when all is well."""
        return self._patience.text

    def put(self, item: Item) -> Future[Any]:
        """Queue an item; blocks while too much is waiting."""
        with self._lock:
            while len(self._queue) >= LIMIT and not self._closed:
                self._room.wait()
            if self._closed:
                raise StoreError("the store is closed: nothing can be written")
            self._queue.append(item)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sweeper-writer", daemon=True)
                self._thread.start()
            elif self._idle:
                self._idle = False
                self._work.notify()
        return item.future

    def flush(self) -> None:
        """Wait for everything queued so far; raise the first error since the last flush."""
        if self._thread is not None:
            self.put(Item((), None, job=_nothing)).result()
        with self._lock:
            failed, self._failed = self._failed, []
        if failed:
            raise failed[0]

    def close(self) -> None:
        """Write what is queued and end the thread. Warns about what could not be written."""
        with self._lock:
            self._closed = self._patience.closing = True
            self._work.notify()
            self._room.notify_all()
        if self._thread is not None:
            self._thread.join()
        if self._left:
            warnings.warn(f"{self._left} writes are lost: {self._why}", RuntimeWarning, stacklevel=3)

    def _run(self) -> None:
        while items := self._take():
            self._write(items)
        if self._session is not None:
            self._session.close()

    def _take(self) -> list[Item]:
        """Return what is queued, in order: many writes, or one job; nothing when closed and empty."""
        with self._lock:
            while not self._queue:
                if self._closed:
                    return []
                self._idle = True
                self._work.wait()
            self._idle = False
            items = [self._queue.popleft()]
            if items[0].job is None:
                while self._queue and len(items) < GROUP and self._queue[0].job is None:
                    items.append(self._queue.popleft())
            self._room.notify_all()
        return items

    def _write(self, items: list[Item]) -> None:
        try:
            results = self._transaction(items)
        except BaseException as error:
            translated = self._database.translate(error)
            if len(items) > 1 and not isinstance(translated, StoreError):
                for item in items:
                    self._write([item])
            else:
                self._fail(items, translated)
            return
        for item, result in zip(items, results, strict=True):
            item.future.set_result(result)

    def _fail(self, items: list[Item], error: BaseException) -> None:
        if items[0].job is None:
            with self._lock:
                self._failed.append(error)
            if self._closed and isinstance(error, StoreError):
                self._left, self._why = self._left + len(items), str(error)
        for item in items:
            item.future.set_exception(error)

    def _transaction(self, items: list[Item]) -> list[Any]:
        """Write items as one transaction, again and again while that may help."""
        while True:
            session = self._session
            try:
                if session is None:
                    session = self._session = self._database.open_writer()
                self._database.begin(session)
                results = self._apply(session, items)
                self._database.commit(session)
                self._patience.over()
                return results
            except BaseException as error:
                if session is not None and not self._database.rollback(session):
                    self._session = None
                cause = self._database.cause(error)
                if cause is Cause.DISK and self._database.relieve():
                    continue
                pause = self._patience.pause(cause, self._database.translate(error))
                if pause is None:
                    raise
            time.sleep(pause)

    def _apply(self, session: Session, items: list[Item]) -> list[Any]:
        if (job := items[0].job) is not None:
            return [job(session)]
        batch = Batch(session, self._artifact_root, self._facts)
        touched = touched_by([event for item in items for event in item.events])
        touched.sweeps.update(item.fence.sweep_id for item in items if item.fence)
        batch.load(touched)
        for item in items:
            check_fence(batch, item.events, item.fence)
            for event in item.events:
                apply(batch, event)
        batch.write()
        return [None] * len(items)


def _nothing(session: Session) -> None:
    """Wait for one's turn."""
