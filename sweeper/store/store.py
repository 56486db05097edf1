"""``SqlStore``: the :class:`~sweeper.interfaces.Store` of a database, put together from writer, queries and lease."""

from __future__ import annotations

import atexit
import time
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from sweeper.errors import NotFound, StoreUnavailable, UsageError
from sweeper.events import Event
from sweeper.interfaces import Control
from sweeper.records import Fence, Holder, Point, Run, RunState, SweepRecord, TrialRecord
from sweeper.store import experiments, lease, queries
from sweeper.store.database import Database
from sweeper.store.shelf import SqlModels
from sweeper.store.sql import Session
from sweeper.store.trouble import RECONNECT_SECONDS, Cause, Patience
from sweeper.store.watch import Watch
from sweeper.store.writer import Item, Writer

T = TypeVar("T")


class SqlStore:
    """Runs, trials and metrics in a database. Safe to use from any thread."""

    def __init__(self, url: str, database: Database, reconnect: float = RECONNECT_SECONDS) -> None:
        self.url = url
        self.read_only = database.read_only
        self._database = database
        self._readers = queries.Readers(database.open_reader)
        self._watch = Watch(database)
        self._writer = Writer(database, database.artifacts, reconnect)
        self._reconnect = 0.0 if database.read_only else reconnect
        self.artifacts = database.artifacts
        self.models = SqlModels(self.read)
        self._closed = False
        self._at_exit = _closing(self)
        atexit.register(self._at_exit)

    @property
    def trouble(self) -> str:
        return self._writer.trouble

    def write(self, *events: Event, fence: Fence | None = None) -> Future[None]:
        return self._put(Item(events, fence))

    def flush(self) -> None:
        self._writer.flush()

    def experiment(self, name: str) -> str:
        known = self.read(lambda session: session.rows("experiment_id", name or experiments.DEFAULT))
        if known:
            return str(known[0][0])
        return str(
            self.change(lambda session: experiments.find_or_create(session, name, time.time()))
        )

    def acquire(self, sweep_id: str, holder: Holder, seconds: float, *, dead: Holder | None = None) -> Fence:
        return self.change(lambda session: lease.acquire(session, sweep_id, holder, seconds, dead=dead))

    def renew(self, fence: Fence, seconds: float) -> None:
        self.change(lambda session: lease.renew(session, fence, seconds))

    def release(self, fence: Fence) -> None:
        self.change(lambda session: lease.release(session, fence))

    def lease(self, sweep_id: str) -> tuple[Holder, float] | None:
        found = self.read(lambda session: queries.lease(session, sweep_id))
        return None if found is None else (Holder(**found[0]), found[1])

    def control(self, sweep_id: str) -> Control | None:
        return self.read(lambda session: queries.control(session, sweep_id))

    def find_sweep(self, ref: str) -> SweepRecord:
        return self.read(lambda session: queries.find_sweep(session, ref))

    def sweeps(self, *, name: str | None = None, limit: int | None = None) -> list[SweepRecord]:
        return self.read(lambda session: queries.sweeps(session, name, limit))

    def trials(
        self, sweep_id: str, *, numbers: Sequence[int] | None = None, states: Sequence[RunState] | None = None
    ) -> list[TrialRecord]:
        return self.read(lambda session: queries.trials(session, sweep_id, numbers, states))

    def find_trial(self, ref: str) -> TrialRecord:
        return self.read(lambda session: queries.find_trial(session, ref))

    def attempts(self, run_id: str) -> list[dict[str, Any]]:
        return self.read(lambda session: queries.attempts(session, run_id))

    def run(self, run_id: str) -> Run:
        found = self.read(lambda session: queries.runs(session, [run_id]))
        if not found:
            raise NotFound("run", run_id)
        return found[0]

    def children(self, run_id: str) -> list[Run]:
        return self.read(lambda session: queries.children(session, run_id))

    def runs(
        self,
        where: str | None = None,
        *,
        experiment: str | None = None,
        kinds: Sequence[str] | None = None,
        order_by: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Run]:
        return self.read(
            lambda session: queries.search(
                session,
                where,
                experiment=experiment,
                kinds=kinds,
                order_by=order_by,
                limit=limit,
                offset=offset,
            )
        )

    def points(self, run_ids: Sequence[str], keys: Sequence[str] | None = None) -> dict[str, list[Point]]:
        return self.read(lambda session: queries.points(session, run_ids, keys))

    def artifacts_of(self, run_id: str) -> str:
        return self.read(lambda session: queries.artifacts_of(session, run_id))

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            atexit.unregister(self._at_exit)
            self._readers.close()
            self._watch.close()
            self._writer.close()
            self._database.close()

    def read(self, query: Callable[[Session], T]) -> T:
        """Return what ``query`` makes of a read-only session; it is called again when the connection was lost."""
        if self._closed:
            raise UsageError("the store is closed")
        patience: Patience | None = None
        while True:
            try:
                with self._readers.borrow() as session:
                    return query(session)
            except Exception as error:
                translated = self._database.translate(error)
                pause = self._until_next_try(patience, self._database.cause(error), translated)
                if pause is None:
                    raise translated from (error.__cause__ if translated is error else None)
            patience = patience or Patience(self._reconnect)
            time.sleep(pause)

    def _until_next_try(self, patience: Patience | None, cause: Cause | None, error: BaseException) -> float | None:
        """A lost connection is tried again with a new one: once, and if this store also writes, as long as it would."""
        if cause not in (Cause.LOST, Cause.DISK):
            return None
        if patience is None:
            self._readers.close()
            return 0.0
        return patience.pause(cause, error) if cause is Cause.LOST else None

    def moment(self) -> object:
        """Return what is another value once anybody has committed anything; None where the database does not tell.

        Cheap enough to be asked all the time. What is read after it shows at least what was committed then.
        """
        if self._closed:
            raise UsageError("the store is closed")
        return self._watch.moment()

    def limit_reads(self, seconds: float) -> None:
        """Break off a query that takes longer, with a UsageError: for those who serve queries of others."""
        self._database.read_seconds = seconds
        self._readers.close()

    def change(self, job: Callable[[Session], T]) -> T:
        """Run ``job`` in a transaction of the writer, after what is queued; it is called again while that may help."""
        made: T = self._put(Item((), None, job=job)).result()
        return made

    def _put(self, item: Item) -> Future[Any]:
        if self.read_only:
            raise StoreUnavailable(f"{self.url} was opened for reading only")
        return self._writer.put(item)


def _closing(store: SqlStore) -> Callable[[], None]:
    """Return what writes the rest when the interpreter ends; it does not keep the store alive."""
    reference = weakref.ref(store)

    def close() -> None:
        if (alive := reference()) is not None:
            alive.close()

    return close
