"""Two or more sweeps side by side: what differs in them, how far each came for what, and whether that is noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sweeper.analysis.columns import TrialTable, table
from sweeper.analysis.contrast import Row, best_rows, config_rows, importance_rows, space_rows
from sweeper.analysis.identity import REUSED, data_of, key_of
from sweeper.analysis.importance import Importance, importance
from sweeper.analysis.noise import Noise, fold_values, noise, repeats
from sweeper.analysis.numbers import count
from sweeper.analysis.progress import Progress, progress
from sweeper.analysis.verdict import Finish, Verdict, judge
from sweeper.errors import NotFound, UsageError
from sweeper.interfaces import Store
from sweeper.records import Goal, Params, SweepRecord

MOST = 10  #: sweeps that are compared at once


@dataclass(frozen=True)
class Side:
    """One sweep. ``label`` is its name, with the end of its id where names are equal.

    ``progress``, ``best`` and ``finish`` are of the compared metric, None where the sweep has no such values;
    ``importance`` is None, too, where the metric is no goal of the sweep.
    """

    sweep: SweepRecord
    label: str
    table: TrialTable
    progress: Progress | None = None
    best: int | None = None  #: row of the best trial
    finish: Finish | None = None
    importance: Importance | None = None

    @property
    def best_params(self) -> Params:
        return {} if self.best is None else self.table.assigned[self.best]


@dataclass(frozen=True)
class Comparison:
    """``goal`` is the metric that is compared, None where the sweeps have none in common.

    Rows have one text for each side. ``verdicts`` compare the best side with each of the others.
    """

    goal: Goal | None
    sides: tuple[Side, ...]
    config: tuple[Row, ...]
    space: tuple[Row, ...]
    best: tuple[Row, ...]
    importances: tuple[Row, ...]
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...]


def compare(
    store: Store, sweeps: Sequence[SweepRecord], metric: str | None = None, *, judged: bool = True
) -> Comparison:
    """Compare sweeps by ``metric``, by default the first goal that most of them share.

    Without ``judged`` the importance of parameters is left out, which takes most of the time.
    Raises UsageError for fewer than two sweeps or more than ten, NotFound for a metric that none of them has.
    """
    unique = list({sweep.id: sweep for sweep in sweeps}.values())
    if not 2 <= len(unique) <= MOST:
        raise UsageError(f"compare takes 2 to {MOST} different sweeps, not {len(unique)}")
    tables = [table(store, sweep) for sweep in unique]
    goal, notes = _goal(tables, metric)
    labels = _labels(unique)
    sides = tuple(_side(store, each, label, goal, judged) for each, label in zip(tables, labels, strict=True))
    notes += _other_goals(sides, goal) + _other_data(unique, goal) + _shared_points(sides)
    return Comparison(
        goal,
        sides,
        config_rows(unique),
        space_rows(tables),
        best_rows([side.best_params for side in sides]),
        importance_rows([side.importance for side in sides]),
        judge([(side.label, side.finish) for side in sides], goal),
        tuple(notes),
    )


def _labels(sweeps: Sequence[SweepRecord]) -> list[str]:
    names = [sweep.name for sweep in sweeps]
    return [
        name if names.count(name) == 1 else f"{name} {sweep.id[-8:]}" for name, sweep in zip(names, sweeps, strict=True)
    ]


def _goal(tables: Sequence[TrialTable], metric: str | None) -> tuple[Goal | None, list[str]]:
    """The goal by which to compare: of the candidates the one that most sweeps have, the first of equals."""
    candidates, notes = list(dict.fromkeys(goal for each in tables for goal in _plain(each))), list[str]()
    if metric is not None:
        known = list(dict.fromkeys(name for each in tables for name in each.metrics))
        if metric not in known:
            raise NotFound("metric", metric, known)
        candidates = [goal for goal in candidates if goal.name == metric]
        notes = [] if candidates else [f"No sweep has {metric} as a goal: less is taken for better."]
        candidates = candidates or [Goal(metric)]
    having = [sum(_has(each, goal) for each in tables) for goal in candidates]
    if max(having) < 2:
        goals = "; ".join(f"{each.sweep.name} {_goals(each)}" for each in tables)
        return None, [f"These sweeps have no metric in common, so their values are not compared: {goals}."]
    return candidates[having.index(max(having))], notes


def _plain(each: TrialTable) -> list[Goal]:
    return [Goal(goal.name, goal.direction) for goal in each.goals]


def _goals(each: TrialTable) -> str:
    return " and ".join(f"{goal.direction}s {goal.name}" for goal in each.goals)


def _has(each: TrialTable, goal: Goal) -> bool:
    """Whether the sweep has values of the metric and does not want them the other way round."""
    own = {one.name: one.direction for one in each.goals}
    if goal.name in own:
        return own[goal.name] == goal.direction
    return goal.name in each.metrics and bool(np.isfinite(each.metrics[goal.name][each.complete]).any())


def _side(store: Store, each: TrialTable, label: str, goal: Goal | None, judged: bool) -> Side:
    if goal is None or not _has(each, goal):
        return Side(each.sweep, label, each)
    names = [one.name for one in each.goals]
    place = names.index(goal.name) if goal.name in names else None
    values = each.metrics[goal.name] if place is None else each.values[:, place]
    losses = np.where(each.complete & ~np.isnan(values), goal.sign * values, np.inf)
    best = int(np.argmin(losses)) if len(losses) and np.isfinite(losses.min()) else None
    found = importance(each, goal=place) if judged and place is not None else None
    finish = None if best is None else _finish(store, each, best, float(values[best]), goal, place)
    return Side(each.sweep, label, each, progress(each, goal), best, finish, found)


def _finish(store: Store, each: TrialTable, best: int, value: float, goal: Goal, place: int | None) -> Finish:
    measured: Noise | None = None if place is None else noise(store, each, place)
    again = repeats([each], goal.name).get(key_of(each.assigned[best]), []) if place is not None else []
    return Finish(value, tuple(again) or (value,), fold_values(store, each.run_id[best], goal.name), measured)


def _other_goals(sides: Sequence[Side], goal: Goal | None) -> list[str]:
    if goal is None:
        return []
    notes = []
    for side in sides:
        if side.progress is not None and side.best is None:
            notes.append(f"{side.label} has no complete trial yet.")
        elif goal not in _plain(side.table):
            own = _goals(side.table)
            if side.progress is None:
                notes.append(f"{side.label} {own}: its values are not compared.")
            else:
                notes.append(
                    f"{side.label} {own}; its {goal.name} is what its trials recorded, it did not search for it."
                )
    return notes


def _other_data(sweeps: Sequence[SweepRecord], goal: Goal | None) -> list[str]:
    data = list(dict.fromkeys(data_of(sweep.config, sweep.tags) or "not recorded" for sweep in sweeps))
    if goal is None or len(data) == 1:
        return []
    return [f"Their data differ ({'; '.join(data)}): a difference of {goal.name} may be that of the data."]


def _shared_points(sides: Sequence[Side]) -> list[str]:
    seen: dict[str, set[int]] = {}
    for i, side in enumerate(sides):
        data = data_of(side.sweep.config, side.sweep.tags)
        for row in np.flatnonzero(side.table.complete):
            if side.table.workers[row] != REUSED:
                seen.setdefault(f"{data} {key_of(side.table.assigned[row])}", set()).add(i)
    shared = sum(len(owners) > 1 for owners in seen.values())
    if not shared:
        return []
    refs = " ".join(side.sweep.id[-8:] for side in sides)
    return [
        f"{count(shared, 'assignment')} of parameters completed in more than one of them: sweeper duplicates {refs}"
    ]
