"""A selection of a sweep's trials, and the space that it leaves for the next sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sweeper.analysis.numbers import count, value_text
from sweeper.analysis.ranges.next_space import Cost, fitted
from sweeper.errors import UsageError
from sweeper.records import Params, RunState, SweepRecord
from sweeper.space import Constant, Parameter, SearchSpace
from sweeper.store.store import SqlStore
from sweeper.web import hull
from sweeper.web.filters import Condition, Span, mask, parse
from sweeper.web.grid import STATES, Grid
from sweeper.web.importance import sampled
from sweeper.web.live import live_of
from sweeper.web.next_file import workers_of
from sweeper.web.places import place_of
from sweeper.web.spaces import declared_of

FEW = 10  #: complete trials below which ranges may be chance
EDGE = 0.05  #: of a range: a best value closer to its end lies at the edge
COUNTED = 10_000  #: trials, and points of a grid, up to which those that are run already are counted
OBSERVED = 2_000  #: trials that say what was searched where no space is declared
MOST_NUMBERS = 100_000

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Wish:
    """Which trials: those a filter leaves, those with numbers, or the best share ``top`` of the complete ones."""

    text: str = ""
    numbers: Sequence[int] = ()
    top: float | None = None
    margin: float = 0.0
    goal: int = 0

    def check(self) -> None:
        """Raise UsageError for what means nothing."""
        if self.top is not None and not 0 < self.top <= 1:
            raise UsageError(f"'top' is {self.top:g}; it has to be a share above 0, at most 1")
        if not 0 <= self.margin <= 1:
            raise UsageError(f"'margin' is {self.margin:g}; it has to be a share of the range, 0 to 1")
        if len(self.numbers) > MOST_NUMBERS:
            raise UsageError(f"'numbers' names {len(self.numbers)} trials; at most {MOST_NUMBERS} are read")
        if not self.text and not self.numbers and self.top is None:
            raise UsageError("name trials: by a filter 'f', by 'numbers', or as the best share 'top'")


@dataclass(frozen=True, slots=True)
class Picked:
    """``before`` is the sweep's space, ``space`` the next one. ``words`` say which trials, ``reasons`` why each
    parameter is as it is, ``warnings`` what a person should read first."""

    before: SearchSpace
    space: SearchSpace
    words: str
    total: int
    reasons: Mapping[str, str]
    warnings: Sequence[str]
    expected: Cost | None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is taken from the columns while they are lent."""

    selected: int
    complete: int
    total: int
    spans: Mapping[str, hull.Spanned]
    best: int | None  #: number of the best trial among them
    seconds: float


def picked(store: SqlStore, sweep: SweepRecord, wish: Wish) -> Picked:
    """Return what the selected trials leave. Raises UsageError when there are none."""
    wish.check()
    conditions = parse(wish.text)
    with live_of(store).grid(sweep.id) as grid:
        seen = _look(grid, sweep, _rows(grid, sweep, wish, conditions), wish.goal)
    if not seen.selected:
        raise UsageError(f"no trial of {sweep.name} is selected, so there is nothing to draft from")
    before = _before(store, sweep)
    numbers = {number for span in seen.spans.values() for number in span.shown}
    numbers |= set() if seen.best is None else {seen.best}
    assigned = {trial.number: trial.params for trial in store.trials(sweep.id, numbers=sorted(numbers))}
    changes = _changes(before, seen, assigned, wish, conditions)
    space, taken, told = fitted(before, {name: each.parameter for name, each in changes.items() if each.parameter})
    kept = {name for name in changes if changes[name].parameter is not None} - set(taken)
    reasons = {name: "left as declared, because of the constraints" if name in kept and name in space.parameters
               else each.reason for name, each in changes.items()}  # fmt: skip
    best = assigned.get(seen.best, {}) if seen.best is not None else {}
    warnings = [*_about(sweep, seen), *told, *_edges(before, space, best), *_run_already(store, sweep, space)]
    return Picked(before, space, _words(seen, wish), seen.total, reasons, warnings, _cost(sweep, seen))


def _rows(grid: Grid, sweep: SweepRecord, wish: Wish, conditions: Sequence[Condition]) -> Rows:
    met = mask(grid, conditions)
    if wish.numbers:
        met &= np.isin(grid.number, np.array(list(wish.numbers), dtype=np.int64))
    rows: Rows = np.flatnonzero(met)
    if wish.top is None:
        return rows
    losses = _losses(grid, sweep, wish.goal)[rows]
    rows, losses = rows[~np.isnan(losses)], losses[~np.isnan(losses)]
    best: Rows = rows[np.argsort(losses, kind="stable")[: max(round(wish.top * len(rows)), 1)]]
    return np.sort(best)


def _losses(grid: Grid, sweep: SweepRecord, goal: int) -> NDArray[np.float64]:
    """Values of a goal, smaller is better; NaN for what is not complete."""
    if not 0 <= goal < len(sweep.goals):
        raise UsageError(f"goal {goal}: the sweep has {len(sweep.goals)}, counted from 0")
    values = sweep.goals[goal].sign * grid.goals[sweep.goals[goal].name].array
    return np.where(grid.state == STATES.index(RunState.COMPLETE), values, np.nan)


def _look(grid: Grid, sweep: SweepRecord, rows: Rows, goal: int) -> _Seen:
    losses = _losses(grid, sweep, goal)[rows]
    complete = ~np.isnan(losses)
    best = int(grid.number[rows][np.nanargmin(losses)]) if complete.any() else None
    took = grid.seconds[rows][np.isfinite(grid.seconds[rows])]
    took = took if len(took) else grid.seconds[np.isfinite(grid.seconds)]
    seconds = float(took.mean()) if len(took) else 0.0
    return _Seen(len(rows), int(complete.sum()), len(grid), hull.spans(grid, rows), best, seconds)


def _before(store: SqlStore, sweep: SweepRecord) -> SearchSpace:
    """The declared space; without one what was seen."""
    constraints = [str(each) for each in sweep.config.get("constraints") or ()]
    if declared_of(sweep):
        return SearchSpace.from_dict(sweep.space, constraints)
    return SearchSpace(sampled(store, sweep, OBSERVED).parameters)


def _changes(
    before: SearchSpace,
    seen: _Seen,
    assigned: Mapping[int, Params],
    wish: Wish,
    conditions: Sequence[Condition],
) -> dict[str, hull.Change]:
    brushes = {each.name: (each.low, each.high) for each in conditions if isinstance(each, Span)}
    return {
        name: hull.change(
            name,
            parameter,
            seen.spans.get(name),
            assigned,
            selected=seen.selected,
            margin=wish.margin,
            brush=brushes.get(name),
        )
        for name, parameter in before.parameters.items()
    }


def _about(sweep: SweepRecord, seen: _Seen) -> list[str]:
    told = []
    if not sweep.state.ended:
        told.append(f"the sweep is not over: this is from {count(seen.total, 'trial')} so far")
    if not seen.complete:
        told.append("none of the selected trials is complete: nothing says that values are good there")
    elif seen.complete < FEW:
        few = f"only {count(seen.complete, 'complete trial')} selected"
        told.append(f"{few}: ranges this narrow may be chance; a margin, or more trials, keep room")
    return told


def _edges(before: SearchSpace, space: SearchSpace, best: Params) -> list[str]:
    """Say where the best of the selected trials lies at an end of its new range."""
    told = []
    for name, parameter in space.parameters.items():
        old = before.parameters[name]
        if name not in best or isinstance(parameter, Constant) or not parameter.is_numeric:
            continue
        place = place_of(parameter, best[name])
        if place is None:
            continue
        side = "lower" if place <= EDGE else "upper" if place >= 1 - EDGE else ""
        if side:
            where = f"the {side} edge {_beyond(old, parameter, side)}"
            told.append(f"best {name} ({value_text(best[name])}) sits at {where}")
    return told


def _beyond(old: Parameter, new: Parameter, side: str) -> str:
    end = "low" if side == "lower" else "high"
    if getattr(old, end, None) == getattr(new, end, None):
        return "of what was searched: better ones may lie beyond, so widen it in the file"
    return "of its new range: a margin keeps room"


def _run_already(store: SqlStore, sweep: SweepRecord, space: SearchSpace) -> list[str]:
    """Count the points of a small grid that are complete already."""
    if not space.is_finite or sum(sweep.counts.values()) > COUNTED:
        return []
    size = space.grid_size()
    if size > COUNTED:
        return []
    done = store.trials(sweep.id, states=[RunState.COMPLETE])
    run = len({repr(sorted(trial.params.items())) for trial in done if space.contains(trial.params)})
    if not run:
        return []
    reuse = "" if sweep.config.get("reuse") else "; with `reuse: true` their results are taken over"
    return [f"{run:,} of the remaining {count(size, 'grid point')} {'is' if run == 1 else 'are'} already run{reuse}"]


def _words(seen: _Seen, wish: Wish) -> str:
    if wish.top is not None:
        return f"the best {100 * wish.top:.3g} % ({seen.selected:,})"
    return f"{seen.selected:,}"


def _cost(sweep: SweepRecord, seen: _Seen) -> Cost | None:
    trials, workers = sweep.trials, workers_of(sweep.config)
    if not trials or not seen.seconds:
        return None
    compute = trials * seen.seconds
    return Cost(trials, workers, seen.seconds, compute, compute / max(min(workers, trials), 1))
