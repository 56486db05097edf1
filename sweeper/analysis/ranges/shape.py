"""The facts about a parameter's ranges as plain values: for JSON, and flat for tables."""

from __future__ import annotations

from typing import Any

from sweeper.analysis.numbers import number, value_text
from sweeper.analysis.ranges.groups import Group
from sweeper.analysis.ranges.recommendation import Focus
from sweeper.analysis.ranges.survey import ParameterRange
from sweeper.space import Parameter


def shape(group: Group, found: ParameterRange) -> dict[str, Any]:
    """Return everything about one parameter of one group as JSON values."""
    evidence, advice = found.evidence, found.recommendation
    return {
        "group": {**group.identity._asdict(), "metric": group.goal.name, "goal": group.goal.direction},
        "differences": list(group.differences),
        "parameter": found.name,
        "declared": advice.declared.to_dict(),
        "sweeps": [
            {
                "id": lane.sweep.id,
                "name": lane.sweep.name,
                "declared": None if lane.declared is None else lane.declared.to_dict(),
                "trials": len(lane.tried),
                "best": best,
            }
            for lane, best in zip(evidence.lanes, found.best, strict=True)
        ],
        "explored": _extent(found, found.explored),
        "density": {"tried": _rounded(found.tried), "good": _rounded(found.good)},
        "top": _extent(found, found.top),
        "flags": [flag._asdict() for flag in found.flags],
        "recommendation": {
            "action": advice.action,
            "range": advice.parameter.to_dict(),
            "reason": advice.reason,
            "sweeps": advice.sweeps,
            "trials": advice.trials,
            "share": round(advice.share, 4),
            "coverage": _short(advice.coverage),
            "regret": _short(advice.regret),
            "focus": _focus(advice.focus),
        },
    }


def flat(group: Group, found: ParameterRange) -> dict[str, Any]:
    """Return one row of a table: numbers and texts only."""
    advice, numeric = found.recommendation, not found.evidence.choices
    new = advice.parameter.to_dict()
    return {
        "objective": group.identity.objective,
        "metric": group.goal.name,
        "data": group.identity.data,
        "code": group.identity.code,
        "parameter": found.name,
        "declared": advice.declared.describe(),
        "explored": extent_text(found.explored, numeric),
        "top": extent_text(found.top, numeric),
        "best": best_text(found),
        "flags": "; ".join(flag.text for flag in found.flags),
        "action": advice.action,
        "recommended": advice.parameter.describe(),
        "low": new.get("min"),
        "high": new.get("max"),
        "focus_low": advice.focus.low if advice.focus else None,
        "focus_high": advice.focus.high if advice.focus else None,
        "share": round(advice.share, 4),
        "coverage": _short(advice.coverage),
        "regret": _short(advice.regret),
        "sweeps": advice.sweeps,
        "trials": advice.trials,
        "reason": advice.reason,
    }


def range_text(parameter: Parameter) -> str:
    """The range without the condition under which it is active: that does not change."""
    return parameter.with_when(None).describe()


def extent_text(extent: tuple[Any, ...], numeric: bool) -> str:
    """``0.001 .. 0.1``, or the choices; "" without any."""
    if not extent:
        return ""
    if numeric:
        low, high = (number(value) for value in extent)
        return low if low == high else f"{low} .. {high}"
    return " | ".join(value_text(value) for value in extent)


def best_text(found: ParameterRange) -> str:
    """The best values of all sweeps: one value, or from the least to the largest, or the choices, most often first."""
    values = [value for value in found.best if value is not None]
    if not values:
        return ""
    if not found.evidence.choices:
        return extent_text((min(values), max(values)), True)
    texts = [value_text(value) for value in values]
    return " | ".join(sorted(dict.fromkeys(texts), key=lambda text: -texts.count(text)))


def _extent(found: ParameterRange, extent: tuple[Any, ...]) -> dict[str, Any] | None:
    if not extent:
        return None
    return {"values": list(extent)} if found.evidence.choices else {"low": extent[0], "high": extent[1]}


def _focus(focus: Focus | None) -> dict[str, Any] | None:
    if focus is None:
        return None
    if focus.shares:
        return {"shares": [{"value": value, "share": round(share, 4)} for value, share in focus.shares]}
    return {"low": focus.low, "high": focus.high, "centre": focus.centre}


def _rounded(values: Any) -> list[float]:
    return [round(float(value), 4) for value in values]


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
