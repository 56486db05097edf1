"""The log of a trial, a piece at a time."""

from __future__ import annotations

import pytest

from sweeper.errors import UsageError
from sweeper.events import AttemptEnded, AttemptStarted, TrialCreated
from sweeper.records import RunState, new_id
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import START, add_run, add_sweep, add_trial, failed
from sweeper.web.logs import MOST, log

OUTPUT = "first\n\x1b[31mred\x1b[0m \u202e</pre><script>alert(1)</script>\n" + "x" * 100


def printed(store: SqlStore, output: str) -> str:
    """Write a trial whose first attempt failed and whose second one printed ``output``."""
    sweep, run_id = add_sweep(store), new_id()
    store.write(
        TrialCreated(sweep.id, run_id, 0, {}, 1, START),
        AttemptStarted(sweep.id, run_id, 1, "slot 0", START),
        failed(sweep.id, run_id, 1, ends=False),
        AttemptStarted(sweep.id, run_id, 2, "slot 0", START + 100),
        AttemptEnded(sweep.id, run_id, 2, START + 101, RunState.COMPLETE, START + 100, (1.0,), {}, output=output),
    ).result()
    return run_id


def test_the_end_is_shown_first_and_what_came_before_on_request(fresh: SqlStore) -> None:
    run = fresh.run(printed(fresh, OUTPUT))
    end = log(fresh, run, -100)
    assert (end["text"], end["end"], end["size"]) == ("x" * 100, len(OUTPUT), len(OUTPUT))
    before = log(fresh, run, 0)
    assert before["text"] == OUTPUT
    assert log(fresh, run, end["end"])["text"] == ""
    assert log(fresh, run, 0, end["start"])["text"] + end["text"] == OUTPUT
    assert log(fresh, run, 10, 5)["text"] == ""
    assert log(fresh, run, 10**9)["start"] == len(OUTPUT)
    assert log(fresh, run, -(10**9))["start"] == 0


def test_each_attempt_has_its_own_log(fresh: SqlStore) -> None:
    run = fresh.run(printed(fresh, "hello\n"))
    found = log(fresh, run, -1000)
    assert (found["attempt"], found["text"]) == (2, "hello\n")
    assert found["attempts"] == [
        {"attempt": 1, "state": "failed", "size": len("last words\n")},
        {"attempt": 2, "state": "complete", "size": 6},
    ]
    assert log(fresh, run, -1000, attempt=1)["text"] == "last words\n"
    with pytest.raises(UsageError, match="no attempt 3"):
        log(fresh, run, 0, attempt=3)


def test_a_run_that_printed_nothing_has_an_empty_log(fresh: SqlStore) -> None:
    found = log(fresh, fresh.run(add_run(fresh)), -1000)
    assert (found["text"], found["size"], found["attempt"], found["attempts"]) == ("", 0, None, [])


def test_an_attempt_that_runs_has_not_kept_anything_yet(fresh: SqlStore) -> None:
    found = log(fresh, fresh.run(add_trial(fresh, add_sweep(fresh), 0)), -1000)
    assert (found["running"], found["text"]) == (True, "")
    assert log(fresh, fresh.run(printed(fresh, "x")), 0)["running"] is False


def test_no_answer_is_longer_than_its_bound(fresh: SqlStore) -> None:
    run = fresh.run(printed(fresh, "y" * (MOST + 10)))
    found = log(fresh, run, 0)
    assert (len(found["text"]), found["end"]) == (MOST, MOST)
