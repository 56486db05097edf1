"""Rows on their way out of a store and into another one, of any kind of database: whole runs, exactly as they are.

A run that is already there stays as it is, unless the one that comes has got further: then it takes its place.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Double, Integer, String, Table

from sweeper.errors import LeaseHeld, UsageError
from sweeper.records import RunState, SweepState
from sweeper.store import model_tables, tracking_tables  # noqa: F401  # their tables join the others
from sweeper.store.experiments import find_or_create
from sweeper.store.sql import Session
from sweeper.store.tables import metadata

Row = dict[str, Any]

OF_RUNS = ("params", "points", "metrics", "tags", "attempts", "inputs", "run_models")  #: rows of runs, by ``run_id``
OF_SWEEPS = ("sweeps", "status", "control")  #: tables with one row of a sweep, by its id
OF_MODELS = ("model_versions", "model_tags", "model_aliases", "model_changes")  #: rows of models, by ``model_id``
NAMES = ("experiments", "runs", *OF_SWEEPS, *OF_RUNS, "models", *OF_MODELS)
JSON = frozenset(("goals", "space", "config", "best", "params", "goal_values", "metrics", "failure", "facts"))
KINDS = ("sweep", "trial", "run")
STATES = {*map(str, RunState), *map(str, SweepState)}
ENDED = ("complete", "pruned", "failed", "cancelled")
TOGETHER = 100  #: runs, or models, that leave and arrive in one piece, with all that belongs to them
_AT_ONCE = 100  #: rows in one INSERT


def table(name: str) -> Table:
    return metadata.tables[f"sweeper_{name}"]


def columns(name: str) -> list[str]:
    return [column.key for column in table(name).c]


# -- out --------------------------------------------------------------------------------------------------------------


def dump(session: Session, sweep_ids: Sequence[str] | None = None) -> Iterator[tuple[str, Row]]:
    """Yield (table, row) of the whole store, or of some sweeps with all below them, as of one moment.

    First the experiments; then runs in pieces: up to ``TOGETHER`` rows of ``runs``, parents first, and after them
    every row that belongs to one of these; last the registered models likewise, of the whole store only.
    """
    for text in session.dialect.snapshot:
        session.text(text)
    try:
        yield from _rows(session, "experiments")
        ids = _all_runs(session) if sweep_ids is None else _below(session, list(sweep_ids))
        for start in range(0, len(ids), TOGETHER):
            piece = ids[start : start + TOGETHER]
            yield from _rows(session, "runs", "id", piece, order=("created", "id"))
            for name in (*OF_SWEEPS, *OF_RUNS):
                yield from _rows(session, name, columns(name)[0], piece)
        models = [row[0] for row in session.text("SELECT id FROM sweeper_models ORDER BY created, id")]
        for start in range(0, 0 if sweep_ids is not None else len(models), TOGETHER):
            piece = models[start : start + TOGETHER]
            yield from _rows(session, "models", "id", piece, order=("created", "id"))
            for name in OF_MODELS:
                yield from _rows(session, name, "model_id", piece)
    finally:
        session.text("ROLLBACK")


def _rows(
    session: Session, name: str, key: str = "", ids: Sequence[str] = (), order: Sequence[str] = ()
) -> Iterator[tuple[str, Row]]:
    names = columns(name)
    text = f"SELECT {_listed(session, names)} FROM {table(name).name}"
    if key:
        text += f" WHERE {_listed(session, [key])} IN ({', '.join([session.dialect.placeholder] * len(ids))})"
    text += f" ORDER BY {_listed(session, order or [column.key for column in table(name).primary_key])}"
    for row in session.text(text, ids):
        yield name, dict(zip(names, row, strict=True))


def _all_runs(session: Session) -> list[str]:
    return [row[0] for row in session.text("SELECT id FROM sweeper_runs ORDER BY created, id")]


def _below(session: Session, ids: list[str]) -> list[str]:
    found, parents = list(ids), ids
    while parents:
        text = f"SELECT id FROM sweeper_runs WHERE parent_id = {session.dialect.placeholder} ORDER BY created, id"
        parents = [row[0] for parent in parents for row in session.text(text, (parent,))]
        found += parents
    return found


# -- in ---------------------------------------------------------------------------------------------------------------


def check(name: str, row: Mapping[str, Any]) -> None:
    """Raise UsageError unless a row from a file is one that a store could have written."""
    if name not in NAMES:
        raise UsageError(f"{name!r} is not a table of a store")
    if not set(columns(name)) >= set(row) >= _needed(name):
        raise UsageError(f"a row of {name} has the columns {', '.join(row)}, not {', '.join(columns(name))}")
    for column in table(name).c:
        value = row.get(column.key)
        if not _fits(column.type, value) and not (value is None and column.nullable):
            raise UsageError(f"a row of {name} has {value!r} as {column.key}")
        if column.key in JSON and value is not None:
            json.loads(value)
    if name == "runs" and (row["kind"] not in KINDS or row["state"] not in STATES):
        raise UsageError(f"run {row['id']} is a {row['state']} {row['kind']}, which there is not")


def _needed(name: str) -> set[str]:
    """Return the columns that a row of any schema has: those that came later may be empty."""
    return {column.key for column in table(name).c if not column.nullable}


def _fits(kind: object, value: object) -> bool:
    if isinstance(kind, Integer):
        return type(value) is int
    if isinstance(kind, Double):
        return type(value) in (int, float)
    if isinstance(kind, String):
        return isinstance(value, str) and (kind.length is None or len(value) <= kind.length)
    return False


class Loader:
    """Takes pieces that :func:`dump` made. ``rebase`` is (old, new) root of artifacts, where they moved."""

    def __init__(self, rebase: tuple[str, str] | None = None) -> None:
        self._rebase = rebase

    def load(self, session: Session, experiments: Mapping[int, str], piece: Sequence[tuple[str, Row]]) -> int:
        """Write one piece inside a transaction; return how many of its runs were new or further than those here.

        ``experiments`` are names by the numbers that the rows have. Raises LeaseHeld for a sweep that runs here.
        """
        by_table: dict[str, list[Row]] = {name: [] for name in NAMES}
        for name, row in piece:
            by_table[name].append(row)
        taken = self._wanted(session, by_table)
        for run_id in taken.values():
            if run_id:
                self._forget(session, run_id)
        numbers: dict[int, int] = {}
        for name in ("runs", *OF_SWEEPS, *OF_RUNS):
            rows = [dict(row) for row in by_table[name] if row[columns(name)[0]] in taken]
            for row in rows:
                if "experiment_id" in row:
                    old = row["experiment_id"]
                    if old not in numbers:
                        numbers[old] = find_or_create(session, experiments.get(old, ""), row["created"])
                    row["experiment_id"] = numbers[old]
                if row.get("artifact_uri"):
                    row["artifact_uri"] = self._moved(row["artifact_uri"])
                if name == "status":
                    row["holder"] = row["expires"] = None
            _insert(session, name, rows)
        self._load_models(session, by_table)
        return len(taken)

    def _load_models(self, session: Session, by_table: Mapping[str, list[Row]]) -> None:
        """Write registered models that are not here, or to which more has happened than is known here."""
        here = _known(session, "models", [row["id"] for row in by_table["models"]])
        happened = Counter(row["model_id"] for row in by_table["model_changes"])
        taken = {
            row["id"]
            for row in by_table["models"]
            if row["id"] not in here
            or (row["updated"], happened[row["id"]])
            > (here[row["id"]]["updated"], session.rows("last_change", row["id"])[0][0])
        }
        for model_id in taken & here.keys():
            for name in OF_MODELS:
                session.run(f"delete_all_{name}", model_id)
            session.run("delete_model", model_id)
        _insert(session, "models", [row for row in by_table["models"] if row["id"] in taken])
        for name in OF_MODELS:
            rows = [dict(row) for row in by_table[name] if row["model_id"] in taken]
            for row in rows:
                if "location" in row:
                    row["location"] = self._moved(row["location"])
            _insert(session, name, rows)

    def _wanted(self, session: Session, by_table: Mapping[str, list[Row]]) -> dict[str, str]:
        """Return the ids of runs to be written; the value is the id again when a run here makes way for it."""
        runs = by_table["runs"]
        here = _known(session, "runs", [row["id"] for row in runs])
        standing = {row["sweep_id"]: row for row in by_table["status"]}
        standing_here = _known(session, "status", list(standing))
        wanted = {}
        for row in runs:
            known = here.get(row["id"])
            if known is None:
                wanted[row["id"]] = ""
                continue
            if row["kind"] == "sweep":
                _refuse_running(session, standing_here[row["id"]])
                further = _standing(standing[row["id"]]) > _standing(standing_here[row["id"]])
            else:
                further = _progress(row) > _progress(known)
            if further:
                wanted[row["id"]] = row["id"]
                if row["kind"] == "sweep":
                    fences = standing[row["id"]]["fence"], standing_here[row["id"]]["fence"]
                    standing[row["id"]]["fence"] = max(fences) + 1  # whoever held one of them is refused
        return wanted

    def _moved(self, uri: str) -> str:
        if self._rebase is not None and (uri == self._rebase[0] or uri.startswith(self._rebase[0] + "/")):
            return self._rebase[1] + uri[len(self._rebase[0]) :]
        return uri

    def _forget(self, session: Session, run_id: str) -> None:
        for name in ("runs", *OF_SWEEPS, *OF_RUNS):
            key = _listed(session, [columns(name)[0]])
            session.text(f"DELETE FROM {table(name).name} WHERE {key} = {session.dialect.placeholder}", (run_id,))


def _progress(run: Row) -> tuple[bool, int, int]:
    return run["ended"] is not None, run["attempts"], run["applied"]


def _standing(status: Row) -> tuple[int, float]:
    return sum(status[state] for state in ENDED), status["seconds"]


def _refuse_running(session: Session, status: Row) -> None:
    left = next(iter(session.rows("read_lease", status["sweep_id"])))[1]
    if left is not None and left > 0:
        raise LeaseHeld(f"sweep {status['sweep_id']} is running in this store: import it when it has ended")


def _known(session: Session, name: str, ids: Sequence[str]) -> dict[str, Row]:
    if not ids:
        return {}
    key = columns(name)[0]
    return {row[key]: row for _, row in _rows(session, name, key, ids)}


def _insert(session: Session, name: str, rows: Sequence[Row]) -> None:
    names = columns(name)
    holder = f"({', '.join([session.dialect.placeholder] * len(names))})"
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        text = f"INSERT INTO {table(name).name} ({_listed(session, names)}) VALUES {', '.join([holder] * len(part))}"
        session.text(text, [row.get(column) for row in part for column in names])


def _listed(session: Session, names: Iterable[str]) -> str:
    quote = session.dialect.quote
    return ", ".join(f"{quote}{name}{quote}" for name in names)
