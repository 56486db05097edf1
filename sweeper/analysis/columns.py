"""The trials of a sweep as columns: one array per fact, all of the same length, in the order of trial numbers."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sweeper.errors import SpaceError
from sweeper.interfaces import Store
from sweeper.records import Failure, Goal, Params, RunState, SweepRecord, TrialRecord
from sweeper.space import Categorical, Constant, Float, Int, Parameter, SearchSpace
from sweeper.space.values import index, is_number
from sweeper.store.pages import trial_pages

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, repr=False)
class TrialTable:
    """``n`` trials. Times are seconds since the epoch, NaN where there is none yet.

    ``values`` is n x goals, NaN where a trial has no value; a pruned trial of a sweep with one goal has its last
    reported one. ``params[name]`` is a float array for a numeric parameter, NaN where it is inactive, and otherwise
    an object array, None where it is inactive; ``active[name]`` tells an inactive parameter from one whose value is
    None. ``parameters`` are those of the space, and any others that trials have; ``assigned`` has each trial's
    parameters exactly as stored.
    """

    sweep: SweepRecord
    space: SearchSpace
    parameters: Mapping[str, Parameter]
    number: NDArray[np.int64]
    run_id: tuple[str, ...]
    state: NDArray[np.str_]
    values: Floats
    params: Mapping[str, NDArray[Any]]
    active: Mapping[str, Bools]
    assigned: tuple[Params, ...]
    metrics: Mapping[str, Floats]
    started: Floats
    ended: Floats
    attempts: NDArray[np.int64]
    failures: tuple[Failure | None, ...]
    workers: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.number)

    def __repr__(self) -> str:
        return f"<{len(self)} trials of sweep {self.sweep.name!r}>"

    @property
    def goals(self) -> tuple[Goal, ...]:
        return self.sweep.goals

    @cached_property
    def complete(self) -> Bools:
        """Which trials ended with a value for each goal, none of them NaN."""
        found: Bools = (self.state == RunState.COMPLETE) & ~np.isnan(self.values).any(axis=1)
        return found

    @cached_property
    def seconds(self) -> Floats:
        """How long each trial ran; NaN while it has not ended."""
        return np.maximum(self.ended - self.started, 0.0)

    def losses(self, goal: int = 0) -> Floats:
        """The values of one goal, turned so that smaller is better."""
        return self.goals[goal].sign * self.values[:, goal]

    @cached_property
    def searched(self) -> tuple[str, ...]:
        """Names of the parameters that are not constant, in the order of the space."""
        return tuple(name for name, p in self.parameters.items() if p.domain is not None)

    def positions(self, name: str) -> Floats:
        """Where each trial's value lies in its domain, as the unit interval; NaN where inactive or outside."""
        if name not in self._positions:
            found = self._positions[name] = self._positions_of(name)
            found.setflags(write=False)
        return self._positions[name]

    @cached_property
    def _positions(self) -> dict[str, Floats]:
        return {}

    def _positions_of(self, name: str) -> Floats:
        parameter = self.parameters[name]
        result = np.full(len(self), np.nan)
        known: dict[str, float] = {}
        for i in np.flatnonzero(self.active[name]):
            value = self.assigned[i][name]
            if parameter.is_numeric:
                result[i] = position(parameter, value)
            elif (key := repr(value)) in known:
                result[i] = known[key]
            else:
                result[i] = known[key] = position(parameter, value)
        return result

    def only(self, rows: Bools) -> TrialTable:
        """Return the trials ``rows``, with the parameters of all."""
        at = np.flatnonzero(rows)

        def picked(column: Sequence[Any]) -> tuple[Any, ...]:
            return tuple(column[i] for i in at.tolist())

        return TrialTable(
            self.sweep, self.space, self.parameters, self.number[at], picked(self.run_id), self.state[at],
            self.values[at], {name: column[at] for name, column in self.params.items()},
            {name: column[at] for name, column in self.active.items()}, picked(self.assigned),
            {name: column[at] for name, column in self.metrics.items()}, self.started[at], self.ended[at],
            self.attempts[at], picked(self.failures), picked(self.workers),
        )  # fmt: skip

    def frame(self) -> pd.DataFrame:
        """Return a pandas DataFrame with one row per trial.

        Columns: number, run_id, state, ``value`` (with one goal), ``params.*``, ``metrics.*`` (goals first),
        attempts, failure, message, seconds, started, ended.
        """
        import pandas as pd

        return pd.DataFrame(self.columns())

    def columns(self) -> dict[str, Any]:
        """Return the columns of :meth:`frame` by name, as arrays and lists."""
        columns: dict[str, Any] = {"number": self.number, "run_id": list(self.run_id)}
        columns["state"] = self.state.astype(object)
        if len(self.goals) == 1:
            columns["value"] = self.values[:, 0]
        for name in self.parameters:
            columns[f"params.{name}"] = self._plain(name)
        for name, column in self.metrics.items():
            columns[f"metrics.{name}"] = column
        columns["attempts"] = self.attempts
        columns["failure"] = [None if failure is None else str(failure.kind) for failure in self.failures]
        columns["message"] = [None if failure is None else failure.message for failure in self.failures]
        return columns | {"seconds": self.seconds, "started": self.started, "ended": self.ended}

    def _plain(self, name: str) -> NDArray[Any]:
        """Integers stay integers when every trial has one."""
        column, active = self.params[name], self.active[name]
        exact = [self.assigned[i][name] for i in np.flatnonzero(active)]
        if column.dtype == object or not all(isinstance(value, int) for value in exact):
            return column
        if active.all() and all(abs(value) < 2**63 for value in exact):
            return np.array(exact, dtype=np.int64)
        whole = np.full(len(self), None, dtype=object)
        whole[active] = exact
        return whole


def table(store: Store, sweep: SweepRecord) -> TrialTable:
    """Read the trials of a sweep from a store."""
    return from_records(sweep, (trial for page in trial_pages(store, sweep.id) for trial in page))


def from_records(sweep: SweepRecord, trials: Iterable[TrialRecord]) -> TrialTable:
    """Turn trials into columns. A parameter that the recorded space lacks is taken from the trials themselves."""
    gathered = _Gathered(sweep.goals)
    for trial in trials:
        gathered.add(trial)
    space, assigned = _declared(sweep), tuple(gathered.assigned)
    parameters = {**space.parameters, **_undeclared(space, assigned)}
    values = np.array(gathered.values, dtype=float).reshape(len(assigned), len(sweep.goals))
    return TrialTable(
        sweep=sweep,
        space=space,
        parameters=parameters,
        number=np.array(gathered.number, dtype=np.int64),
        run_id=tuple(gathered.run_id),
        state=np.array(gathered.state, dtype="U16"),
        values=values,
        params={name: _column(name, p, assigned) for name, p in parameters.items()},
        active={name: np.array([name in params for params in assigned], dtype=bool) for name in parameters},
        assigned=assigned,
        metrics=_metrics(sweep.goals, gathered.columns(), values),
        started=np.array(gathered.started, dtype=float),
        ended=np.array(gathered.ended, dtype=float),
        attempts=np.array(gathered.attempts, dtype=np.int64),
        failures=tuple(gathered.failures),
        workers=tuple(gathered.workers),
    )


class _Gathered:
    """The facts of trials one by one, in as little memory as they take."""

    def __init__(self, goals: Sequence[Goal]) -> None:
        self._absent = (np.nan,) * len(goals)
        self.number, self.attempts = array("q"), array("q")
        self.values, self.started, self.ended = array("d"), array("d"), array("d")
        self.run_id: list[str] = []
        self.state: list[str] = []
        self.workers: list[str] = []
        self.assigned: list[Params] = []
        self.failures: list[Failure | None] = []
        self._metrics: dict[str, array[float]] = {goal.name: array("d") for goal in goals}

    def add(self, trial: TrialRecord) -> None:
        known = len(self.number)
        self.number.append(trial.number)
        self.attempts.append(trial.attempts)
        values = trial.values
        self.values.extend(values if values is not None and len(values) == len(self._absent) else self._absent)
        self.started.append(np.nan if trial.started is None else trial.started)
        self.ended.append(np.nan if trial.ended is None else trial.ended)
        self.run_id.append(trial.run_id)
        self.state.append(trial.state.value)
        self.workers.append(trial.worker)
        self.assigned.append(trial.params)
        self.failures.append(trial.failure)
        for name, value in trial.metrics.items():
            column = self._metrics.setdefault(name, array("d"))
            column.extend([np.nan] * (known - len(column)))
            column.append(value)

    def columns(self) -> dict[str, Floats]:
        """Return each metric that any trial has, the goals first; NaN where a trial has none."""
        for column in self._metrics.values():
            column.extend([np.nan] * (len(self.number) - len(column)))
        return {name: np.array(column, dtype=float) for name, column in self._metrics.items()}


LOGARITHMIC = 1000  #: numbers seen over so large a ratio are looked at on a logarithmic axis


def _undeclared(space: SearchSpace, assigned: Sequence[Params]) -> dict[str, Parameter]:
    names = dict.fromkeys(name for params in assigned for name in params if name not in space.parameters)
    return {name: _observed([params[name] for params in assigned if name in params]) for name in names}


def _declared(sweep: SweepRecord) -> SearchSpace:
    try:
        return SearchSpace.from_dict(sweep.space, sweep.config.get("constraints") or ())
    except SpaceError:
        return SearchSpace({})  # imported, or written by another version: the trials say what there is


def _observed(values: Sequence[Any]) -> Parameter:
    """The range of the numbers, or the choice between the other values, that were seen."""
    if all(is_number(value) and abs(value) < 2**53 for value in values) and min(values) < max(values):
        whole = all(isinstance(value, int) for value in values)
        low, high = min(values), max(values)
        decades = low > 0 and high / low >= LOGARITHMIC
        return Int(low, high, log=decades) if whole else Float(float(low), float(high), log=decades)
    distinct: list[Any] = []
    known: set[str] = set()
    for value in values:
        if repr(value) not in known:
            known.add(repr(value))
            if index(distinct, value) is None:
                distinct.append(value)
    return Constant(distinct[0]) if len(distinct) == 1 else Categorical(distinct)


def _column(name: str, parameter: Parameter, assigned: Sequence[Params]) -> NDArray[Any]:
    if parameter.is_numeric:
        return np.array([_number(params.get(name)) for params in assigned], dtype=float)
    column = np.full(len(assigned), None, dtype=object)
    for i, params in enumerate(assigned):
        column[i] = params.get(name)
    return column


def _number(value: Any) -> float:
    return float(value) if is_number(value) else np.nan


def position(parameter: Parameter, value: Any) -> float:
    """Return where a value lies in the domain of its parameter, as the unit interval; NaN outside."""
    domain = parameter.domain
    if domain is None:
        return 0.5
    try:
        return domain.position(parameter.encode(value))  # type: ignore[arg-type]  # a domain takes what its own parameter encodes
    except SpaceError:
        return np.nan


def _metrics(goals: Sequence[Goal], metrics: dict[str, Floats], values: Floats) -> dict[str, Floats]:
    """A goal's column falls back on the trial's value."""
    for place, goal in enumerate(goals):
        column = metrics[goal.name]
        metrics[goal.name] = np.where(np.isnan(column), values[:, place], column)
    return metrics
