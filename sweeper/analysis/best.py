"""The best trial, how the best came about, and the Pareto front."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sweeper.analysis.axes import ValueAxis, value_axis
from sweeper.analysis.columns import Floats, TrialTable
from sweeper.analysis.dominance import nondominated
from sweeper.records import Goal, RunState


class History(NamedTuple):
    """Values by trial number, and the best so far as steps. ``failed``: numbers of trials without a value."""

    goal: Goal
    values: ValueAxis
    number: NDArray[np.int64]
    value: Floats
    pruned: NDArray[np.bool_]
    best_number: NDArray[np.int64]
    best_value: Floats
    failed: NDArray[np.int64]
    last: int  #: the largest number of any trial


class Front(NamedTuple):
    """The complete trials of several goals; ``front`` are the places of the best, sorted by the first goal."""

    goals: tuple[Goal, ...]
    number: NDArray[np.int64]
    run_id: tuple[str, ...]
    values: Floats
    front: NDArray[np.intp]  #: places in ``number``, ``run_id`` and ``values``


def best_row(table: TrialTable, goal: int = 0) -> int | None:
    """Return the row of the best complete trial for one goal; of equals the first. None when there is none."""
    rows = np.flatnonzero(table.complete)
    return int(rows[np.argmin(table.losses(goal)[rows])]) if len(rows) else None


def top_rows(table: TrialTable, most: int, goal: int = 0) -> NDArray[np.intp]:
    """Return the rows of the ``most`` best complete trials, the best first."""
    rows = np.flatnonzero(table.complete)
    found: NDArray[np.intp] = rows[np.argsort(table.losses(goal)[rows], kind="stable")[:most]]
    return found


def history(table: TrialTable, goal: int = 0) -> History:
    """Return how one goal went, by trial number."""
    values = table.values[:, goal]
    shown = np.isfinite(values) & ((table.state == RunState.COMPLETE) | (table.state == RunState.PRUNED))
    rows = np.flatnonzero(table.complete)
    losses = table.losses(goal)[rows]
    better = losses < np.r_[np.inf, np.minimum.accumulate(losses)[:-1]] if len(rows) else np.empty(0, dtype=bool)
    steps = rows[better & np.isfinite(losses)]
    return History(
        table.goals[goal],
        value_axis(table.goals[goal], values[shown]),
        table.number[shown],
        values[shown],
        table.state[shown] == RunState.PRUNED,
        table.number[steps],
        values[steps],
        table.number[table.state == RunState.FAILED],
        int(table.number.max()) if len(table) else 0,
    )


def front(table: TrialTable) -> Front:
    """Return the complete trials of a sweep with several goals, and which of them no other is better than."""
    rows = np.flatnonzero(table.complete)
    values = table.values[rows]
    signs = np.array([goal.sign for goal in table.goals])
    places = pareto_front(signs * values)
    return Front(
        table.goals,
        table.number[rows],
        tuple(table.run_id[row] for row in rows),
        values,
        places[np.argsort((signs * values)[places, 0], kind="stable")],
    )


def pareto_front(losses: Floats) -> NDArray[np.intp]:
    """Return the rows of ``losses`` (n x goals, minimised) that no row dominates; of equal rows the first."""
    return np.array(nondominated(losses.tolist()), dtype=np.intp)
