"""From a sampler and a history to the sampler that begins where past sweeps ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sweeper.errors import SpaceError
from sweeper.interfaces import Sampler
from sweeper.records import Goal
from sweeper.samplers.warm.fit import fit
from sweeper.samplers.warm.guard import Guard
from sweeper.samplers.warm.history import History
from sweeper.samplers.warm.portfolio import portfolio
from sweeper.samplers.warm.prior import Past
from sweeper.samplers.warm.sampler import WarmSampler, WideSampler
from sweeper.space import Categorical, Float, Int, SearchSpace

JUDGED = 10  #: trials after which the guard judges; fewer where the sampler begins to learn earlier
TOLD = 1_000_000_000  #: past trials that are told have numbers from here on, which no sweep reaches


def begin(
    kind: Callable[..., Sampler],
    space: SearchSpace,
    goals: Sequence[Goal],
    seed: int,
    options: Mapping[str, Any],
    history: History,
    say: Callable[[str], None],
) -> Sampler:
    """Make a sampler of ``kind`` that knows ``history``; ``say`` is told when the past turns out to mislead.

    The same history, seed and results give the same proposals. Raises UsageError as ``kind`` does.
    """
    if history.mode == "narrow":
        narrowed = narrow(space, history.narrowed)
        return WideSampler(kind(narrowed, goals, seed, **options), space, seed)
    fitted = fit(history.transferred, space, seed)
    first = [one.params for one in portfolio(fitted, space, history.first)]
    points = [one.params for sweep in fitted.sweeps for one in sweep]
    more = dict(options)
    if history.prior and takes_past(kind, goals) and points and fitted.shared:
        judged = min(JUDGED, options.get("n_startup_trials") or JUDGED)
        more["past"] = Past(points, frozenset(fitted.shared), Guard(judged, len(first), say))
    inner = kind(space, goals, seed, **more)
    told = [trial for sweep in history.sweeps for trial in sweep.told]
    for place, trial in enumerate(told):
        inner.tell(TOLD + place, trial.params, trial.outcome)
    return WarmSampler(inner, first) if first else inner


def takes_past(kind: Callable[..., Sampler], goals: Sequence[Goal]) -> bool:
    """Can a sampler of ``kind`` be given a prior?"""
    return len(goals) == 1 and bool(getattr(kind, "TAKES_PAST", False))


def narrow(space: SearchSpace, narrowed: Mapping[str, Mapping[str, Any]]) -> SearchSpace:
    """Return ``space`` with the ranges of ``narrowed``, as far as they lie inside its own.

    A range of which nothing would be left stays whole, and so does one with a distribution of its own.
    """
    for name, change in narrowed.items():
        parameter = space.parameters.get(name)
        if isinstance(parameter, Float | Int):
            low, high = change.get("min", parameter.low), change.get("max", parameter.high)
            change = {"min": max(low, parameter.low), "max": min(high, parameter.high)}
        elif isinstance(parameter, Categorical):
            change = {"values": [value for value in change.get("values", ()) if parameter.contains(value)]}
        else:
            continue
        try:
            space = space.narrow({name: change})
        except SpaceError:
            continue
    return space
