"""Past sweeps in a store, and a sweep that would learn from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sweeper.config import SweepConfig, parse_config
from sweeper.events import SweepCreated
from sweeper.interfaces import Store
from sweeper.records import Goal, SweepRecord
from sweeper.testing.sweeps import add_trial, sweep_record

SPACE: dict[str, Any] = {"x": {"min": 0.0, "max": 1.0}, "kind": {"values": ["a", "b"]}}
Past = Callable[..., SweepRecord]


@pytest.fixture
def past(store: Store) -> Past:
    """Write a sweep with ``values`` at evenly spread points of x; return it as the store has it."""

    def write(name: str = "old", values: Any = (0.5, 0.9, 0.7), **changes: Any) -> SweepRecord:
        goals = changes.pop("goals", (Goal("accuracy", "maximize"),))
        record = sweep_record(name, goals=goals, space=changes.pop("space", SPACE), **changes)
        store.write(SweepCreated(record, record.tags, {})).result()
        for number, value in enumerate(values):
            add_trial(store, record, number, {"x": number / max(1, len(values) - 1), "kind": "a"}, value)
        return store.find_sweep(record.id)

    return write


def config(past: Any = ("old",), mode: str = "auto", **more: Any) -> SweepConfig:
    metric = {"name": "accuracy", "goal": "maximize"}
    whole = {"name": "new", "metric": metric, "parameters": SPACE, "budget": {"trials": 40}, **more}
    made = parse_config({**whole, "warm_start": {"from": past if isinstance(past, str) else list(past), "mode": mode}},
                        name="new")  # fmt: skip
    return replace(made, file="")
