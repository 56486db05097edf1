"""Tables of trials to analyse: some out of a real store, most straight from records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from sweeper.analysis import TrialTable, from_records, table
from sweeper.records import Failure, Goal, Params, RunState, SweepRecord, SweepState, TrialRecord
from sweeper.store import open_store
from tests.analysis import sweeps


@pytest.fixture(scope="session")
def forest_table(tmp_path_factory: pytest.TempPathFactory) -> TrialTable:
    """An ordinary sweep of 60 trials, four failed and six pruned, read from a store."""
    return stored(tmp_path_factory.mktemp("store"), sweeps.forest())


def stored(folder: Path, plan: sweeps.Plan) -> TrialTable:
    store = open_store(str(folder / "runs.db"))
    try:
        return table(store, sweeps.write_sweep(store, plan))
    finally:
        store.close()


def trial(number: int, params: Params, value: float | Sequence[float] | None, **changes: Any) -> TrialRecord:
    """A complete trial with this value, or these values; without one, a failed trial."""
    values = None if value is None else tuple(value) if isinstance(value, Sequence) else (value,)
    state = RunState.FAILED if values is None else RunState.COMPLETE
    facts: dict[str, Any] = {"state": state, "values": values, "attempts": 1, "started": 10.0 * number}
    facts["ended"] = facts["started"] + 5
    return TrialRecord(run_id=f"{number:032x}", sweep_id="s", number=number, params=params, **(facts | changes))


def made(
    space: Mapping[str, Any],
    records: Sequence[TrialRecord],
    goals: Sequence[Goal] = (Goal("loss"),),
    **changes: Any,
) -> TrialTable:
    """A table of trials over ``space``; ``changes`` are of the sweep."""
    facts: dict[str, Any] = {"state": SweepState.FINISHED, "method": "random", "config": {}, "seed": 3, "name": "s"}
    sweep = SweepRecord(id="5" * 32, goals=tuple(goals), space=space, **(facts | changes))
    return from_records(sweep, records)


def sampled(
    space: Mapping[str, Any], value: Callable[[Params, int], float | None], count: int = 60, **changes: Any
) -> TrialTable:
    """A table of ``count`` random trials whose value is ``value(params, number)``."""
    import random

    from sweeper.space import SearchSpace

    rng, real = random.Random(1), SearchSpace.from_dict(space)
    drawn = [real.sample(rng) for _ in range(count)]
    return made(space, [trial(i, params, value(params, i)) for i, params in enumerate(drawn)], **changes)


def failed(number: int, failure: Failure) -> TrialRecord:
    return trial(number, {}, None, failure=failure)
