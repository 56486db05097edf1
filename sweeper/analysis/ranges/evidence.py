"""The trials of several sweeps along one parameter: one axis for all of them, and ranks within each sweep."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sweeper.analysis.axes import Axis, choice_at
from sweeper.analysis.columns import Bools, Floats, TrialTable
from sweeper.analysis.numbers import count, value_text
from sweeper.analysis.ranges.density import sampled_density
from sweeper.records import RunState, SweepRecord
from sweeper.space import Beta, Categorical, Constant, Float, Int, LogNormal, Normal, Parameter, Quantized
from sweeper.space.values import identity, is_number

TOP = 0.2  #: the share of a sweep's trials that are called good
EVEN = frozenset(("random", "grid", "qmc", "optuna-random", "hyperopt-random"))  #: samplers that never concentrate


@dataclass(frozen=True, eq=False)
class Lane:
    """One sweep along one parameter.

    ``declared`` is its range, or None where no file declared one; ``span`` that range on the axis. ``tried`` are the
    places of all its trials; ``at`` those with a value, ``rows`` their rows in the table, ``rank`` their mid-rank in
    (0, 1), 0 the best. ``even``: the sampler tried all of the range alike.
    """

    table: TrialTable
    declared: Parameter | None
    span: tuple[float, float]
    tried: Floats
    rows: NDArray[np.intp]
    at: Floats
    rank: Floats
    even: bool
    goal: int = 0

    @cached_property
    def finished(self) -> Bools:
        """Which of ``rows`` are complete; the others were pruned."""
        return self.table.complete[self.rows]

    @cached_property
    def losses(self) -> Floats:
        """The values of ``rows``, smaller is better."""
        return self.table.losses(self.goal)[self.rows]

    @property
    def sweep(self) -> SweepRecord:
        return self.table.sweep

    @cached_property
    def top(self) -> Bools:
        """The best fifth of the trials with a value; of equals at its end all, unless most of the sweep is equal."""
        if not len(self.rank):
            return np.zeros(0, dtype=bool)
        last = np.sort(self.rank)[max(math.ceil(TOP * len(self.rank)) - 1, 0)]
        top: Bools = self.rank <= last
        return top if top.mean() <= 0.5 else np.zeros(len(top), dtype=bool)

    @cached_property
    def weight(self) -> Floats:
        """Of the good trials: 1 / density of what was tried there, in sum 1.

        A sampler that learns goes back to where it was before, good or not; without the weights its habits would pass
        for evidence. An even sampler's trials count alike.
        """
        at = self.at[self.top]
        weight = np.ones(len(at)) if self.even or not len(at) else 1 / sampled_density(self.tried, at)
        return np.asarray(weight / max(weight.sum(), 1e-300))

    @cached_property
    def bests(self) -> Floats:
        """The place of the best trial, or those of several that are equally good; empty without good trials."""
        if not self.top.any():
            return np.zeros(0)
        return np.unique(self.at[self.rank == self.rank.min()])


@dataclass(frozen=True, eq=False)
class Evidence:
    """One parameter across sweeps. ``base`` is what the latest sweep declares, or all that was seen, where none
    does. ``choices`` are empty for numbers.

    ``lanes`` are in the order of the sweeps' age, the oldest first. ``notes`` say what differs between the sweeps.
    """

    name: str
    axis: Axis
    base: Parameter
    choices: tuple[Any, ...]
    lanes: tuple[Lane, ...]
    declared: bool = True  #: ``base`` comes from a file, not from the trials
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def span(self) -> tuple[float, float]:
        """The base range on the axis."""
        return _span(self.axis, self.base)


def collect(name: str, tables: Sequence[TrialTable], metric: str | None = None) -> Evidence:
    """Lay the trials of ``tables``, the oldest first, along one axis for parameter ``name``.

    The axis is of the kind that the latest sweep with a range has: numbers, or choices.
    """
    having = [table for table in tables if name in table.parameters]
    declaring = [table for table in having if name in table.space.parameters] or having
    searching = [table for table in declaring if table.parameters[name].domain is not None] or declaring
    kind = searching[-1].parameters[name]
    base = declaring[-1].parameters[name]
    known = name in declaring[-1].space.parameters
    if kind.is_numeric:
        axis = _number_axis(name, kind, having)
        if not known and base.domain is not None:
            base = Int(int(axis.low), int(axis.high)) if axis.whole else Float(axis.low, axis.high)
        lanes = [_lane(table, name, axis, (), metric) for table in having]
        return Evidence(name, axis, base, (), tuple(lanes), known, tuple(_notes(name, having)))
    choices = _choices(name, kind, having)
    if not known and base.domain is not None:
        base = Categorical(choices)
    axis = Axis(name, 0.0, 1.0, labels=tuple(value_text(choice) for choice in choices))
    lanes = [_lane(table, name, axis, choices, metric) for table in having]
    return Evidence(name, axis, base, choices, tuple(lanes), known, tuple(_notes(name, having)))


def bounds(parameter: Parameter) -> tuple[float, float]:
    """Return the ends of a numeric parameter; infinite ones where a distribution has none."""
    if isinstance(parameter, (Float, Int)):
        return float(parameter.low), float(parameter.last)
    if isinstance(parameter, Quantized):
        return float(parameter.low), float(parameter.high)
    if isinstance(parameter, (Normal, LogNormal, Beta)):
        return parameter.bounds
    return -math.inf, math.inf


def value_at(axis: Axis, u: float) -> float:
    """Return the number at place ``u`` of an axis of numbers."""
    if axis.log:
        return math.exp(math.log(axis.low) * (1 - u) + math.log(axis.high) * u)
    return axis.low * (1 - u) + axis.high * u


def goal_place(table: TrialTable, metric: str | None) -> int:
    """Return which goal of a sweep is ``metric``; the first one when there is none of that name."""
    names = [goal.name for goal in table.goals]
    return names.index(metric) if metric in names else 0


def _lane(table: TrialTable, name: str, axis: Axis, choices: tuple[Any, ...], metric: str | None) -> Lane:
    parameter = table.parameters[name]
    declared = parameter if name in table.space.parameters else None
    at = _choice_places(table, name, choices) if choices else axis.at(_numbers(table, name))
    at = np.where((at >= -1e-9) & (at <= 1 + 1e-9), np.clip(at, 0, 1), np.nan)
    placed = ~np.isnan(at)
    goal = goal_place(table, metric)
    rows, rank = _ranked(table, placed, goal)
    flat = parameter.is_numeric and isinstance(parameter, (Float, Int, Quantized)) and parameter.log == axis.log
    even = table.sweep.method in EVEN and declared is not None and (flat or isinstance(parameter, Categorical))
    tried = at[placed]
    if declared is None and len(tried):
        span = (float(tried.min()), float(tried.max()))
    else:
        span = _span(axis, parameter)
    return Lane(table, declared, span, tried, rows, at[rows], rank, even, goal)


def _ranked(table: TrialTable, placed: Bools, goal: int) -> tuple[NDArray[np.intp], Floats]:
    """The rows with a value among ``placed``, and their mid-ranks in (0, 1): complete ones first, then pruned ones."""
    losses = table.losses(goal)
    pruned = (table.state == RunState.PRUNED) & ~np.isnan(losses) & (len(table.goals) == 1)
    rows = np.flatnonzero(placed & (table.complete | pruned))
    order = np.lexsort((losses[rows], pruned[rows]))
    behind, loss = pruned[rows][order], losses[rows][order]
    fresh = np.r_[True, (loss[1:] != loss[:-1]) | (behind[1:] != behind[:-1])] if len(rows) else np.zeros(0, bool)
    group = np.cumsum(fresh) - 1
    sizes = np.bincount(group) if len(rows) else np.zeros(0)
    middles = np.cumsum(sizes) - sizes / 2
    rank = np.empty(len(rows))
    rank[order] = middles[group] / max(len(rows), 1)
    return rows, rank


def _numbers(table: TrialTable, name: str) -> Floats:
    column = table.params[name]
    if column.dtype != object:
        return np.asarray(column, dtype=float)
    return np.array([float(value) if is_number(value) else np.nan for value in column], dtype=float)


def _choice_places(table: TrialTable, name: str, choices: tuple[Any, ...]) -> Floats:
    index = {identity(choice): choice_at(i, len(choices)) for i, choice in enumerate(choices)}
    at = np.full(len(table), np.nan)
    known: dict[tuple[type, Any], float] = {}
    for row in np.flatnonzero(table.active[name]):
        value = table.assigned[row][name]
        if isinstance(value, (list, dict)):
            at[row] = index.get(identity(value), np.nan)
            continue
        key = (type(value), value)
        if key not in known:
            known[key] = index.get(identity(value), np.nan)
        at[row] = known[key]
    return at


def _number_axis(name: str, kind: Parameter, tables: Sequence[TrialTable]) -> Axis:
    """From the lowest to the highest end of any sweep; where a distribution has no end, that of its trials."""
    lows, highs = [], []
    for table in tables:
        parameter = table.parameters[name]
        low, high = bounds(parameter) if parameter.is_numeric else (-math.inf, math.inf)
        seen = _numbers(table, name)
        seen = seen[np.isfinite(seen)]
        if len(seen):
            low = low if math.isfinite(low) else float(seen.min())
            high = high if math.isfinite(high) else float(seen.max())
        lows += [low] if math.isfinite(low) else []
        highs += [high] if math.isfinite(high) else []
    low, high = min(lows, default=0.0), max(highs, default=1.0)
    log = kind.log or any(table.parameters[name].log for table in tables)
    whole = all(isinstance(table.parameters[name], (Int, Constant)) for table in tables)
    return Axis(name, low, max(low, high), log=log and low > 0, whole=whole)


def _choices(name: str, kind: Parameter, tables: Sequence[TrialTable]) -> tuple[Any, ...]:
    """The choices of the latest sweep, then those that only others have."""
    found: dict[Any, Any] = {}
    for parameter in (kind, *(table.parameters[name] for table in reversed(tables))):
        listed: Sequence[Any] = ()
        if isinstance(parameter, Categorical):
            listed = parameter.values
        elif isinstance(parameter, Constant):
            listed = (parameter.value,)
        for value in listed:
            found.setdefault(identity(value), value)
    return tuple(found.values())


def _span(axis: Axis, parameter: Parameter) -> tuple[float, float]:
    if axis.labels or not parameter.is_numeric:
        return 0.0, 1.0
    low, high = bounds(parameter)
    low, high = max(low, axis.low), min(high, axis.high)
    found = axis.at(np.array([low, high]))
    return (0.0, 1.0) if np.isnan(found).any() else (float(found[0]), float(found[1]))


def _notes(name: str, tables: Sequence[TrialTable]) -> list[str]:
    """What differs between the sweeps in the kind of the parameter."""
    kinds: dict[str, int] = {}
    for table in tables:
        if name in table.space.parameters:
            kind = _kind(table.parameters[name])
            kinds[kind] = kinds.get(kind, 0) + 1
    if len(kinds) < 2:
        return []
    told = ", ".join(f"{kind} in {count(amount, 'sweep')}" for kind, amount in kinds.items())
    return [f"not of one kind: {told}"]


def _kind(parameter: Parameter) -> str:
    if isinstance(parameter, Constant):
        return "fixed"
    if isinstance(parameter, Categorical):
        return "a choice"
    words = {Int: "whole numbers", Quantized: "steps"}.get(type(parameter), "numbers")
    return words + (" on a log axis" if parameter.log else "")
