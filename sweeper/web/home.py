"""The sweeps of a store for the first page: nothing here reads trials one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sweeper.analysis.identity import objective_of
from sweeper.analysis.numbers import forecast_text
from sweeper.controller import forecast
from sweeper.controller.standing import standing
from sweeper.records import SweepRecord, SweepState
from sweeper.store.store import SqlStore
from sweeper.web.facts import OURS
from sweeper.web.front import quick_front
from sweeper.web.registered import registered
from sweeper.web.shapes import sweep_shape
from sweeper.web.typed import meets

LATE = 256  #: latest trials that are looked at for when a sweep last changed


@dataclass(frozen=True, slots=True)
class Asked:
    """Which sweeps: words that all have to occur, states, tags, an experiment. ``cursor``: those after this id."""

    words: tuple[str, ...] = ()
    states: frozenset[str] = frozenset()
    tags: Mapping[str, str] = field(default_factory=dict)
    experiment: str = ""
    limit: int = 200
    cursor: str = ""


def sweeps_page(store: SqlStore, asked: Asked, now: float) -> dict[str, Any]:
    """Return the sweeps that are asked for, the latest first, and how many there are in all."""
    everything = [standing(store, sweep) for sweep in store.sweeps()]
    met = [sweep for sweep in everything if _meets(sweep, asked)]
    places = {sweep.id: place for place, sweep in enumerate(met)}
    first = places[asked.cursor] + 1 if asked.cursor in places else 0
    shown = met[first : first + asked.limit]
    versions = registered(store)
    return {
        "total": len(met),
        "sweeps": [_row(store, sweep, versions.get(sweep.id, []), now) for sweep in shown],
        "cursor": shown[-1].id if first + len(shown) < len(met) and shown else None,
    }


def eta(sweep: SweepRecord, now: float) -> dict[str, Any] | None:
    """Return how long a running sweep still takes, as its controller last said: seconds, their bound, and in words.

    ``p90`` is what 95 of 100 plays of the rest stay below, None where that is not known.
    """
    left = forecast.read(sweep.tags.get(forecast.TAG), now) if sweep.state is SweepState.RUNNING else None
    return left and {"p50": left.seconds, "p90": left.late, "text": forecast_text(left.seconds, left.late)}


def _row(store: SqlStore, sweep: SweepRecord, versions: Sequence[dict[str, Any]], now: float) -> dict[str, Any]:
    changed = _last_change(store, sweep)
    end = now if sweep.state is SweepState.RUNNING else changed
    return {
        **sweep_shape(sweep, quick_front(store, sweep) or ()),
        "planned": sweep.trials,
        "objective": objective_of(sweep.config, sweep.name),
        "seconds": sweep.seconds or max(end - (sweep.started or end), 0.0),
        "eta": eta(sweep, now),
        "changed": changed,
        "registered": list(versions),
    }


def _last_change(store: SqlStore, sweep: SweepRecord) -> float:
    if sweep.ended is not None:
        return sweep.ended
    first = max(sum(sweep.counts.values()) - LATE, 0)
    rows = store.read(lambda session: session.rows("page_times", sweep.id, first))
    times = [float(time) for row in rows for time in row[2:] if time is not None]
    return max([sweep.started or sweep.created, *times])


def _meets(sweep: SweepRecord, asked: Asked) -> bool:
    if asked.states and sweep.state not in asked.states:
        return False
    if asked.experiment and asked.experiment not in (sweep.experiment, sweep.experiment_id):
        return False
    if any(sweep.tags.get(key) != value for key, value in asked.tags.items()):
        return False
    told = {key: value for key, value in sweep.tags.items() if not key.startswith(OURS)}
    goals = [goal.name for goal in sweep.goals]
    texts = (sweep.name, sweep.method, sweep.experiment, *goals, *(f"{k}={v}" for k, v in told.items()))
    return meets(asked.words, (*texts, objective_of(sweep.config)), sweep.id)
