"""Trials that did the same work: same parameters, same objective, same data, same version of the code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sweeper.analysis.identity import REUSED, code_of, data_of, key_of, objective_of
from sweeper.records import Params, RunState, SweepRecord, TrialRecord

RERUN = "rerun"


class Place(NamedTuple):
    sweep: SweepRecord
    trial: TrialRecord


class Duplicate(NamedTuple):
    """Complete trials with the same parameters, the oldest first; ``seconds`` were spent after the first one."""

    params: Params
    places: tuple[Place, ...]
    seconds: float

    @property
    def values(self) -> list[float]:
        """The first goal of each."""
        return [place.trial.values[0] for place in self.places if place.trial.values]


def duplicates(sweeps: Iterable[tuple[SweepRecord, Sequence[TrialRecord]]]) -> list[Duplicate]:
    """Find complete trials with the same parameters, objective, data and code, within and across sweeps.

    Those that cost the most come first. Reruns and trials reused from an earlier sweep do not count: they are wanted.
    """
    groups: dict[tuple[str, str, str, str], list[Place]] = {}
    for sweep, trials in sweeps:
        if sweep.tags.get("sweeper.kind") == RERUN:
            continue
        work = (objective_of(sweep.config, sweep.name), data_of(sweep.config, sweep.tags), code_of(sweep.tags))
        for trial in trials:
            if trial.state is RunState.COMPLETE and trial.worker != REUSED:
                groups.setdefault((*work, key_of(trial.params)), []).append(Place(sweep, trial))
    found = []
    for places in groups.values():
        if len(places) > 1:
            ordered = sorted(places, key=lambda place: (place.sweep.created, place.trial.number))
            seconds = sum(_seconds(place.trial) for place in ordered[1:])
            found.append(Duplicate(ordered[0].trial.params, tuple(ordered), seconds))
    return sorted(found, key=lambda one: (-one.seconds, -len(one.places)))


def _seconds(trial: TrialRecord) -> float:
    return max(trial.ended - trial.started, 0.0) if trial.ended is not None and trial.started is not None else 0.0
