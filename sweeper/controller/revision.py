"""Going on with a changed sweep file: what may change, what did, and the new revision in the store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sweeper.config import SweepConfig
from sweeper.errors import UsageError
from sweeper.events import SweepRevised
from sweeper.records import SweepRecord
from sweeper.space.differences import differences

TAG = "sweeper.revision."  #: tags of the sweep's run that say what each revision changed
NOTE = 4000  #: characters of a note that are kept
FIXED = ("name", "metric", "metrics", "method", "objective", "command", "program", "mlproject", "seed", "warm_start")


def changes(sweep: SweepRecord, before: SweepConfig, after: SweepConfig) -> list[str]:
    """Return what differs between the config a sweep has and the one it should go on with, a line each.

    The space, its constraints, budget, executor, retry, early stopping and tags may change. Raises UsageError for what
    makes it another sweep: its metrics, method, objective, seed or what it learned from.
    """
    old, new = before.to_dict(), after.to_dict()
    for key in FIXED:
        if key == "seed" and "seed" not in new:
            continue
        if key in new and old.get(key) != new[key]:
            raise UsageError(
                f"{key} differs from that of sweep {sweep.name} {sweep.id[-8:]} ({old.get(key)!r}, now {new[key]!r}): "
                "that is another sweep; run it with --new"
            )
    lines = differences(before.space, after.space)
    rest = {"budget", "executor", "retry", "early_terminate", "tags", "sampler"}
    for key in sorted(rest):
        lines += _differing(key, old.get(key), new.get(key))
    return lines


def revise(sweep: SweepRecord, after: SweepConfig, lines: list[str]) -> SweepRevised:
    """Return the event of the next revision."""
    number = 1 + sum(name.startswith(TAG) for name in sweep.tags)
    config = after.to_dict() | {"seed": sweep.seed}
    return SweepRevised(sweep.id, number, after.space.to_dict(), config, after.source, "\n".join(lines)[:NOTE])


def _differing(path: str, before: Any, after: Any) -> list[str]:
    if before == after:
        return []
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return [
            line
            for key in dict.fromkeys((*before, *after))
            for line in _differing(f"{path}.{key}", before.get(key), after.get(key))
        ]
    return [f"~ {path}: {_shown(before)} -> {_shown(after)}"]


def _shown(value: Any) -> str:
    return "not set" if value is None else str(value)
