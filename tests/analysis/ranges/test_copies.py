"""The same evidence twice is counted once."""

from __future__ import annotations

from dataclasses import replace

from sweeper.analysis import TrialTable
from sweeper.analysis.identity import REUSED
from sweeper.analysis.ranges import recommend
from sweeper.analysis.ranges.copies import independent
from tests.analysis.ranges.conftest import bowl, one, several


def test_a_sweep_that_ran_three_times_with_its_seed_is_one_sweep() -> None:
    again = [_run(place) for place in (1, 2, 3)]
    assert recommend(again)["lr"].action == "shrink"

    left, notes = independent(again)

    assert left == [again[2]]
    assert len(notes) == 1
    assert "60 of 60 trials of past" in notes[0]
    assert "fewer than 3 never shrink" in recommend(left)["lr"].reason


def test_sweeps_with_seeds_of_their_own_are_left_as_they_are() -> None:
    tables = several(bowl, 3)
    assert independent(tables) == (tables, [])


def test_the_same_points_with_other_values_are_evidence() -> None:
    first, other = _run(1), _run(2)
    noisy = replace(other, values=other.values + 0.01)
    left, notes = independent([first, noisy])
    assert left == [first, noisy]
    assert not notes


def test_of_a_longer_run_with_the_same_seed_only_the_new_trials_stay() -> None:
    long = _run(1, trials=50)
    short = _run(2, trials=20)
    left, notes = independent([long, short])
    assert [list(table.number) for table in left] == [list(range(20, 50)), list(range(20))]
    assert "20 of 50 trials of past" in notes[0]


def test_a_result_that_was_taken_over_counts_in_the_sweep_that_took_it() -> None:
    source = one(bowl, 1)
    left, _ = independent([source, _taken_over(source, 10)])
    assert [len(table) for table in left] == [50, 10]


def test_a_result_that_was_taken_over_counts_where_its_source_is_not_looked_at() -> None:
    taker = _taken_over(one(bowl, 1), 10)
    assert independent([taker]) == ([taker], [])


def _run(place: int, trials: int = 60) -> TrialTable:
    """One of several sweeps with the same seed, the later the larger ``place``."""
    table = one(bowl, 7, trials=trials)
    return replace(table, sweep=replace(table.sweep, id=f"{place:032x}", created=float(place)))


def _taken_over(source: TrialTable, count: int) -> TrialTable:
    """A later sweep, of another seed, with the first results of ``source``."""
    few = source.only(source.number < count)
    sweep = replace(source.sweep, id="c" * 32, seed=99, created=source.sweep.created + 1)
    return replace(few, sweep=sweep, workers=(REUSED,) * count)
