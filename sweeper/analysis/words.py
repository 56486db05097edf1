"""Importance as texts: the same table in the report and on the terminal."""

from __future__ import annotations

from typing import NamedTuple

from sweeper.analysis.numbers import number, value_text
from sweeper.analysis.verdicts import Gain, Importance, ParameterImportance, Share


class Texts(NamedTuple):
    """Cells are texts; columns in ``numeric`` are aligned as numbers."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int]


def importance_texts(data: Importance) -> Texts:
    """Return one row for each parameter, the most important first, and the constants last.

    Columns about earlier sweeps are there only when there are some, and notes only when there is one.
    """
    columns: dict[str, list[str]] = {
        "parameter": [found.name for found in data.parameters],
        "whole range": [share_text(found.whole) for found in data.parameters],
        "best 20 %": [share_text(found.good) for found in data.parameters],
        "works with": [_partner(found) for found in data.parameters],
    }
    if data.past:
        columns["earlier sweeps"] = [_past(found) for found in data.parameters]
        columns["tuned alone from the last best"] = [gain_text(found.gain) for found in data.parameters]
    notes = [found.note for found in data.parameters] + ["constant" for _ in data.constant]
    for name, cells in columns.items():
        cells += [constant if name == "parameter" else "-" for constant in data.constant]
    if any(notes):
        columns["note"] = notes
    numeric = frozenset(i for i, name in enumerate(columns) if name in ("whole range", "best 20 %", "earlier sweeps"))
    return Texts(tuple(columns), tuple(zip(*columns.values(), strict=True)), numeric)


def share_text(share: Share | None) -> str:
    """A share with its interval, and whether that reaches into the next one's."""
    if share is None:
        return "-"
    return f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%})" + (", uncertain" if share.uncertain else "")


def gain_text(gain: Gain | None) -> str:
    """What tuning one parameter alone brings, with its interval, and where; "nothing" when it may be none."""
    if gain is None:
        return "-"
    if gain.low <= 0:
        return "nothing sure"
    return f"{number(gain.value)} better at {value_text(gain.at)} ({number(gain.low)} to {number(gain.high)})"


def _partner(found: ParameterImportance) -> str:
    return "-" if found.partner is None else f"{found.partner.name}, {found.partner.share.value:.0%}"


def _past(found: ParameterImportance) -> str:
    return "-" if found.past is None else f"{found.past:.0%} in {found.sweeps}"
