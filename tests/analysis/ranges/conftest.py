"""Sweeps of the past, made from a function: nothing is stored."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sweeper.analysis import TrialTable, from_records
from sweeper.records import Goal, Params, RunState, SweepRecord, SweepState, TrialRecord
from sweeper.space import SearchSpace

SPACE: dict[str, Any] = {
    "lr": {"min": 1e-5, "max": 1e-1, "log": True},
    "depth": {"min": 1, "max": 32},
    "kind": {"values": ["adam", "sgd", "lion"]},
    "noise": {"min": 0.0, "max": 0.5},
}
LOSS = Goal("loss")
Value = Callable[[Params], float]


def bowl(params: Params) -> float:
    """Good near lr = 1e-3, bad with lion; depth and noise do not matter."""
    wiggle = math.sin(1e3 * params["noise"] + params["depth"])
    return (math.log10(params["lr"]) + 3) ** 2 + 3 * (params["kind"] == "lion") + 0.2 * wiggle


def one(
    value: Value,
    seed: int,
    *,
    space: Mapping[str, Any] = SPACE,
    trials: int = 60,
    goal: Goal = LOSS,
    draw: Callable[[random.Random], Params] | None = None,
    declared: bool = True,
    **changes: Any,
) -> TrialTable:
    """One sweep, at random unless ``draw`` says otherwise; with ``declared`` off like one that was imported."""
    rng = random.Random(seed)
    sample = draw or SearchSpace.from_dict(space).sample
    records = []
    for number in range(trials):
        params = sample(rng)
        state, values = RunState.COMPLETE, (goal.sign * value(params),)
        times = {"started": 10.0 * number, "ended": 10.0 * number + 4}
        records.append(TrialRecord(f"{seed:016x}{number:016x}", "s", number, state, params, values, **times))
    facts: dict[str, Any] = {"method": "random", "config": {}, "seed": seed, "created": float(seed), "name": "past"}
    kept = dict(space) if declared else {}
    sweep = SweepRecord(id=f"{seed:032x}", state=SweepState.FINISHED, goals=(goal,), space=kept, **(facts | changes))
    return from_records(sweep, records)


def several(value: Value, count: int = 4, first: int = 1, **changes: Any) -> list[TrialTable]:
    return [one(value, first + i, **changes) for i in range(count)]


def best_of(table: TrialTable) -> Params:
    losses = table.losses()
    return table.assigned[min(range(len(table)), key=losses.__getitem__)]


def transformed(tables: Sequence[TrialTable], change: Callable[[float], float]) -> list[TrialTable]:
    """The same sweeps with other values."""
    made = []
    for table in tables:
        records = [
            TrialRecord(run_id, "s", int(number), RunState.COMPLETE, params, (change(float(value)),))
            for run_id, number, params, value in zip(
                table.run_id, table.number, table.assigned, table.values[:, 0], strict=True
            )
        ]
        made.append(from_records(table.sweep, records))
    return made
