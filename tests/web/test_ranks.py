"""Where a trial stands among the complete ones."""

from __future__ import annotations

import math

import pytest

from sweeper.events import AttemptEnded
from sweeper.records import Goal, RunState, new_id
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import START, add_sweep, add_trial, started
from sweeper.web.ranks import rank_of


def test_the_best_is_first_and_neighbours_are_named(fresh: SqlStore) -> None:
    sweep = add_sweep(fresh)
    ids = [add_trial(fresh, sweep, number, value=value) for number, value in enumerate((0.5, 0.9, 0.7, 0.7, math.nan))]
    running = add_trial(fresh, sweep, 5)
    sweep = fresh.find_sweep(sweep.id)
    found = {}
    for run_id in (*ids, running):
        place = rank_of(fresh, sweep, fresh.find_trial(run_id))
        found[run_id] = place and (place.rank, place.of, place.before, place.after)
    assert found == {
        ids[1]: (1, 4, None, ids[2]),
        ids[2]: (2, 4, ids[1], ids[3]),
        ids[3]: (3, 4, ids[2], ids[0]),
        ids[0]: (4, 4, ids[3], None),
        ids[4]: None,
        running: None,
    }


def test_less_is_better_where_the_goal_says_so_and_new_trials_count(fresh: SqlStore) -> None:
    sweep = add_sweep(fresh, goals=(Goal("loss", "minimize"),))
    first = add_trial(fresh, sweep, 0, value=0.5)
    alone = rank_of(fresh, fresh.find_sweep(sweep.id), fresh.find_trial(first))
    second = add_trial(fresh, sweep, 1, value=0.1)
    found = rank_of(fresh, fresh.find_sweep(sweep.id), fresh.find_trial(first))
    assert alone is not None
    assert found is not None
    assert (alone.rank, alone.of, found.rank, found.of, found.before) == (1, 1, 2, 2, second)


@pytest.mark.parametrize("value", [0.5])
def test_several_goals_give_no_order(fresh: SqlStore, value: float) -> None:
    sweep = add_sweep(fresh, goals=(Goal("loss"), Goal("time")))
    run_id = new_id()
    end = AttemptEnded(sweep.id, run_id, 1, START + 1, RunState.COMPLETE, START, (value, value), {})
    fresh.write(*started(sweep.id, run_id, 0, {}), end).result()
    assert rank_of(fresh, fresh.find_sweep(sweep.id), fresh.find_trial(run_id)) is None
