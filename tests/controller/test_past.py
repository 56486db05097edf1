"""What earlier sweeps tell of one before it starts."""

from __future__ import annotations

from dataclasses import replace

from sweeper.api.running import run_sweep
from sweeper.config import load_config
from sweeper.controller.past import durations, past_durations
from sweeper.interfaces import Store
from sweeper.records import RunState, TrialRecord, new_id

from .conftest import Run


def test_durations_are_those_of_trials_with_a_result() -> None:
    one = TrialRecord("r", "s", 0, RunState.COMPLETE, {}, started=10.0, ended=12.5)
    others = [
        replace(one, state=RunState.FAILED),
        replace(one, ended=None),
        replace(one, state=RunState.PRUNED, ended=11.0),
    ]

    assert durations([one, *others]) == [2.5, 1.0]


def test_sweeps_of_the_same_objective_are_looked_at_and_no_others(run: Run, store: Store) -> None:
    def train(x: float) -> float:
        return x

    first = run(train, name="mine", trials=3).sweep
    run(train, name="other", trials=4)
    new = replace(first, id=new_id())

    assert len(past_durations(store, new)) == 3
    assert past_durations(store, first) == []
    placed = replace(new, config={**new.config, "objective": "elsewhere.py:train"})
    assert past_durations(store, placed) == []


def test_an_objective_with_a_place_is_known_by_it_under_any_name(store: Store) -> None:
    one, other = (
        run_sweep(
            load_config("quickstart", overrides=["budget.trials=2", "executor.kind=inline", f"name={name}"]),
            store=store,
            report=False,
        )
        for name in ("one", "other")
    )

    assert past_durations(store, other.sweep) == durations(one.trials)
