"""Where a run stands in the tree of runs: those above it, those below it, and what those below agree on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from statistics import fmean, stdev
from typing import Any

from sweeper.errors import NotFound
from sweeper.interfaces import Store
from sweeper.records import Run

HIGHEST = 50  #: runs above one that are followed
MOST = 500  #: runs below one that are shown
LOOKED_INTO = 100  #: of those, how many are asked for what they nest


def above(store: Store, run: Run) -> list[Run]:
    """Return the runs above one, the root first."""
    found: list[Run] = []
    seen = {run.id}
    while run.parent_id is not None and run.parent_id not in seen and len(found) < HIGHEST:
        try:
            run = store.run(run.parent_id)
        except NotFound:
            break
        seen.add(run.id)
        found.insert(0, run)
    return found


def below(store: Store, run: Run) -> list[dict[str, Any]]:
    """Return what a run nests, as a tree: at most ``MOST`` runs, those nearest to it. Of a sweep nothing: trials."""
    if run.kind == "sweep":
        return []
    root: list[dict[str, Any]] = []
    waiting, left, looks = [(run.id, root)], MOST, LOOKED_INTO
    while waiting and left > 0 and looks > 0:
        run_id, children = waiting.pop(0)
        looks -= 1
        for child in store.children(run_id)[:left]:
            node = _node(child)
            children.append(node)
            waiting.append((child.id, node["children"]))
            left -= 1
    return root


def spread(tree: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return mean and sample standard deviation of each metric over the runs directly below; ``std`` None for one."""
    values: dict[str, list[float]] = {}
    for name, value in _finite(tree):
        values.setdefault(name, []).append(value)
    return {
        name: {"mean": fmean(each), "std": stdev(each) if len(each) > 1 else None, "n": len(each)}
        for name, each in values.items()
    }


def _finite(tree: Sequence[dict[str, Any]]) -> Iterator[tuple[str, float]]:
    for node in tree:
        yield from ((name, value) for name, value in node["metrics"].items() if math.isfinite(value))


def _node(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "name": run.name,
        "state": str(run.state),
        "started": run.started,
        "ended": run.ended,
        "metrics": dict(run.metrics),
        "children": [],
    }
