"""What a new sweep takes of past ones: read once, before it starts, and the same at every resume."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sweeper import plugins
from sweeper.config import SweepConfig
from sweeper.controller.warm.sources import Source, Sources, find_sources, label
from sweeper.controller.warm.words import summary
from sweeper.errors import UsageError
from sweeper.interfaces import Store
from sweeper.records import Goal, RunState, TrialRecord
from sweeper.samplers.pareto import best_subset
from sweeper.samplers.warm.begin import takes_past
from sweeper.samplers.warm.fit import fit
from sweeper.samplers.warm.history import History, PastSweep, PastTrial, good
from sweeper.samplers.warm.portfolio import portfolio, size

SWEEPS = 50  #: that are read
ENOUGH = 10  #: complete trials; the best of fewer are hardly better than the rest


@dataclass(frozen=True, slots=True)
class WarmStart:
    """``history`` is what the sampler gets, ``text`` says in a sentence what was taken and why, ``notes`` say more."""

    history: History
    text: str
    notes: tuple[str, ...]


def gather(store: Store, config: SweepConfig, method: str, seed: int, commit: str = "") -> WarmStart:
    """Read the history that ``config.warm_start`` asks for. ``method`` is the sampler's name, ``commit`` the code's.

    Raises UsageError for sweeps that cannot be learned from, and NotFound.
    """
    asked = dict(config.warm_start or {})
    mode: str = asked["mode"]
    sources = find_sources(store, config, asked["from"], commit)
    notes = [*sources.older, *_shortened(sources.skipped)]
    if len(sources.found) > SWEEPS:
        notes.append(f"of {len(sources.found)} past sweeps the first {SWEEPS} are read")
        sources = replace(sources, found=sources.found[:SWEEPS])
    if mode == "narrow":
        return _narrowed(store, config, sources, notes)
    past = [_past(store, source, config.goals, tell=mode == "tell" and not source.differs) for source in sources.found]
    sweeps = [sweep for sweep in past if sweep is not None]
    if not sweeps:
        raise UsageError("warm_start.from: none of the past trials has a finite value of " + _names(config.goals))
    sweeps, short = _worth(sweeps)
    notes += short + _differing(sources, mode)
    kind = plugins.load("sampler", method)
    history = History(mode, tuple(sweeps), 0 if mode == "prior" else size(config.budget.trials))
    if history.prior and history.transferred and not takes_past(kind, config.goals):
        why = "with several goals" if len(config.goals) > 1 else f"with method {method}"
        if mode == "prior":
            raise UsageError(f"warm_start.mode prior: there is no prior {why}; use mode enqueue, or method tpe")
        notes.append(f"there is no prior {why}: only configurations are taken")
        history = replace(history, mode="enqueue") if mode == "auto" else history
    fitted = fit(history.transferred, config.space, seed)
    chosen = portfolio(fitted, config.space, history.first)
    history = replace(history, first=len(chosen))
    text = summary(history, fitted, chosen, prior=history.prior and takes_past(kind, config.goals))
    if fitted.moved:
        notes.append(f"{fitted.moved} past trials had values outside the ranges of now: moved to the nearest inside")
    if fitted.dropped:
        notes.append(f"{fitted.dropped} past trials do not meet the constraints of now and are left out")
    return WarmStart(history, text, tuple(notes))


def _past(store: Store, source: Source, goals: Sequence[Goal], *, tell: bool) -> PastSweep | None:
    """Return what is taken of one sweep; None when no trial has a finite value."""
    trials = store.trials(source.sweep.id)
    complete = [
        (trial, losses) for trial in trials
        if trial.state is RunState.COMPLETE and (losses := _losses(trial, source.columns, goals)) is not None
    ]  # fmt: skip
    if not complete:
        return None
    count = good(len(complete))
    if len(goals) > 1:
        kept = [complete[place] for place in best_subset([losses for _, losses in complete], count)]
    else:
        kept = sorted(complete, key=lambda one: (one[1], one[0].number))[:count]
    best = tuple(_trial(trial, source.columns) for trial, _ in kept)
    ended = [trial for trial in trials if trial.state in (RunState.COMPLETE, RunState.PRUNED, RunState.FAILED)]
    told = tuple(_trial(trial, source.columns) for trial in ended) if tell else ()
    return PastSweep(source.sweep.id, source.sweep.name, len(complete), best, told)


def _worth(sweeps: list[PastSweep]) -> tuple[list[PastSweep], list[str]]:
    """Leave out the short sweeps, such as a first try, where there are longer ones; those that are told stay."""
    kept = [sweep for sweep in sweeps if sweep.trials >= ENOUGH or sweep.told]
    if not kept or len(kept) == len(sweeps):
        return sweeps, []
    names = [f"{sweep.name} {sweep.id[-8:]}" for sweep in sweeps if sweep not in kept]
    return kept, [f"left out, as the best of fewer than {ENOUGH} trials say little: {', '.join(_shortened(names))}"]


def _losses(trial: TrialRecord, columns: Sequence[int], goals: Sequence[Goal]) -> tuple[float, ...] | None:
    if trial.values is None or len(trial.values) <= max(columns):
        return None
    losses = tuple(goal.sign * trial.values[place] for goal, place in zip(goals, columns, strict=True))
    return losses if all(map(math.isfinite, losses)) else None


def _trial(trial: TrialRecord, columns: Sequence[int]) -> PastTrial:
    values = None
    if trial.values is not None and len(trial.values) > max(columns):
        picked = tuple(trial.values[place] for place in columns)
        values = picked if all(map(math.isfinite, picked)) else None
    failure = trial.failure.kind.value if trial.failure and trial.state is RunState.FAILED else ""
    return PastTrial(trial.number, trial.params, trial.state.value, values, failure)


def _narrowed(store: Store, config: SweepConfig, sources: Sources, notes: list[str]) -> WarmStart:
    """Take the recommended ranges of the past, where they lie inside those of now."""
    from sweeper.analysis.ranges import recommend
    from sweeper.analysis.ranges.copies import read
    from sweeper.samplers.warm.begin import narrow

    tables, copies = read(store, [source.sweep for source in sources.found])
    notes += copies
    made = recommend(tables, metric=config.goals[0].name)
    changes: dict[str, Any] = {}
    for name, found in made.items():
        if name in config.space.parameters and found.action in ("shrink", "move"):
            body = found.parameter.to_dict()
            change: dict[str, Any] = {key: body[key] for key in ("min", "max", "values") if key in body}
            space = narrow(config.space, {name: change}) if change else config.space
            if space != config.space:
                before, after = config.space.parameters[name], space.parameters.get(name)
                changes[name] = change
                now = after.describe() if after else "left out"
                notes.append(f"{name}: {before.describe()} -> {now}; {found.reason}")
    sweeps = tuple(
        PastSweep(source.sweep.id, source.sweep.name, source.sweep.counts.get(RunState.COMPLETE, 0), ())
        for source in sources.found
    )
    history = History("narrow", sweeps, 0, changes)
    return WarmStart(history, summary(history), tuple(notes))


def _differing(sources: Sources, mode: str) -> list[str]:
    """Say what differs from now, once for all sweeps of which the same is true."""
    instead = ": their trials are not told as this sweep's own, their best are taken" if mode == "tell" else ""
    groups: dict[tuple[str, ...], list[str]] = {}
    for source in sources.found:
        if source.differs:
            groups.setdefault(source.differs, []).append(label(source.sweep))
    return [f"{', '.join(_shortened(names))} had {' and '.join(differs)}{instead}" for differs, names in groups.items()]


def _shortened(sentences: Sequence[str], most: int = 3) -> list[str]:
    more = [f"and {len(sentences) - most} more"] if len(sentences) > most else []
    return [*sentences[:most], *more]


def _names(goals: Sequence[Goal]) -> str:
    return ", ".join(goal.name for goal in goals)
