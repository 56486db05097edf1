"""What can be read. Each call borrows a read-only session; any thread may call, each sees what is committed."""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from time import monotonic
from typing import Any

from sweeper.errors import NotFound, UsageError
from sweeper.interfaces import Control
from sweeper.records import Point, Run, SweepRecord, TrialRecord
from sweeper.store import floats, rows
from sweeper.store.sql import Session

_TAIL = re.compile(r"[0-9a-f]{6,32}")
LONGEST_NUMBER = 10  #: digits that no number of a trial has


class Readers:
    """Idle read-only sessions, lent to one thread at a time."""

    def __init__(self, connect: Callable[[], Session]) -> None:
        self._connect = connect
        self._idle: list[Session] = []
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def borrow(self) -> Iterator[Session]:
        with self._lock:
            session = self._idle.pop() if self._idle else None
        if session is None:
            session = self._connect()
        session.began = monotonic()
        try:
            yield session
        except BaseException:
            with contextlib.suppress(Exception):
                session.close()
            raise
        with self._lock:
            self._idle.append(session)

    def close(self) -> None:
        """Close those that are idle, also when their connection is lost."""
        with self._lock:
            while self._idle:
                with contextlib.suppress(Exception):
                    self._idle.pop().close()


def sweeps(session: Session, name: str | None, limit: int | None) -> list[SweepRecord]:
    count = 2**31 - 1 if limit is None else limit
    found = (
        session.rows("sweeps", count) if name is None else session.rows("sweeps_named", name, count)
    )
    return _sweep_records(session, found)


def sweeps_by_id(session: Session, ids: Sequence[str]) -> list[SweepRecord]:
    """Return sweeps in the order of their ids; those that do not exist are left out."""
    found = {sweep.id: sweep for sweep in _sweep_records(session, list(session.rows_in("sweeps_by_id", ids)))}
    return [found[each] for each in dict.fromkeys(ids) if each in found]


def _sweep_records(session: Session, found: list[Any]) -> list[SweepRecord]:
    tags = _grouped(session, "tags", [row[0] for row in found])
    return [rows.sweep_record(row, tags.get(row[0], {})) for row in found]


def find_sweep(session: Session, ref: str) -> SweepRecord:
    if ref == "last":
        found = sweeps(session, None, 1)
    else:
        found = _sweep_records(session, list(session.rows_in("sweeps_by_id", [ref]))) or sweeps(session, ref, 1)
    if found:
        return found[0]
    names = session.rows("sweep_names")
    if _TAIL.fullmatch(ref):
        ids = [sweep_id for sweep_id, _ in names if sweep_id.endswith(ref)]
        if len(ids) > 1:
            raise UsageError(f"{ref!r} is the end of {len(ids)} sweeps: {', '.join(ids[:4])}. Give more characters")
        if ids:
            return _sweep_records(session, list(session.rows_in("sweeps_by_id", ids)))[0]
    raise NotFound("sweep", ref, dict.fromkeys(name for _, name in names))


def trials(
    session: Session, sweep_id: str, numbers: Sequence[int] | None, states: Sequence[str] | None = None
) -> list[TrialRecord]:
    if numbers is not None:
        found = rows.trial_records(session.rows_in("trials_numbered", sorted(set(numbers)), sweep_id))
        return [trial for trial in found if states is None or trial.state in states]
    if states is not None:
        return rows.trial_records(session.rows_in("trials_stated", sorted(set(states)), sweep_id))
    return [trial for part in session.chunks("trials", sweep_id) for trial in rows.trial_records(part)]


def find_trial(session: Session, ref: str) -> TrialRecord:
    sweep, colon, number = ref.rpartition(":")
    if colon:
        if not number.isdecimal():
            raise UsageError(f"trial {ref!r}: write SWEEP:NUMBER, the end of a run id, or a run id")
        owner = find_sweep(session, sweep)
        found = trials(session, owner.id, [int(number)]) if len(number) < LONGEST_NUMBER else []
        if not found:
            total = sum(owner.counts.values())
            have = f"has trials 0 to {total - 1}" if total else "has no trials yet"
            raise NotFound("trial", ref, hint=f"Sweep {owner.name!r} {have}.")
    else:
        found = rows.trial_records(session.rows_in("trials_by_id", [ref])) or _trial_ending(session, ref)
    ended = session.rows("attempts", found[0].run_id)
    return replace(found[0], output=ended[-1][6] if ended else "")


def _trial_ending(session: Session, ref: str) -> list[TrialRecord]:
    ids = [row[0] for row in session.rows("runs_ending", f"%{ref}")] if _TAIL.fullmatch(ref) else []
    found = rows.trial_records(session.rows_in("trials_by_id", ids))
    if len(found) > 1:
        listed = ", ".join(trial.run_id for trial in found[:4])
        raise UsageError(f"{ref!r} is the end of several trials: {listed}. Give more characters")
    if not found:
        raise NotFound("trial", ref, hint="Name it as SWEEP:NUMBER, by its run id or by the end of one.")
    return found


def attempts(session: Session, run_id: str) -> list[dict[str, Any]]:
    found = [rows.attempt_dict(row) for row in session.rows("attempts", run_id)]
    for trial in session.rows_in("trials_by_id", [run_id]):
        state, count, started, worker, applied = trial[3], trial[7], trial[10], trial[12], trial[13]
        if state == "running" and all(each["attempt"] != count for each in found):
            found.append(rows.attempt_dict((count, worker, started, None, state, None, "", None, applied)))
    return found


def runs(session: Session, ids: Sequence[str]) -> list[Run]:
    """Return runs in the order of their ids; those that do not exist are left out."""
    found = {row[0]: row for row in session.rows_in("runs_by_id", ids)}
    return run_records(session, [found[run_id] for run_id in ids if run_id in found])


def search(
    session: Session,
    where: str | None,
    *,
    experiment: str | None,
    kinds: Sequence[str] | None,
    order_by: Sequence[str],
    limit: int | None,
    offset: int,
) -> list[Run]:
    from sweeper.store.search import compile_search

    numbers = None
    if experiment is not None:
        known = session.rows("experiment_id", experiment)
        if not known:
            raise NotFound("experiment", experiment, [row[0] for row in session.rows("experiment_names")])
        numbers = [known[0][0]]
    text, values = compile_search(
        session.dialect, where, order_by, experiments=numbers, kinds=kinds, limit=limit, offset=offset
    )
    return runs(session, [row[0] for row in session.text(text, values)])


def run_ids(
    session: Session,
    where: str | None,
    *,
    experiments: Sequence[int],
    deleted: bool | None,
    order_by: Sequence[str],
    latest: Sequence[str],
    limit: int,
    offset: int,
) -> list[str]:
    """Return the ids of runs of some experiments; ``deleted`` and ``latest`` as :func:`compile_search` takes them."""
    from sweeper.store.search import compile_search

    text, values = compile_search(
        session.dialect, where, order_by, experiments=experiments, kinds=None, limit=limit, offset=offset,
        deleted=deleted, latest=latest,
    )  # fmt: skip
    return [row[0] for row in session.text(text, values)]


def children(session: Session, run_id: str) -> list[Run]:
    return run_records(session, session.rows("children", run_id))


def run_records(session: Session, found: Sequence[Any]) -> list[Run]:
    """Return the runs of rows with their params, latest metrics and tags: three queries for any number of runs."""
    ids = [row[0] for row in found]
    params, tags = _grouped(session, "params", ids), _grouped(session, "tags", ids)
    metrics: dict[str, dict[str, float]] = {}
    for run_id, key, kind, value in session.rows_in("metrics", ids):
        metrics.setdefault(run_id, {})[key] = floats.join(kind, value)
    owned = dict(session.rows_in("sweep_owned", [row[0] for row in found if row[2] == "sweep"]))
    uris = _trial_folders(session, found)
    return [
        rows.run_record(
            row,
            row[9] or f"{uris[row[4]]}/{row[0]}",
            bool(owned.get(row[0])),
            params.get(row[0], {}),
            metrics.get(row[0], {}),
            tags.get(row[0], {}),
        )
        for row in found
    ]


def artifacts_of(session: Session, run_id: str) -> str:
    found = list(session.rows_in("runs_by_id", [run_id]))
    if not found:
        raise NotFound("run", run_id)
    row = found[0]
    return row[9] or f"{_trial_folders(session, found)[row[4]]}/{run_id}"


def _trial_folders(session: Session, found: Sequence[Any]) -> dict[str, str]:
    """Return by sweep the folder that holds the folders of its trials: beside the sweep's own."""
    made: dict[str, str] = {}
    for sweep_id in {row[4] for row in found if not row[9]}:
        uri = session.rows("sweep_uri", sweep_id)[0][0]
        made[sweep_id] = uri.removesuffix(f"/{sweep_id}")
    return made


def points(session: Session, run_ids: Sequence[str], keys: Sequence[str] | None) -> dict[str, list[Point]]:
    made: dict[str, list[Point]] = {run_id: [] for run_id in run_ids}
    ids = list(made)
    if keys is None:
        found = session.rows_in("points", ids)
    else:
        found = [row for key in dict.fromkeys(keys) for row in session.rows_in("points_keyed", ids, key)]
        if len(keys) > 1:
            found.sort(key=lambda row: (row[5], row[4]))
    for run_id, key, kind, value, step, time in found:
        made[run_id].append(Point(key, floats.join(kind, value), step, time))
    return made


def control(session: Session, sweep_id: str) -> Control | None:
    for wanted, by, time in session.rows("control", sweep_id):
        return Control(wanted, by, time)
    return None


def lease(session: Session, sweep_id: str) -> tuple[dict[str, Any], float] | None:
    """Return (holder, seconds left) of a lease as it is stored."""
    for holder, seconds, _ in session.rows("read_lease", sweep_id):
        return None if holder is None else (json.loads(holder), seconds)
    raise NotFound("sweep", sweep_id)


def _grouped(session: Session, name: str, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    made: dict[str, dict[str, str]] = {}
    for run_id, key, value in session.rows_in(name, ids):
        made.setdefault(run_id, {})[key] = value
    return made
