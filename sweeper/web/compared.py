"""Sweeps side by side as plain data: for ``compare --json`` and for the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from sweeper.analysis.columns import Floats
from sweeper.analysis.compare import Comparison, Side
from sweeper.analysis.contrast import Row
from sweeper.analysis.progress import BY, Progress

MOST = 600  #: points of a line on the page


def shape(found: Comparison) -> dict[str, Any]:
    """The whole comparison as one JSON object. A key may be added, never changed."""
    rows = {"settings": found.config, "space": found.space, "best_params": found.best, "importance": found.importances}
    return {
        "metric": {"name": found.goal.name, "goal": found.goal.direction} if found.goal else None,
        "sweeps": [_side(side) for side in found.sides],
        **{name: [{"name": row.name, "values": list(row.cells)} for row in each] for name, each in rows.items()},
        "verdicts": [
            {"better": one.better, "worse": one.worse, "difference": one.difference, "noise_bound": one.bound,
             "within_noise": one.within_noise, "source": one.source, "text": one.text}
            for one in found.verdicts
        ],
        "notes": list(found.notes),
    }  # fmt: skip


def compare_page(found: Comparison) -> dict[str, Any]:
    """Return :func:`shape` for drawing: lines thinned, importances as numbers, and which rows differ."""
    made = shape(found)
    for one, side in zip(made["sweeps"], found.sides, strict=True):
        one |= _more(side)
    made["best_params"] = _marked(found.best)
    made["command"] = f"sweeper compare {' '.join(side.sweep.id[-8:] for side in found.sides)}"
    made["unpaid"] = [side.label for side in found.sides if side.progress is None]
    return made


def _side(side: Side) -> dict[str, Any]:
    facts: dict[str, Any] = {"id": side.sweep.id, "name": side.sweep.name, "label": side.label}
    facts |= {"state": str(side.sweep.state), "trials": len(side.table)}
    facts["best"] = None
    if side.best is not None and side.finish is not None:
        facts["best"] = {"number": int(side.table.number[side.best]), "value": side.finish.value}
        facts["best"]["params"] = dict(side.best_params)
    if side.progress is not None:
        columns = {"trials": side.progress.trials, "seconds": side.progress.time, "cost": side.progress.cost}
        facts["progress"] = {name: column.tolist() for name, column in columns.items()}
        facts["progress"] |= {"best": side.progress.best.tolist(), "cost_unit": side.progress.unit}
    return facts


def _more(side: Side) -> dict[str, Any]:
    counts = {state: int((side.table.state == state).sum()) for state in ("complete", "pruned", "failed", "running")}
    more: dict[str, Any] = {"counts": counts, "created": side.sweep.created, "method": side.sweep.method}
    if side.best is not None:
        more["best_run_id"] = side.table.run_id[side.best]
    if side.progress is not None:
        more["progress"] = line(side.progress)
        more["spent"] = {by: _last(side.progress.spent(by)) for by in BY}
    if side.importance is not None:
        more["importances"] = [
            {"name": one.name, "value": one.whole.value, "uncertain": one.whole.uncertain}
            for one in side.importance.parameters
            if one.whole
        ]
        more["importances"].sort(key=lambda one: -one["value"])
    return more


def line(progress: Progress, most: int = MOST) -> dict[str, Any]:
    """Return the best so far where it changes, and at the end: what a step line needs, and no more."""
    best = progress.best
    places = np.flatnonzero(~np.isnan(best))
    if len(places):
        changed = places[np.r_[True, best[places][1:] != best[places][:-1]]]
        kept = changed if len(changed) < most else changed[np.linspace(0, len(changed) - 1, most - 1).astype(int)]
        places = np.unique(np.r_[kept, places[-1]])
    return {
        "trials": progress.trials[places].astype(int).tolist(),
        "seconds": _rounded(progress.time[places]),
        "cost": _rounded(progress.cost[places]),
        "best": best[places].tolist(),
        "cost_unit": progress.unit,
    }


def _rounded(values: Floats) -> list[float]:
    return [float(f"{value:.7g}") for value in values]


def _last(values: Floats) -> float | None:
    return float(values[-1]) if len(values) and math.isfinite(values[-1]) else None


def _marked(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [{"name": row.name, "values": list(row.cells), "differs": row.differs} for row in rows]
