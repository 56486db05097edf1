"""Runs by what an address names."""

from __future__ import annotations

import pytest

from sweeper.errors import NotFound, UsageError
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_run, add_sweep, add_trial
from sweeper.web.finding import find_run


def test_a_run_is_found_by_its_id_the_end_of_it_or_its_number(fresh: SqlStore) -> None:
    sweep = add_sweep(fresh)
    trial, run = add_trial(fresh, sweep, 0, value=0.5), add_run(fresh)
    assert find_run(fresh, trial).id == trial
    assert find_run(fresh, trial[-8:]).id == trial
    assert find_run(fresh, "digits:0").id == trial
    assert find_run(fresh, run[-10:]).id == run
    assert find_run(fresh, sweep.id).kind == "sweep"


@pytest.mark.parametrize("ref", ["nothing", "0" * 32, "abcdef", "digits:9", "x:0", "%", "' or 1 = 1 --", ""])
def test_what_is_not_there_is_said(fresh: SqlStore, ref: str) -> None:
    add_sweep(fresh)
    with pytest.raises(NotFound):
        find_run(fresh, ref)


def test_a_number_has_to_be_one(fresh: SqlStore) -> None:
    add_sweep(fresh)
    with pytest.raises(UsageError, match="SWEEP:NUMBER"):
        find_run(fresh, "digits:x")
