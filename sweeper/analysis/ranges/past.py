"""Past sweeps out of a store: which ones are asked for, and their trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from sweeper.analysis.columns import TrialTable
from sweeper.analysis.ranges.groups import objective_of
from sweeper.errors import UsageError, suggest
from sweeper.interfaces import Store
from sweeper.records import RunState, SweepRecord

LISTED = 8  #: of what there is instead
SHORTEST = 6  #: characters of the end of an id that name a sweep


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sweeps: named ones (``refs``), or all that meet every condition given.

    ``objective`` and ``name`` may have ``*`` and ``?``; ``tags`` must be equal.
    """

    refs: tuple[str, ...] = ()
    objective: str | None = None
    name: str | None = None
    experiment: str | None = None
    metric: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    def meets(self, sweep: SweepRecord) -> bool:
        tags = {**(sweep.config.get("tags") or {}), **sweep.tags}
        return (
            (self.objective is None or _like(objective_of(sweep), self.objective))
            and (self.name is None or _like(sweep.name, self.name))
            and (self.experiment is None or sweep.experiment == self.experiment)
            and (self.metric is None or any(goal.name == self.metric for goal in sweep.goals))
            and all(str(tags.get(key, "")) == value for key, value in self.tags.items())
        )

    @property
    def text(self) -> str:
        """The conditions, as a person would say them."""
        parts = [f"{what} {value!r}" for what, value in (
            ("objective", self.objective), ("name", self.name), ("experiment", self.experiment),
            ("metric", self.metric)) if value is not None]  # fmt: skip
        return " and ".join(parts + [f"tag {key}={value}" for key, value in self.tags.items()])


def past_sweeps(store: Store, wanted: Wanted) -> list[SweepRecord]:
    """Return the sweeps that are wanted and have a complete trial, the latest first; reruns only by their names.

    Raises NotFound for a name that there is not, UsageError when nothing is left, saying what there is.
    """
    if wanted.refs:
        named = {sweep.id: sweep for sweep in map(store.find_sweep, wanted.refs)}
        everything = sorted(named.values(), key=lambda sweep: (sweep.created, sweep.id), reverse=True)
    else:
        everything = [sweep for sweep in store.sweeps() if sweep.tags.get("sweeper.kind") != "rerun"]
    if not everything:
        raise UsageError(f"there are no sweeps in {store.url} yet; run one first: sweeper run quickstart")
    met = [sweep for sweep in everything if wanted.meets(sweep)]
    if not met:
        raise UsageError(f"no sweep matches {wanted.text}; {_instead(everything, wanted)}")
    found = [sweep for sweep in met if sweep.counts.get(RunState.COMPLETE)]
    if not found:
        told = ", ".join(f"{sweep.name} {sweep.id[-8:]}" for sweep in met[:LISTED])
        raise UsageError(f"no trial is complete yet in {told}: there is nothing to learn from")
    return found


def older_ones(store: Store, refs: Sequence[str]) -> list[str]:
    """Say of each name that it stands for its latest sweep alone, where there are more, and which those are."""
    told = []
    for ref in dict.fromkeys(refs):
        older = [sweep.id[-8:] for sweep in store.sweeps(name=ref)[1:]]
        missing = [ending for ending in older if not any(ending.endswith(one) for one in refs if len(one) >= SHORTEST)]
        if missing:
            more = f" and {len(missing) - LISTED} more" if len(missing) > LISTED else ""
            told.append(f"{ref} is its latest sweep; older ones of that name: {' '.join(missing[:LISTED])}{more}")
    return told


def check_shared(tables: Sequence[TrialTable]) -> None:
    """Raise UsageError when sweeps that are to be pooled share no parameter: say what each has."""
    if len(tables) < 2:
        return
    names = [set(table.searched) for table in tables]
    if any(names[i] & names[j] for i in range(len(names)) for j in range(i)):
        return
    has = [f"{table.sweep.name} has {', '.join(table.searched[:LISTED]) or 'nothing'}" for table in tables[:LISTED]]
    raise UsageError(f"these {len(tables)} sweeps share no parameter, so nothing can be compared: {'; '.join(has)}")


def _like(text: str, pattern: str) -> bool:
    return fnmatchcase(text, pattern) or text == pattern


def _instead(sweeps: Sequence[SweepRecord], wanted: Wanted) -> str:
    """What there is of that which was asked for in vain: the first condition that nothing meets alone, or all."""
    kinds = {
        "objective": (wanted.objective, {objective_of(sweep) for sweep in sweeps}),
        "name": (wanted.name, {sweep.name for sweep in sweeps}),
        "experiment": (wanted.experiment, {sweep.experiment for sweep in sweeps}),
        "metric": (wanted.metric, {goal.name for sweep in sweeps for goal in sweep.goals}),
    }
    for what, (asked, known) in kinds.items():
        if asked is not None and not any(_like(each, asked) for each in known):
            return f"{what}: {suggest(asked, sorted(known), LISTED)}"
    tags = sorted({f"{k}={v}" for s in sweeps for k, v in s.tags.items() if not k.startswith(("mlflow.", "sweeper."))})
    for key, value in wanted.tags.items():
        if f"{key}={value}" not in tags:
            return f"tags: {suggest(f'{key}={value}', tags, LISTED)}"
    return "some match each condition, but none all of them"
