"""Sweeps side by side as plain data: for ``compare --json`` and for the page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sweeper.analysis.columns import Floats
from sweeper.analysis.compare import Comparison, Side, compare
from sweeper.analysis.noise import RERUN_OF
from sweeper.analysis.progress import BY, Progress
from sweeper.interfaces import Store
from sweeper.records import SweepRecord
from sweeper.web.answered import Answers
from sweeper.web.judging import judging_of

MOST = 600  #: points of a line on the page
_ANSWERS: Answers[dict[str, Any]] = Answers(32)


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


def compare_page(store: Store, refs: Sequence[str], metric: str | None) -> dict[str, Any]:
    """Return :func:`shape` for drawing: lines thinned, importances as numbers, and which rows differ.

    Importance is judged in the background: ``computing`` names the sweeps whose is not known yet.
    Raises NotFound, UsageError.
    """
    sweeps = [store.find_sweep(ref) for ref in refs]
    again = [sweep for sweep in store.sweeps() if sweep.tags.get(RERUN_OF) in {each.id for each in sweeps}]
    asked = (store.url, metric, *(sweep.id for sweep in sweeps))
    found = _ANSWERS.get(asked, [*sweeps, *again], lambda: _drawn(compare(store, sweeps, metric, judged=False)))
    return {**found, **_judged(store, sweeps, found)}


def _drawn(found: Comparison) -> dict[str, Any]:
    made = shape(found)
    for one, side in zip(made["sweeps"], found.sides, strict=True):
        one |= _more(side)
    made["best_params"] = [
        {**row, "differs": each.differs} for row, each in zip(made["best_params"], found.best, strict=True)
    ]
    made["command"] = f"sweeper compare {' '.join(side.sweep.id[-8:] for side in found.sides)}"
    return made


def _judged(store: Store, sweeps: Sequence[SweepRecord], found: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of the importance of parameters for the compared metric, sweep by sweep, and side by side."""
    by_id, computing, sides = {sweep.id: sweep for sweep in sweeps}, [], []
    for side in found["sweeps"]:
        sweep, shares = by_id[side["id"]], []
        names = [goal.name for goal in sweep.goals]
        if found["metric"] is not None and found["metric"]["name"] in names:
            known, current = judging_of(store).ask(sweep, names.index(found["metric"]["name"]))
            shares = [_share(one) for one in (known or {}).get("params", []) if one["value"] is not None]
            if not current:
                computing.append(sweep.id)
        sides.append({**side, "importances": sorted(shares, key=lambda one: -one["value"])})
    return {"sweeps": sides, "importance": _importance_rows(sides), "computing": computing}


def _share(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("name", "value", "low", "high", "uncertain")}


def _importance_rows(sides: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row for each parameter, the largest share of any sweep first."""
    known = [{one["name"]: one for one in side["importances"]} for side in sides]
    most: dict[str, float] = {}
    for one in (one for each in known for one in each.values()):
        most[one["name"]] = max(most.get(one["name"], 0.0), one["value"])
    rows = []
    for name in sorted(most, key=lambda name: -most[name]):
        shares = [each.get(name) for each in known]
        texts = ["-" if one is None else f"{one['value']:.0%}" + (" ?" if one["uncertain"] else "") for one in shares]
        rows.append({"name": name, "values": texts, "shares": [one and one["value"] for one in shares]})
    return rows


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
