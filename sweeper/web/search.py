"""What a few typed characters may mean: sweeps, trials, parameters, models."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from sweeper.errors import NotFound, UsageError
from sweeper.records import SweepRecord
from sweeper.store.store import SqlStore

MOST = 8  #: of each kind
_TAIL = re.compile(r"[0-9a-f]{6,32}")
_NUMBERED = re.compile(r"(?P<sweep>.+)[:#](?P<number>\d{1,9})")


def search(store: SqlStore, text: str) -> dict[str, list[Any]]:
    """Return at most ``MOST`` of each kind: names that begin with ``text`` before those that hold it, late ones first.

    A trial is found by the end of its run's id, or as SWEEP:NUMBER.
    """
    text = text.strip()
    if not text:
        return {"sweeps": [], "trials": [], "params": [], "models": []}
    sweeps = store.sweeps()
    low = text.casefold()
    named = [sweep for sweep in sweeps if low in sweep.name.casefold() or _ends(sweep.id, low)]
    models = [model.name for model in store.models.search()]
    return {
        "sweeps": [
            {"id": sweep.id, "name": sweep.name, "state": str(sweep.state)}
            for sweep in sorted(named, key=lambda sweep: not sweep.name.casefold().startswith(low))[:MOST]
        ],
        "trials": _trials(store, text),
        "params": _best(_parameters(sweeps), low),
        "models": _best(models, low),
    }


def _ends(sweep_id: str, low: str) -> bool:
    return bool(_TAIL.fullmatch(low)) and sweep_id.endswith(low)


def _best(names: list[str], low: str) -> list[str]:
    met = [name for name in names if low in name.casefold()]
    return sorted(met, key=lambda name: not name.casefold().startswith(low))[:MOST]


def _parameters(sweeps: list[SweepRecord]) -> list[str]:
    """Names in the spaces of sweeps, nested ones with dots, those of the most sweeps first."""
    counted: Counter[str] = Counter()
    for sweep in sweeps:
        counted.update(_names(sweep.space))
    return [name for name, _ in counted.most_common()]


def _names(block: Any, before: str = "") -> list[str]:
    found: list[str] = []
    for name, body in block.items() if isinstance(block, dict) else ():
        inner = body.get("parameters") if isinstance(body, dict) else None
        found += _names(inner, f"{before}{name}.") if isinstance(inner, dict) else [f"{before}{name}"]
    return found


def _trials(store: SqlStore, text: str) -> list[dict[str, Any]]:
    named = _NUMBERED.fullmatch(text)
    if not named and not _TAIL.fullmatch(text.casefold()):
        return []
    try:
        trial = store.find_trial(f"{named['sweep']}:{named['number']}" if named else text.casefold())
        sweep = store.find_sweep(trial.sweep_id)
    except (NotFound, UsageError):
        return []
    return [{"run_id": trial.run_id, "number": trial.number, "sweep": {"id": sweep.id, "name": sweep.name}}]
