"""``HttpStore``: the :class:`~sweeper.interfaces.Store` of a server. One thread sends what is written, in batches."""

# mypy: disable-error-code=no-any-return
# (what a call gives has the type of its hint in interfaces.py: wire.restore makes it so)

from __future__ import annotations

import inspect
import json
import threading
import warnings
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar, get_type_hints

from sweeper import wire
from sweeper.errors import StoreError, StoreUnavailable, SweeperError, UsageError
from sweeper.events import AttemptEnded, Event, PointsLogged, RunStarted, SweepCreated, TrialCreated, VersionCreated
from sweeper.interfaces import Control, Models, Store
from sweeper.records import (
    Fence,
    Holder,
    LoggedFiles,
    ModelChange,
    ModelVersion,
    Point,
    RegisteredModel,
    Run,
    RunState,
    SweepRecord,
    TrialRecord,
)
from sweeper.store.http.connection import Connection, error_of
from sweeper.store.names import metric_value, params_json, step_value
from sweeper.store.trouble import Patience

FILES = "/api/2.0/mlflow-artifacts/artifacts"  #: where the files of runs are, below the address
GROUP = 200  #: writes in one batch
LIMIT = 20_000  #: writes that may wait; beyond, write() blocks

Item = dict[str, Any]
R = TypeVar("R", Run, SweepRecord)


class Promise(Future[Any]):
    """A future that nobody can cancel: what is queued will be written."""

    def cancel(self) -> bool:
        return False


class HttpStore:
    """A store that lives behind ``sweeper server``. Safe to use from any thread.

    Files of runs go through the server when they lie in a folder of its machine, else straight to where it keeps them.
    """

    def __init__(self, url: str, reconnect: float, *, read_only: bool = False) -> None:
        self.url = url.rstrip("/")
        self.read_only = read_only
        self._connection = Connection(self.url, reconnect)
        self._root = str(self._connection.about()["artifacts"])
        self.artifacts = self._root if "://" in self._root else f"{self.url}{FILES}"
        self.models: Models = HttpModels(self._connection, lambda place: self._moved(place, self._root, self.artifacts))
        self._sender = _Sender(self._connection, reconnect)
        self._closed = False

    @property
    def trouble(self) -> str:
        return self._sender.trouble

    def write(self, *events: Event, fence: Fence | None = None) -> Future[None]:
        if self.read_only:
            raise StoreUnavailable(f"{self.url} was opened for reading only")
        try:
            item = {"events": [wire.encode(self._sent(event)) for event in events], "fence": wire.plain(fence)}
            json.dumps(item, ensure_ascii=True)
        except (TypeError, ValueError, SweeperError) as error:
            refused = Promise()
            refused.set_exception(
                error if isinstance(error, SweeperError) else UsageError(f"this cannot be stored: {error}")
            )
            return refused
        return self._sender.put(item)

    def flush(self) -> None:
        self._sender.flush()

    def experiment(self, name: str) -> str:
        return self._ask("experiment", name)

    def acquire(self, sweep_id: str, holder: Holder, seconds: float, *, dead: Holder | None = None) -> Fence:
        return self._ask("acquire", sweep_id, holder, seconds, dead=dead)

    def renew(self, fence: Fence, seconds: float) -> None:
        self._ask("renew", fence, seconds)

    def release(self, fence: Fence) -> None:
        self._ask("release", fence)

    def lease(self, sweep_id: str) -> tuple[Holder, float] | None:
        return self._ask("lease", sweep_id)

    def control(self, sweep_id: str) -> Control | None:
        return self._ask("control", sweep_id)

    def find_sweep(self, ref: str) -> SweepRecord:
        return self._here(self._ask("find_sweep", ref))

    def sweeps(self, *, name: str | None = None, limit: int | None = None) -> list[SweepRecord]:
        return [self._here(sweep) for sweep in self._ask("sweeps", name=name, limit=limit)]

    def trials(
        self, sweep_id: str, *, numbers: Sequence[int] | None = None, states: Sequence[RunState] | None = None
    ) -> list[TrialRecord]:
        return self._ask("trials", sweep_id, numbers=numbers, states=states)

    def find_trial(self, ref: str) -> TrialRecord:
        return self._ask("find_trial", ref)

    def attempts(self, run_id: str) -> list[dict[str, Any]]:
        return self._ask("attempts", run_id)

    def run(self, run_id: str) -> Run:
        return self._here(self._ask("run", run_id))

    def children(self, run_id: str) -> list[Run]:
        return [self._here(run) for run in self._ask("children", run_id)]

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
        found = self._ask(
            "runs", where, experiment=experiment, kinds=kinds, order_by=order_by, limit=limit, offset=offset
        )
        return [self._here(run) for run in found]

    def points(self, run_ids: Sequence[str], keys: Sequence[str] | None = None) -> dict[str, list[Point]]:
        return self._ask("points", run_ids, keys)

    def artifacts_of(self, run_id: str) -> str:
        return self._moved(str(self._ask("artifacts_of", run_id)), self._root, self.artifacts)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._sender.close()
            self._connection.close()

    def _ask(self, method: str, *arguments: Any, **named: Any) -> Any:
        return ask(self._connection, "store", Store, method, *arguments, **named)

    def _here(self, record: R) -> R:
        """Return a record whose files are where this machine finds them."""
        return replace(record, artifact_uri=self._moved(record.artifact_uri, self._root, self.artifacts))

    def _sent(self, event: Event) -> Event:
        """Return an event whose files are where the server finds them."""
        if isinstance(event, RunStarted):
            uri = self._moved(event.run.artifact_uri, self.artifacts, self._root)
            return RunStarted(replace(event.run, artifact_uri=uri, metrics=_floats(event.run.metrics)))
        if isinstance(event, AttemptEnded):
            values = None if event.values is None else tuple(metric_value("value", value) for value in event.values)
            return replace(event, values=values, metrics=_floats(event.metrics or {}))
        if isinstance(event, SweepCreated):
            uri = self._moved(event.sweep.artifact_uri, self.artifacts, self._root)
            return replace(event, sweep=replace(event.sweep, artifact_uri=uri))
        if isinstance(event, VersionCreated):
            place = self._moved(event.version.location, self.artifacts, self._root)
            return replace(event, version=replace(event.version, location=place))
        if isinstance(event, TrialCreated):
            params_json(event.params, f"parameters of trial {event.number}")
        if isinstance(event, PointsLogged):
            return replace(event, points=tuple(_plain(point) for point in event.points))
        return event

    @staticmethod
    def _moved(uri: str, source: str, target: str) -> str:
        return target + uri[len(source) :] if uri == source or uri.startswith(f"{source}/") else uri


def _floats(metrics: Mapping[str, float]) -> dict[str, float]:
    return {key: metric_value(key, value) for key, value in metrics.items()}


def _plain(point: Point) -> Point:
    """Return a point of plain numbers; those of NumPy do not travel."""
    return Point(point.key, metric_value(point.key, point.value), step_value(point.key, point.step), point.time)


class HttpModels:
    """The model registry behind a server. ``moved`` gives where this machine finds what lies at the server's place."""

    def __init__(self, connection: Connection, moved: Callable[[str], str]) -> None:
        self._connection, self._moved = connection, moved

    def find(self, name: str) -> RegisteredModel:
        return self._ask("find", name)

    def version(self, name: str, number: int) -> ModelVersion:
        return self._here(self._ask("version", name, number))

    def version_by_id(self, version_id: str) -> ModelVersion:
        return self._here(self._ask("version_by_id", version_id))

    def versions(self, name: str, *, facts: bool = True) -> list[ModelVersion]:
        return [self._here(version) for version in self._ask("versions", name, facts=facts)]

    def changes(self, name: str) -> list[ModelChange]:
        return self._ask("changes", name)

    def search(
        self, where: str | None = None, *, order_by: Sequence[str] = (), limit: int | None = None, offset: int = 0
    ) -> list[RegisteredModel]:
        return self._ask("search", where, order_by=order_by, limit=limit, offset=offset)

    def search_versions(
        self, where: str | None = None, *, order_by: Sequence[str] = (), limit: int | None = None, offset: int = 0
    ) -> list[ModelVersion]:
        found = self._ask("search_versions", where, order_by=order_by, limit=limit, offset=offset)
        return [self._here(version) for version in found]

    def logged(self, ref: str) -> list[LoggedFiles]:
        return self._ask("logged", ref)

    def _here(self, version: ModelVersion) -> ModelVersion:
        return replace(version, location=self._moved(version.location))

    def _ask(self, method: str, *arguments: Any, **named: Any) -> Any:
        return ask(self._connection, "models", Models, method, *arguments, **named)


def ask(connection: Connection, place: str, owner: type, method: str, *arguments: Any, **named: Any) -> Any:
    """Call a method at the other end and return what it gives, as its hint says."""
    names, result = _signature(owner, method)
    given = dict(zip(names, arguments, strict=False))
    given |= {key: value for key, value in named.items() if value is not None}
    order = list(names[: len(arguments)])
    found = connection.call(f"{place}/{method}", {"arguments": wire.plain(given), "order": order})
    return wire.restore(result, found)


@cache
def _signature(owner: type, method: str) -> tuple[tuple[str, ...], Any]:
    function: Callable[..., Any] = getattr(owner, method)
    hints: Mapping[str, Any] = get_type_hints(function)
    return tuple(inspect.signature(function).parameters)[1:], hints["return"]


class _Sender:
    """The thread that sends: whatever waits goes as one batch, and is acknowledged after the server's commit."""

    def __init__(self, connection: Connection, reconnect: float) -> None:
        self._connection = connection
        self._patience = Patience(reconnect)
        self._queue: deque[tuple[Item, Promise]] = deque()
        self._change = threading.Condition()
        self._closed = False
        self._failed: list[BaseException] = []
        self._thread: threading.Thread | None = None

    @property
    def trouble(self) -> str:
        return self._patience.text

    def put(self, item: Item) -> Promise:
        promise = Promise()
        with self._change:
            while len(self._queue) >= LIMIT and not self._closed:
                self._change.wait()
            if self._closed:
                raise StoreError("the store is closed: nothing can be written")
            self._queue.append((item, promise))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sweeper-sender", daemon=True)
                self._thread.start()
            self._change.notify_all()
        return promise

    def flush(self) -> None:
        """Wait for what is queued; raise the first error since the last flush."""
        if self._thread is not None:
            self.put({"events": [], "fence": None}).exception()
        with self._change:
            failed, self._failed = self._failed, []
        if failed:
            raise failed[0]

    def close(self) -> None:
        with self._change:
            self._closed = self._patience.closing = True
            self._change.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while items := self._take():
            try:
                batch = [item for item, _ in items]
                outcomes = self._connection.call("store/batch", {"items": batch}, self._patience)
            except BaseException as error:
                self._end(items, [error] * len(items))
                if self._closed and isinstance(error, StoreError):
                    warnings.warn(f"{len(items)} writes are lost: {error}", RuntimeWarning, stacklevel=2)
                continue
            self._end(items, [None if said is None else error_of(said) for said in outcomes])

    def _take(self) -> list[tuple[Item, Promise]]:
        with self._change:
            while not self._queue:
                if self._closed:
                    return []
                self._change.wait()
            items = [self._queue.popleft() for _ in range(min(GROUP, len(self._queue)))]
            self._change.notify_all()
        return items

    def _end(self, items: Sequence[tuple[Item, Promise]], errors: Sequence[BaseException | None]) -> None:
        for (_, promise), error in zip(items, errors, strict=True):
            if error is None:
                promise.set_result(None)
                continue
            with self._change:
                self._failed.append(error)
            promise.set_exception(error)
