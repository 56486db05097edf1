"""Drafts of the next sweep: from a selection of trials, or as past sweeps recommend. Nothing is written or started."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sweeper.analysis.numbers import count
from sweeper.analysis.ranges.groups import identify
from sweeper.analysis.ranges.next_space import Cost
from sweeper.interfaces import Store
from sweeper.records import RunState, SweepRecord
from sweeper.space import Categorical, Constant, Parameter, SearchSpace
from sweeper.space.values import identity
from sweeper.store.store import SqlStore
from sweeper.web.names import file_name
from sweeper.web.narrowing import narrowed
from sweeper.web.next_file import cost_text, next_name, next_text, problem_of, unified
from sweeper.web.picked import Picked, Wish, picked

MOST_EARLIER, LOOKED_AT, FEWEST = 5, 200, 10  #: earlier sweeps that are pooled, considered; complete trials of one

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A next sweep before it is put into JSON."""

    name: str
    latest: SweepRecord
    before: SearchSpace
    after: SearchSpace
    text: str
    why: Mapping[str, str]
    warnings: Sequence[str]
    expected: Cost | None
    extra: Mapping[str, Any] = field(default_factory=dict)


def draft_of_selection(store: SqlStore, sweep: SweepRecord, wish: Wish) -> Data:
    """Return the next sweep whose ranges are those of some of a sweep's trials.

    Raises UsageError when none are selected, or the filter means nothing.
    """
    found = picked(store, sweep, wish)
    name = next_name(sweep.name, [each for _, each in store.read(lambda session: session.rows("sweep_names"))])
    head = [
        f"The next sweep, from {found.words} of {count(found.total, 'trial')} of {sweep.name} {sweep.id[-8:]}.",
        *([f"Expected: {cost_text(found.expected)}."] if found.expected else []),
        *(f"Note: {warning}." for warning in found.warnings),
    ]
    why = {name: _sentence(found, name) for name in found.space.parameters if found.reasons.get(name)}
    text = next_text(name, sweep, found.space, why, head)
    made = Drafted(name, sweep, found.before, found.space, text, found.reasons, found.warnings, found.expected)
    return shape(made)


def draft_recommended(
    store: Store, refs: Sequence[str], accept: Mapping[str, bool] | None = None, metric: str | None = None
) -> Data:
    """Return the next sweep that all of ``refs`` recommend: that of ``sweeper narrow``.

    ``accept`` says of parameters whether their new range is taken; of those not named it is. Raises UsageError for
    sweeps that cannot be pooled, NotFound.
    """
    left = {name for name, taken in (accept or {}).items() if not taken}
    found = narrowed(store, refs, metric=metric, leave=left)
    line = " ".join(["sweeper narrow", *(shlex.quote(sweep.id[-8:]) for sweep in found.group.sweeps)])
    return shape(
        Drafted(
            name=found.name,
            latest=found.latest,
            before=found.made.before,
            after=found.made.space,
            text=found.text,
            why={**found.why, **{name: advice.reason for name, advice in found.made.taken.items()}},
            warnings=(*found.older, *found.notes),
            expected=found.expected,
            extra={"sweeps": [sweep.id for sweep in found.group.sweeps], "narrow": line},
        )
    )


def alike(store: Store, sweep: SweepRecord) -> list[str]:
    """Return the ids of a sweep and of those before it with the same objective, goal, data and code."""
    found = [sweep.id]
    for other in store.sweeps(limit=LOOKED_AT):
        earlier = other.created < sweep.created and other.counts.get(RunState.COMPLETE, 0) >= FEWEST
        if earlier and len(found) <= MOST_EARLIER and identify(other) == identify(sweep):
            found.append(other.id)
    return found


def shape(made: Drafted) -> Data:
    """Return a draft as the pages show it."""
    file = f"{file_name(made.name, 'next')}.yaml"
    problem = problem_of(made.text)
    warnings = [*made.warnings, *([f"the file does not run as it is: {problem}"] if problem else [])]
    return {
        "name": made.name,
        "yaml": made.text,
        "diff": [_row(made, name) for name in dict.fromkeys((*made.before.parameters, *made.after.parameters))],
        "unified": unified(made.latest, made.before, made.name, made.after),
        "warnings": warnings,
        "estimate": _estimate(made.expected),
        "file": file,
        "command": f"sweeper run {shlex.quote(file)}",
        **made.extra,
    }


def kind_of_change(before: Parameter | None, after: Parameter | None) -> str:
    """Return "kept", "narrowed", "widened", "moved" (both), "fixed" or "dropped"."""
    if after is None or before is None:
        return "dropped" if after is None else "widened"
    if before == after:
        return "kept"
    if isinstance(after, Constant) or after.size() == 1:
        return "fixed"
    if isinstance(before, Categorical) and isinstance(after, Categorical):
        old, new = (set(map(identity, each.values)) for each in (before, after))
        return "narrowed" if new <= old else "widened" if new >= old else "moved"
    (old_low, old_high), (low, high) = ((getattr(each, "low", 0), getattr(each, "high", 0)) for each in (before, after))
    if low >= old_low and high <= old_high:
        return "narrowed"
    return "widened" if low <= old_low and high >= old_high else "moved"


def _row(made: Drafted, name: str) -> Data:
    before, after = made.before.parameters.get(name), made.after.parameters.get(name)
    kind = kind_of_change(before, after)
    reason = made.why.get(name, "") or ("it can no longer become active" if after is None else "")
    return {
        "param": name,
        "before": before and before.describe(),
        "after": after and after.describe(),
        "reason": reason,
        "kind": kind,
    }


def _estimate(expected: Cost | None) -> Data:
    if expected is None:
        return {"trials": None, "seconds": None, "compute": None, "workers": None, "text": ""}
    return {
        "trials": expected.trials,
        "seconds": expected.clock,
        "compute": expected.compute,
        "workers": expected.workers,
        "text": cost_text(expected),
    }


def _sentence(found: Picked, name: str) -> str:
    """What the file says above a parameter: what it was, and why it is as it is."""
    before, after = found.before.parameters.get(name), found.space.parameters[name]
    reason = found.reasons[name]
    return reason if before is None or before == after else f"was {before.describe()}; {reason}"
