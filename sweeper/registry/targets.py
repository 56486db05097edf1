"""What a person names to be registered: a sweep (its best trial), a trial, or a run outside sweeps."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sweeper.errors import NotFound, UsageError
from sweeper.interfaces import Store
from sweeper.records import Run, RunState, SweepRecord, SweepState, TrialRecord

LIVE = (SweepState.RUNNING, SweepState.PAUSED)
_TAIL = re.compile(r"[0-9a-f]{6,32}")


@dataclass(frozen=True, slots=True)
class Target:
    """One run, and the sweep and the trial that it is, if it is one. ``notes`` say how it was chosen."""

    run: Run
    sweep: SweepRecord | None = None
    trial: TrialRecord | None = None
    notes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """``trial 12 of digits``, or ``run prepare``."""
        if self.trial is not None and self.sweep is not None:
            return f"trial {self.trial.number} of {self.sweep.name}"
        return f"run {self.run.name or self.run.id}"

    @property
    def again(self) -> str:
        """What to type to run it again."""
        return f"sweeper rerun {self.run.id[-8:]}" if self.trial is not None else "in your own code"


def find_target(store: Store, ref: str) -> Target:
    """Return what ``ref`` names: a sweep's best acknowledged trial, ``SWEEP:NUMBER``, a run id or the end of one.

    Raises NotFound; UsageError for a sweep with several goals or without a complete trial.
    """
    try:
        return of_sweep(store, store.find_sweep(ref))
    except NotFound as no_sweep:
        try:
            return of_trial(store, store.find_trial(ref))
        except NotFound as no_trial:
            run = _run(store, ref)
            if run is None:
                raise (no_trial if ":" in ref else no_sweep) from None
            return Target(run)


def of_sweep(store: Store, sweep: SweepRecord) -> Target:
    """Return the best trial of a sweep as it is stored now."""
    if len(sweep.goals) > 1:
        raise UsageError(
            f"{sweep.name} has {len(sweep.goals)} goals, so no single best trial: choose one of "
            f"sweeper best {sweep.id[-8:]} and name it as {sweep.id[-8:]}:NUMBER"
        )
    if sweep.best is None:
        raise UsageError(f"no trial of {sweep.name} is complete yet: there is nothing to register")
    complete = sweep.counts.get(RunState.COMPLETE, 0)
    note = f"the best of {complete} complete trials of {sweep.name}: trial {sweep.best.number}, "
    note += f"{sweep.goals[0].name} {sweep.best.value:.6g}"
    if sweep.state in LIVE:
        note += f"; the sweep is {sweep.state}, a better one may come"
    trial = store.find_trial(sweep.best.run_id)
    return Target(store.run(trial.run_id), sweep, trial, (note,))


def of_trial(store: Store, trial: TrialRecord) -> Target:
    """Return a trial with its sweep."""
    return Target(store.run(trial.run_id), store.find_sweep(trial.sweep_id), trial)


def _run(store: Store, ref: str) -> Run | None:
    if not _TAIL.fullmatch(ref):
        return None
    found = store.runs(f"attributes.run_id LIKE '%{ref}'", kinds=["run"], limit=2)
    if len(found) > 1:
        listed = ", ".join(run.id for run in found)
        raise UsageError(f"{ref!r} is the end of several runs: {listed}. Give more characters")
    return found[0] if found else None
