"""How much each parameter matters, as plain data, for sweeps of any size: of many trials an even sample is judged."""

from __future__ import annotations

from typing import Any

from sweeper.analysis import TrialTable, from_records
from sweeper.analysis.importance import importance
from sweeper.analysis.numbers import count, number
from sweeper.analysis.past import past_sweeps
from sweeper.analysis.ranges.copies import independent
from sweeper.analysis.verdicts import TITLES, Importance, ParameterImportance
from sweeper.analysis.words import gain_text
from sweeper.interfaces import Store
from sweeper.records import SweepRecord

MOST = 10_000  #: trials of the sweep that are judged: what decides is how many there are, up to a few hundred
MOST_PAST = 2_000  #: ... of each earlier one

Data = dict[str, Any]


def importance_of(store: Store, sweep: SweepRecord, goal: int) -> Data:
    """Judge the parameters for one goal (by its place), with what earlier sweeps say. Takes seconds."""
    tables = [sampled(store, sweep, MOST), *(sampled(store, other, MOST_PAST) for other in past_sweeps(store, sweep))]
    once, _ = independent(tables)
    own, *past = once
    found = importance(own, goal=goal, past=past)
    total = sum(sweep.counts.values())
    drawn = f" Of {count(total, 'trial')} an even sample of {MOST:,} was judged." if total > MOST else ""
    return shape(found, drawn)


def sampled(store: Store, sweep: SweepRecord, most: int) -> TrialTable:
    """Return the trials of a sweep, or an even sample of them when there are more than ``most``."""
    total = sum(sweep.counts.values())
    numbers = range(total) if total <= most else [place * total // most for place in range(most)]
    return from_records(sweep, store.trials(sweep.id, numbers=numbers))


def shape(found: Importance, drawn: str = "") -> Data:
    """Return what was found, shares between 0 and 1, the most important parameter first."""
    return {
        "goal": found.goal,
        "method": TITLES[found.method],
        "n": found.n,
        "reason": found.reason,
        "note": " ".join([found.sentence + drawn, *found.notes]) if not found.reason else "",
        "past": found.past,
        "params": [_parameter(each) for each in found.parameters],
        "constant": list(found.constant),
    }


def _parameter(found: ParameterImportance) -> Data:
    whole, good, gain = found.whole, found.good, found.gain
    return {
        "name": found.name,
        "value": whole and whole.value,
        "low": whole and whole.low,
        "high": whole and whole.high,
        "uncertain": bool(whole and whole.uncertain),
        "top20": good and good.value,
        "top20_low": good and good.low,
        "top20_high": good and good.high,
        "tunability": gain and gain.value,
        "partner": found.partner and found.partner.name,
        "partner_share": found.partner and found.partner.share.value,
        "past": found.past,
        "active": found.active,
        "text": "; ".join(_words(found)),
    }


def _words(found: ParameterImportance) -> list[str]:
    said = [found.note] if found.note else []
    if found.past is not None:
        sweeps = "the sweep before" if found.sweeps == 1 else f"{found.sweeps} sweeps before"
        said.append(f"{number(round(100 * found.past))} % in {sweeps}")
    if found.gain is not None:
        said.append(f"tuned alone: {gain_text(found.gain)}")
    return said
