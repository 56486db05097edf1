"""Sweeps of the past with an answer in them: good near lr = 1e-3."""

from __future__ import annotations

import math
import random
from typing import Any

from sweeper.records import Goal, SweepRecord
from sweeper.space import SearchSpace
from tests.cli.conftest import past

LOSS = Goal("loss")
SPACE: dict[str, Any] = {
    "lr": {"min": 1e-5, "max": 1e-1, "log": True},
    "depth": {"min": 2, "max": 32},
    "kind": {"values": ["gini", "entropy"]},
}
OBJECTIVE = "train.py:train"


def write(
    seed: int,
    *,
    name: str = "digits",
    space: dict[str, Any] = SPACE,
    tags: dict[str, str] | None = None,
    goal: Goal = LOSS,
    trials: int = 40,
    config: dict[str, Any] | None = None,
) -> SweepRecord:
    """Write a finished random sweep into the store of the current folder."""
    written = {
        "name": name,
        "objective": OBJECTIVE,
        "method": "random",
        "metric": {"name": goal.name, "goal": goal.direction},
        "parameters": space,
        "budget": {"trials": trials},
        "executor": {"kind": "joblib", "workers": 2, "isolation": "shared"},
        "seed": seed,
    }
    facts: dict[str, Any] = {"seed": seed, "tags": tags or {}, "created": 1000.0 * seed, "trials": trials}
    made = past(name, (goal,), space=space, config=written | (config or {}), **facts)
    rng, real = random.Random(seed), SearchSpace.from_dict(space)
    for _ in range(trials):
        params = real.sample(rng)
        value = (math.log10(params.get("lr", 0.1)) + 3) ** 2 + 0.01 * rng.random()
        made.trial(params, goal.sign * value)
    return made.write()
