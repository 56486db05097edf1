"""The ranges of parameters over past sweeps as plain data: what ``ranges --json`` says, and what a drawing needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from sweeper.analysis.axes import Axis
from sweeper.analysis.columns import Floats
from sweeper.analysis.ranges.edges import NEAR
from sweeper.analysis.ranges.evidence import Evidence, Lane, bounds, value_at
from sweeper.analysis.ranges.gathering import gather
from sweeper.analysis.ranges.groups import Group
from sweeper.analysis.ranges.past import Wanted, older_ones, past_sweeps
from sweeper.analysis.ranges.shape import best_text, extent_text, range_text, shape
from sweeper.analysis.ranges.survey import ParameterRange, best_value
from sweeper.errors import NotFound, UsageError
from sweeper.interfaces import Store
from sweeper.records import SweepRecord
from sweeper.space import Parameter
from sweeper.web.answered import Answers

QUANTILES = (5, 25, 50, 75, 95)
TOP = 40  #: good trials of one sweep that are drawn
MOST_SWEEPS, MOST_TRIALS = 200, 100_000  #: that are looked at while a page waits
_ANSWERS: Answers[list[dict[str, Any]]] = Answers(32)


def ranges_page(store: Store, wanted: Wanted, merge: Sequence[str] = (), params: Sequence[str] = ()) -> dict[str, Any]:
    """Return groups of sweeps that are kept apart, each with its parameters; ``message`` says why there is none.

    Of very many sweeps the latest are looked at; ``notes`` say so.
    Raises NotFound for a sweep or a parameter that there is not.
    """
    try:
        everything = past_sweeps(store, wanted)
        sweeps = latest(everything)
        asked = (store.url, wanted.refs, wanted.metric, tuple(merge), tuple(params), tuple(each.id for each in sweeps))
        groups = _ANSWERS.get(asked, sweeps, lambda: _groups(store, wanted, merge, params, sweeps))
    except NotFound:
        raise
    except UsageError as error:
        return {"groups": [], "message": str(error), "notes": []}
    notes = older_ones(store, wanted.refs)
    if len(sweeps) < len(everything):
        notes.append(
            f"these are the latest {len(sweeps):,} of {len(everything):,} sweeps: name others, or choose by tag"
        )
    return {"groups": groups, "message": None, "notes": notes}


def latest(sweeps: Sequence[SweepRecord]) -> list[SweepRecord]:
    """Return as many sweeps, the first ones, as have about ``MOST_TRIALS`` in all; one at least."""
    kept: list[SweepRecord] = []
    trials = 0
    for sweep in sweeps[:MOST_SWEEPS]:
        trials += sum(sweep.counts.values())
        if kept and trials > MOST_TRIALS:
            break
        kept.append(sweep)
    return kept


def _groups(
    store: Store, wanted: Wanted, merge: Sequence[str], params: Sequence[str], sweeps: Sequence[SweepRecord]
) -> list[dict[str, Any]]:
    return [_group(group, parameters) for group, parameters in gather(store, wanted, merge, params, sweeps)]


def _group(group: Group, parameters: Sequence[ParameterRange]) -> dict[str, Any]:
    return {
        "title": group.title,
        **group.identity._asdict(),
        "metric": group.goal.name,
        "goal": group.goal.direction,
        "differences": list(group.differences),
        "sweeps": [
            {
                "id": sweep.id,
                "name": sweep.name,
                "created": sweep.created,
                "trials": sum(sweep.counts.values()),
                "best": sweep.best.value if sweep.best else None,
            }
            for sweep in group.sweeps
        ],
        "parameters": [_parameter(group, found) for found in parameters],
        "command": f"sweeper ranges {' '.join(sweep.id[-8:] for sweep in group.sweeps)}",
    }


def _parameter(group: Group, found: ParameterRange) -> dict[str, Any]:
    evidence, advice = found.evidence, found.recommendation
    numeric = not evidence.choices
    made = shape(group, found)
    made.pop("group")
    made.pop("differences")
    return {
        **made,
        "axis": _axis(evidence),
        "lanes": [_lane(evidence, lane) for lane in evidence.lanes],
        "span": _ends(evidence, advice.declared),
        "recommended_span": _ends(evidence, advice.parameter),
        "text": {
            "declared": range_text(advice.declared),
            "recommended": range_text(advice.parameter),
            "explored": extent_text(found.explored, numeric),
            "top": extent_text(found.top, numeric),
            "best": best_text(found),
        },
    }


def _axis(evidence: Evidence) -> dict[str, Any]:
    axis: Axis = evidence.axis
    ticks = [{"at": round(tick.at, 6), "label": tick.label} for tick in axis.ticks()]
    if evidence.choices:
        return {"kind": "choices", "choices": list(evidence.choices), "labels": list(axis.labels), "ticks": ticks}
    kind = "int" if axis.whole else "float"
    return {"kind": kind, "low": axis.low, "high": axis.high, "log": axis.log, "ticks": ticks}


def _lane(evidence: Evidence, lane: Lane) -> dict[str, Any]:
    """One sweep: what it declares, where it went and where its good trials are; places are 0 to 1 on the axis."""
    best = best_value(evidence, lane)
    value = float(lane.losses.min()) * lane.table.goals[lane.goal].sign if lane.finished.any() else None
    top = lane.at[lane.top][np.argsort(lane.rank[lane.top], kind="stable")][:TOP]
    made: dict[str, Any] = {
        "id": lane.sweep.id,
        "name": lane.sweep.name,
        "n": len(lane.tried),
        "declared": None if lane.declared is None else lane.declared.to_dict(),
        "declared_text": "" if lane.declared is None else range_text(lane.declared),
        "best": best,
        "best_value": value,
        "best_places": _places(lane.bests[:TOP]),
        "top_places": _places(top),
        "edge": _edge(lane) if not evidence.choices else None,
    }
    if evidence.choices:
        return made | _choice_counts(evidence, lane)
    quantiles = np.percentile(lane.tried, QUANTILES) if len(lane.tried) else np.zeros(0)
    return made | {
        "span": _places(np.array(lane.span)),
        "quantile_places": _places(quantiles),
        "quantiles": _values(evidence, quantiles),
        "top": _values(evidence, top),
    }


def _choice_counts(evidence: Evidence, lane: Lane) -> dict[str, Any]:
    """How often each choice was tried, was good, and whether the sweep declares it."""
    amount = len(evidence.choices)

    def counted(at: Floats) -> list[int]:
        return [int(n) for n in np.bincount((at * amount).astype(int).clip(0, amount - 1), minlength=amount)]

    declares = [lane.declared is None or lane.declared.contains(choice) for choice in evidence.choices]
    return {"tried": counted(lane.tried), "good": counted(lane.at[lane.top]), "declares": declares}


def _edge(lane: Lane) -> str | None:
    """At which end of its own range a sweep has its best."""
    low, high = lane.span
    near = NEAR * (high - low)
    if not len(lane.bests) or near <= 0:
        return None
    if bool((lane.bests - low <= near).all()):
        return "low"
    return "high" if bool((high - lane.bests <= near).all()) else None


def _ends(evidence: Evidence, parameter: Parameter) -> list[float] | None:
    """The ends of a range on the axis; a recommended one may go beyond it, by a quarter at most."""
    if evidence.choices:
        return None
    found = evidence.axis.at(np.array(bounds(parameter)))
    return _places(np.clip(found, -0.25, 1.25)) if np.isfinite(found).all() else None


def _places(at: Floats) -> list[float]:
    return [round(float(place), 5) for place in at if math.isfinite(place)]


def _values(evidence: Evidence, at: Floats) -> list[float | int]:
    found = [value_at(evidence.axis, float(place)) for place in at]
    return [round(value) if evidence.axis.whole else float(f"{value:.6g}") for value in found]
