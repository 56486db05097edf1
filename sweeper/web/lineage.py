"""Where a run stands in the tree of runs: those above it, those below it, and what those below agree on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from statistics import fmean, stdev
from typing import Any, NamedTuple

from sweeper.errors import NotFound
from sweeper.interfaces import Store
from sweeper.records import Run
from sweeper.store import queries
from sweeper.store.store import SqlStore

HIGHEST = 50  #: runs above one that are followed
MOST = 500  #: runs below one that are shown


class Tree(NamedTuple):
    """``nodes`` are the runs right below one, of ``total`` there are; each has its own below it."""

    nodes: list[dict[str, Any]]
    total: int


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


def below(store: SqlStore, run: Run) -> Tree:
    """Return what a run nests: at most ``MOST`` runs, those nearest to it, the oldest first; of a sweep nothing."""
    if run.kind == "sweep":
        return Tree([], 0)
    lists: dict[str | None, list[dict[str, Any]]] = {run.id: []}
    level, seen, total = [run.id], {run.id}, 0
    while level and len(seen) <= MOST:
        ids = _right_below(store, level)
        total = total or len(ids)
        level = [child for child in ids if child not in seen][: MOST + 1 - len(seen)]
        seen.update(level)
        for child in _runs(store, level):
            node = _node(child)
            lists.setdefault(child.parent_id, []).append(node)
            lists[child.id] = node["children"]
    return Tree(lists[run.id], total)


def _right_below(store: SqlStore, ids: Sequence[str]) -> list[str]:
    return [child for _, child in store.read(lambda session: session.rows_in("page_below", ids))]


def _runs(store: SqlStore, ids: Sequence[str]) -> list[Run]:
    return store.read(lambda session: queries.runs(session, ids))


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
