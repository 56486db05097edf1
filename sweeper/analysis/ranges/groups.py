"""Which sweeps of the past belong together, and what differs between those that do not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sweeper.analysis.identity import data_of
from sweeper.analysis.identity import objective_of as label_of
from sweeper.records import Goal, SweepRecord

CHECKSUM = "sweeper.code.sha256"
COMMIT = "mlflow.source.git.commit"
ASPECTS = ("objective", "metric", "data", "code")


class Identity(NamedTuple):
    """What two sweeps must share before their values say anything about one another; "" where nothing is known."""

    objective: str
    metric: str
    data: str
    code: str


@dataclass(frozen=True, eq=False)
class Group:
    """Sweeps with one identity, the latest first. ``goal`` is what they are judged by.

    ``differences`` say what differs inside a group that was merged on purpose, one line each.
    """

    identity: Identity
    goal: Goal
    sweeps: tuple[SweepRecord, ...]
    differences: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What the sweeps have in common, for a heading."""
        identity = self.identity
        parts = [identity.objective, f"{self.goal.direction} {self.goal.name}"]
        parts += [f"data {identity.data}"] if identity.data else []
        parts += [f"code {identity.code}"] if identity.code else []
        return ", ".join(parts)


def identify(sweep: SweepRecord, metric: str | None = None) -> Identity:
    """Return what a sweep is of. ``metric`` names the goal, by default the first."""
    goal = goal_of(sweep, metric)
    return Identity(
        objective_of(sweep), f"{goal.direction} {goal.name}", data_of(sweep.config, sweep.tags), code_of(sweep)
    )


def goal_of(sweep: SweepRecord, metric: str | None = None) -> Goal:
    return next((goal for goal in sweep.goals if goal.name == metric), sweep.goals[0])


def objective_of(sweep: SweepRecord) -> str:
    """Return the objective without the folders of its file; the name of the sweep when none is recorded."""
    return label_of(sweep.config, sweep.name)


def code_of(sweep: SweepRecord) -> str:
    """Return the start of the code's checksum, or its commit, with a + where files were changed since."""
    if checksum := sweep.tags.get(CHECKSUM, ""):
        return checksum[:8]
    commit = sweep.tags.get(COMMIT, "")[:8]
    return commit + ("+" if commit and sweep.tags.get("sweeper.git.dirty") == "true" else "")


def grouped(sweeps: Sequence[SweepRecord], metric: str | None = None, merge: Collection[str] = ()) -> list[Group]:
    """Put sweeps (the latest first) into groups, the group of the latest sweep first.

    ``merge`` names the aspects, of ``ASPECTS``, that may differ inside a group; the differences are then noted.
    """
    found: dict[Identity, list[SweepRecord]] = {}
    for sweep in sweeps:
        whole = identify(sweep, metric)
        key = whole._replace(**dict.fromkeys(merge, ""))
        found.setdefault(key, []).append(sweep)
    made = []
    for members in found.values():
        latest = identify(members[0], metric)
        made.append(Group(latest, goal_of(members[0], metric), tuple(members), tuple(differences(members, metric))))
    return made


def differences(sweeps: Sequence[SweepRecord], metric: str | None = None) -> list[str]:
    """Return a line for each aspect in which the sweeps differ: which of them have what."""
    lines = []
    identities = [identify(sweep, metric) for sweep in sweeps]
    for place, aspect in enumerate(ASPECTS):
        having: dict[str, list[str]] = {}
        for sweep, identity in zip(sweeps, identities, strict=True):
            having.setdefault(identity[place] or "not recorded", []).append(f"{sweep.name} {sweep.id[-8:]}")
        if len(having) > 1:
            told = "; ".join(f"{value} ({_few(names)})" for value, names in having.items())
            lines.append(f"{aspect} differs: {told}")
    return lines


def _few(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 2 else f"{len(names)} sweeps"
