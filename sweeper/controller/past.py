"""What earlier sweeps of the same objective tell of this one before it starts: how long its trials will take."""

from __future__ import annotations

from collections.abc import Iterable

from sweeper.interfaces import Store
from sweeper.records import RunState, SweepRecord, TrialRecord

SWEEPS = 20  #: the latest ones of the store that are looked at
TRIALS = 2000  #: of one sweep; a larger one is passed over, as reading it would delay the start
ENOUGH = 50  #: durations
OBJECTIVE = ("objective", "command", "program", "mlproject")


def durations(trials: Iterable[TrialRecord]) -> list[float]:
    """Return the seconds that trials with a result took."""
    ended = (trial for trial in trials if trial.state in (RunState.COMPLETE, RunState.PRUNED))
    return [trial.ended - trial.started for trial in ended if trial.started is not None and trial.ended is not None]


def past_durations(store: Store, sweep: SweepRecord) -> list[float]:
    """Return the seconds that trials took in the latest other sweeps of the same objective."""
    found: list[float] = []
    for other in store.sweeps(limit=SWEEPS):
        if other.id != sweep.id and _same(other, sweep) and 0 < sum(other.counts.values()) <= TRIALS:
            found = durations(store.trials(other.id)) + found
            if len(found) >= ENOUGH:
                break
    return found


def _same(one: SweepRecord, other: SweepRecord) -> bool:
    """The same objective by its place; one given in code has none, and is told by the sweep's name."""
    places = [{key: sweep.config.get(key) for key in OBJECTIVE} for sweep in (one, other)]
    return places[0] == places[1] and (any(places[0].values()) or one.name == other.name)
