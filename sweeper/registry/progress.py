"""How a model changed from version to version: its metrics and the importance of its features, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sweeper.errors import NotFound
from sweeper.records import ModelVersion


class Progress(NamedTuple):
    """One place per version, the oldest first; NaN where a version does not have that metric or feature.

    ``metrics`` and ``importance`` map names to values; the most important feature of the newest version comes first.
    """

    name: str
    numbers: tuple[int, ...]
    created: tuple[float, ...]
    stages: tuple[str, ...]
    aliases: tuple[tuple[str, ...], ...]
    metrics: dict[str, list[float]]
    importance: dict[str, list[float]]


def progress(name: str, versions: Sequence[ModelVersion], metrics: Sequence[str] = ()) -> Progress:
    """Return the columns; ``metrics`` chooses some. None: all; goals first, then those that most versions have.

    Raises NotFound for a metric that no version has.
    """
    measured = [version.facts.get("metrics", {}) for version in versions]
    mattered = [version.facts.get("importance", {}) for version in versions]
    sweeps = [version.facts.get("sweep", {}) for version in reversed(versions)]
    used = _by_use(measured)
    goals = [goal[0] for sweep in sweeps for goal in sweep.get("goals", []) if goal[0] in used]
    known = list(dict.fromkeys([*goals, *used]))
    for metric in metrics:
        if metric not in known:
            raise NotFound("metric", metric, known, hint=f"Versions of {name} have been asked.")
    newest: dict[str, float] = next((found for found in reversed(mattered) if found), {})
    features = sorted(_by_use(mattered), key=lambda feature: -abs(newest.get(feature, 0.0)))
    return Progress(
        name,
        tuple(version.number for version in versions),
        tuple(version.created for version in versions),
        tuple(version.stage for version in versions),
        tuple(version.aliases for version in versions),
        {metric: [float(found.get(metric, float("nan"))) for found in measured] for metric in metrics or known},
        {feature: [float(found.get(feature, float("nan"))) for found in mattered] for feature in features},
    )


def _by_use(rows: Sequence[dict[str, float]]) -> list[str]:
    """Return all names; those that most rows have first, then in the order in which they came."""
    names = dict.fromkeys(name for row in rows for name in row)
    return sorted(names, key=lambda name: -sum(name in row for row in rows))
