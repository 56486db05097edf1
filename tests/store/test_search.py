"""How searches are asked for: by the index that has the fewest rows, and with any number of values."""

from __future__ import annotations

from sweeper.store.search import compile_search
from sweeper.store.store import SqlStore


def plan(store: SqlStore, where: str) -> str:
    """Return how SQLite would look for the runs of one experiment."""
    text, values = compile_search(
        store.read(lambda session: session.dialect), where, ["metrics.a DESC"],
        experiments=[0], kinds=None, limit=100, offset=0,
    )  # fmt: skip
    return str(store.read(lambda session: session.text(f"EXPLAIN QUERY PLAN {text}", values)))


def test_children_are_found_by_their_parent(store: SqlStore) -> None:
    for where in ("tags.mlflow.parentRunId = 'a'", "metrics.a > 1 AND attributes.parent_id = 'a'"):
        assert "USING INDEX sweeper_runs_parent (parent_id=?)" in plan(store, where)


def test_other_runs_are_found_by_their_experiment(store: SqlStore) -> None:
    for where in ("metrics.a > 1", "tags.mlflow.parentRunId = 'a' OR metrics.a > 1", "tags.mlflow.parentRunId != 'a'"):
        assert "sweeper_runs_parent" not in plan(store, where)


def test_very_many_values_are_bound_in_their_order(store: SqlStore) -> None:
    names = ", ".join(f"'{number}'" for number in range(2000))
    _, values = compile_search(
        store.read(lambda session: session.dialect), f"attributes.run_id IN ({names})", [],
        experiments=None, kinds=None, limit=None, offset=0,
    )  # fmt: skip
    assert [value for value in values if isinstance(value, str)] == [str(number) for number in range(2000)]
