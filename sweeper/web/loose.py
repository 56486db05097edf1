"""Runs outside sweeps, and experiments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sweeper.records import Run
from sweeper.store import queries
from sweeper.store.sql import Session
from sweeper.store.store import SqlStore
from sweeper.web.typed import meets


@dataclass(frozen=True, slots=True)
class AskedRuns:
    """Which runs: words that all have to occur, an experiment by name or id. ``cursor``: those after this id."""

    words: tuple[str, ...] = ()
    experiment: str = ""
    limit: int = 200
    cursor: str = ""


def loose_runs(store: SqlStore, asked: AskedRuns) -> dict[str, Any]:
    """Return the runs without a parent that are no sweeps, the latest first."""
    return store.read(lambda session: _loose_runs(session, asked))


def experiments(store: SqlStore) -> list[dict[str, Any]]:
    """Return the experiments that hold anything, the one that was used last first."""
    return store.read(_experiments)


def _loose_runs(session: Session, asked: AskedRuns) -> dict[str, Any]:
    names = {row[0]: row[1] for row in session.rows("page_experiments")}
    met = []
    for run_id, name, experiment_id, state, _ in session.rows("page_loose_runs"):
        experiment = names.get(experiment_id)
        if experiment is None or (asked.experiment and asked.experiment not in (experiment, str(experiment_id))):
            continue
        if meets(asked.words, (name, experiment, state), run_id):
            met.append(run_id)
    first = met.index(asked.cursor) + 1 if asked.cursor in met else 0
    shown = met[first : first + asked.limit]
    below = dict(session.rows_in("page_children", shown))
    return {
        "total": len(met),
        "runs": [_row(run, names, below) for run in queries.runs(session, shown)],
        "cursor": shown[-1] if shown and first + len(shown) < len(met) else None,
    }


def _row(run: Run, experiments: dict[int, str], below: dict[str, int]) -> dict[str, Any]:
    return {
        "id": run.id,
        "name": run.name,
        "state": str(run.state),
        "experiment": experiments.get(int(run.experiment_id), ""),
        "user": run.user,
        "started": run.started,
        "ended": run.ended,
        "params": dict(run.params),
        "metrics": dict(run.metrics),
        "tags": dict(run.tags),
        "children": below.get(run.id, 0),
    }


def _experiments(session: Session) -> list[dict[str, Any]]:
    held: dict[int, dict[str, Any]] = {}
    for number, kind, count, latest in session.rows("page_experiment_runs"):
        one = held.setdefault(number, {"sweeps": 0, "runs": 0, "latest": 0.0})
        one["sweeps" if kind == "sweep" else "runs"] += int(count)
        one["latest"] = max(one["latest"], latest)
    found = []
    for number, name, created in session.rows("page_experiments"):
        one = held.get(number, {"sweeps": 0, "runs": 0, "latest": created})
        found.append({"id": str(number), "name": name, **one})
    return sorted(found, key=lambda one: -one["latest"])
