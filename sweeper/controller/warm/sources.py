"""Which past sweeps a warm start means, and whether each may be learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from sweeper.config import SweepConfig
from sweeper.controller.origin import CODE_TAG, code_tag
from sweeper.errors import NotFound, UsageError
from sweeper.interfaces import Store
from sweeper.records import Goal, RunState, SweepRecord

COMMIT = "mlflow.source.git.commit"
OURS = ("sweeper.", "mlflow.")  #: tags that no person set


@dataclass(frozen=True, slots=True)
class Source:
    """A past sweep to learn from. ``columns`` are the places of the new sweep's goals among its own; ``differs`` says
    what is known to be another than now: data, code or objective."""

    sweep: SweepRecord
    columns: tuple[int, ...]
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """What was found, in the order asked for; ``skipped`` has a sentence for each sweep of a group that does not fit,
    ``older`` one for each name that several sweeps have."""

    found: tuple[Source, ...]
    skipped: tuple[str, ...]
    older: tuple[str, ...]


def find_sources(store: Store, config: SweepConfig, wanted: Sequence[Any], commit: str = "") -> Sources:
    """Return the sweeps that ``warm_start.from`` names; ``commit`` is that of the code now, "" when not known.

    A sweep that was named and cannot be learned from is an error; one of a pattern or a tag is skipped. Raises
    UsageError with the reason, also when nothing is left, and NotFound for a name that is none, with the nearest.
    """
    found: dict[str, Source] = {}
    skipped, older = [], []
    for entry in wanted:
        group = not isinstance(entry, str) or any(sign in entry for sign in "*?")
        for sweep in _group(store, entry) if group else [_named(store, str(entry))]:
            problem = unfit(sweep, config)
            if problem and not group:
                raise UsageError(f"warm_start.from: cannot learn from {label(sweep)}: {problem}")
            if problem:
                skipped.append(f"{label(sweep)} is skipped: {problem}")
            elif sweep.id not in found:
                found[sweep.id] = Source(sweep, columns(sweep, config.goals), differences(sweep, config, commit))
        if not group and (hint := _others(store, str(entry))):
            older.append(hint)
    if not found:
        asked = ", ".join(_text(entry) for entry in wanted)
        reason = "; ".join(skipped[:3]) or "no sweep matches"
        raise UsageError(f"warm_start.from: nothing to learn from in {asked}: {reason}")
    return Sources(tuple(found.values()), tuple(skipped), tuple(older))


def unfit(sweep: SweepRecord, config: SweepConfig) -> str:
    """Return why ``sweep`` cannot teach a sweep of ``config``; "" when it can."""
    theirs = {goal.name: goal for goal in sweep.goals}
    for goal in config.goals:
        if goal.name not in theirs:
            return f"it has another metric, {', '.join(theirs)}; this sweep {_goal(goal)}"
        if theirs[goal.name].direction != goal.direction:
            return f"its goal is the opposite, it {_goal(theirs[goal.name])}; this sweep {_goal(goal)}"
    if not sweep.counts.get(RunState.COMPLETE):
        return f"none of its {sum(sweep.counts.values())} trials is complete"
    names = parameter_names(sweep)
    if not names & config.space.parameters.keys():
        return f"it shares no parameter with this sweep; it has {', '.join(sorted(names))}"
    return ""


def parameter_names(sweep: SweepRecord) -> set[str]:
    """Return the flat names of a sweep's parameters."""
    names: set[str] = set()

    def walk(block: Mapping[str, Any], prefix: str) -> None:
        for key, value in block.items():
            inside = value.get("parameters") if isinstance(value, Mapping) else None
            if isinstance(inside, Mapping):
                walk(inside, f"{prefix}{key}.")
            else:
                names.add(f"{prefix}{key}")

    walk(sweep.space, "")
    return names


def columns(sweep: SweepRecord, goals: Sequence[Goal]) -> tuple[int, ...]:
    """Return where each goal stands among those of ``sweep``."""
    names = [goal.name for goal in sweep.goals]
    return tuple(names.index(goal.name) for goal in goals)


def differences(sweep: SweepRecord, config: SweepConfig, commit: str = "") -> tuple[str, ...]:
    """Return what is known to be another than in ``sweep``; what either of them does not tell counts as the same."""
    found = []
    before = sweep.config.get("objective")
    now = str(config.objective.target) if config.objective else ""
    if before and now and str(before) != now:
        found.append(f"another objective ({_short(str(before))})")
    tags = {name: value for name, value in config.tags.items() if not name.startswith(OURS)}
    changed = [name for name in tags if name in sweep.tags and sweep.tags[name] != tags[name]]
    if changed:
        found.append("other data (" + ", ".join(f"{name}={sweep.tags[name]}" for name in changed) + ")")
    digest, known = sweep.tags.get(CODE_TAG, ""), code_tag(config).get(CODE_TAG, "")
    if digest and known:
        found += ["other code (the objective's file has changed since)"] if digest != known else []
    elif commit and sweep.tags.get(COMMIT, commit) != commit:
        found.append(f"other code (commit {sweep.tags[COMMIT][:10]})")
    return tuple(found)


def label(sweep: SweepRecord) -> str:
    return f"{sweep.name} {sweep.id[-8:]}"


def _named(store: Store, ref: str) -> SweepRecord:
    try:
        return store.find_sweep(ref)
    except NotFound as error:
        raise UsageError(f"warm_start.from: {error}") from None


def _group(store: Store, entry: Any) -> list[SweepRecord]:
    searches = [sweep for sweep in store.sweeps() if sweep.tags.get("sweeper.kind") != "rerun"]
    if isinstance(entry, str):
        return [sweep for sweep in searches if fnmatchcase(sweep.name, entry)]
    wanted = entry["tag"].items()
    return [sweep for sweep in searches if all(sweep.tags.get(name) == value for name, value in wanted)]


def _others(store: Store, name: str) -> str:
    """Say that a name stands for its latest sweep alone, where there are more."""
    count = len(store.sweeps(name=name)) - 1
    return f"{name} is its latest sweep; write '{name}*' to learn from {count} older too" if count > 0 else ""


def _goal(goal: Goal) -> str:
    return f"{goal.direction}s {goal.name}"


def _text(entry: Any) -> str:
    return repr(entry) if isinstance(entry, str) else "tag " + ", ".join(f"{k}={v}" for k, v in entry["tag"].items())


def _short(place: str) -> str:
    return place.replace("\\", "/").rpartition("/")[2]
