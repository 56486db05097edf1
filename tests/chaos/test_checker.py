"""The checker finds what it is there to find: every kind of fault once, in histories made up for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos.checker import Findings, Row, check
from tests.chaos.history import FAIL, INVOKE, OK, Record, Recorder, read

A, B = "controller 1", "controller 2"


def trial(number: int, *, actor: str = A, fence: int = 1, attempt: int = 1, begin: float = 0.0) -> list[Record]:
    """The history of a trial that goes well: its token is 100 + its number."""
    key, token, at = f"run{number}", 100.0 + number, begin + number

    def told(op: str, phase: str, when: float, **facts: object) -> Record:
        who = "objective 9" if op == "execute" else actor
        fenced = 0 if op == "execute" else fence
        return Record(who, op, phase, key, number, attempt, fence=fenced, at=at + when, **facts)  # type: ignore[arg-type]  # facts by name

    return [
        told("create", INVOKE, 0.0),
        told("start", INVOKE, 0.0),
        told("create", OK, 0.1),
        told("start", OK, 0.1),
        told("execute", INVOKE, 0.2),
        told("execute", OK, 0.3, token=token),
        told("end", INVOKE, 0.4, state="complete", token=token),
        told("end", OK, 0.5, state="complete", token=token),
    ]


def lease(actor: str, fence: int, at: float) -> Record:
    return Record(actor, "acquire", OK, fence=fence, at=at)


def row(number: int) -> Row:
    return Row(number, f"run{number}", "complete", 1, 100.0 + number, (1,))


HISTORY = [lease(A, 1, -1.0), *trial(0), *trial(1), *trial(2)]
ROWS = [row(0), row(1), row(2)]


def kinds(findings: Findings) -> set[str]:
    return set(findings.bad)


def test_a_history_that_the_store_agrees_with_is_clean() -> None:
    findings = check(HISTORY, ROWS, total=3)
    assert findings.bad == {}
    assert (findings.recovered, findings.again) == (0, 0)


def test_what_was_acknowledged_and_is_missing_is_lost() -> None:
    assert kinds(check(HISTORY, ROWS[:2])) == {"lost"}


def test_another_result_than_the_acknowledged_one_is_a_loss() -> None:
    history = [*HISTORY, Record("objective 9", "execute", OK, "run1", 1, 1, token=7.0, at=1.25)]
    found = kinds(check(history, [ROWS[0], replace(ROWS[1], token=7.0), ROWS[2]]))
    assert {"lost", "resurrected"} <= found
    assert "phantom" not in found


def test_an_acknowledged_attempt_without_its_end_is_a_loss() -> None:
    assert kinds(check(HISTORY, [replace(ROWS[0], ended=()), *ROWS[1:]])) == {"lost"}


def test_a_trial_that_nobody_created_is_a_phantom() -> None:
    assert kinds(check(HISTORY, [*ROWS, Row(3, "run3", "running", 0)])) == {"phantom"}


def test_a_result_that_no_objective_returned_is_a_phantom() -> None:
    history = [record for record in HISTORY if not (record.op == "execute" and record.key == "run1")]
    assert kinds(check(history, ROWS)) == {"phantom"}


def test_an_attempt_that_nobody_started_is_a_phantom() -> None:
    assert kinds(check(HISTORY, [replace(ROWS[0], attempts=2), *ROWS[1:]])) == {"phantom"}


def test_a_number_given_twice_is_a_duplicate() -> None:
    again = [replace(record, key="runX") for record in trial(1) if record.op in ("create", "start")]
    rows = [*ROWS, Row(1, "runX", "failed", 1, None, (1,))]
    assert kinds(check([*HISTORY, *again], rows)) == {"duplicated"}


def test_an_end_that_was_acknowledged_twice_is_a_duplicate() -> None:
    twice = [replace(record, attempt=2, at=record.at + 9) for record in trial(2) if record.op == "end"]
    found = check([*HISTORY, *twice], [*ROWS[:2], replace(ROWS[2], attempts=1, ended=(1, 2))])
    assert kinds(found) == {"duplicated"}


def test_an_attempt_that_ended_twice_is_a_duplicate() -> None:
    assert kinds(check(HISTORY, [replace(ROWS[0], ended=(1, 1)), *ROWS[1:]])) == {"duplicated"}


def test_a_trial_seen_ended_and_then_running_is_resurrected() -> None:
    seen = Record("killer 3", "read", OK, facts=[["run2", "complete", 102.0]], at=2.45)
    after = Record("killer 3", "read", OK, facts=[["run2", "running", None]], at=2.47)
    history = [record for record in HISTORY if (record.key, record.op) != ("run2", "end")]
    assert kinds(check([*history, seen, after], ROWS)) == {"resurrected"}


def test_an_ended_trial_that_runs_at_last_is_resurrected() -> None:
    found = kinds(check(HISTORY, [replace(ROWS[0], state="running", token=None), *ROWS[1:]]))
    assert "resurrected" in found


def test_a_write_begun_under_an_old_fence_and_acknowledged_is_found() -> None:
    history = sorted([*HISTORY, lease(B, 2, 1.9)], key=lambda record: record.at)
    assert kinds(check(history, ROWS)) == {"fenced"}


def test_a_write_that_was_under_way_when_the_fence_changed_is_allowed() -> None:
    history = sorted([*HISTORY, lease(B, 2, 2.45)], key=lambda record: record.at)
    assert check(history, ROWS).bad == {}


def test_a_refused_result_that_is_there_all_the_same_is_found() -> None:
    refused = [
        replace(record, phase=FAIL) if (record.key, record.op, record.phase) == ("run2", "end", OK) else record
        for record in HISTORY
    ]
    assert kinds(check(refused, ROWS)) == {"fenced"}


def test_a_result_that_nobody_was_told_of_is_counted_not_blamed() -> None:
    untold = [record for record in HISTORY if (record.key, record.op, record.phase) != ("run2", "end", OK)]
    findings = check(untold, ROWS, total=3)
    assert (findings.bad, findings.recovered) == ({}, 1)


@pytest.mark.parametrize(
    "rows", [[ROWS[0], ROWS[1]], [*ROWS[:2], replace(row(2), state="queued", token=None)], [row(0), row(1), row(3)]]
)
def test_a_sweep_that_did_not_come_to_its_end_is_unfinished(rows: list[Row]) -> None:
    assert "unfinished" in kinds(check(HISTORY, rows, total=3))


def test_a_sweep_with_more_trials_than_its_budget_is_found() -> None:
    assert kinds(check(HISTORY, ROWS, total=2)) == {"unfinished"}


def test_a_second_execution_is_counted() -> None:
    again = Record("objective 8", "execute", INVOKE, "run0", 0, 1, at=0.25)
    assert check([*HISTORY, again], ROWS).again == 1


def test_what_was_recorded_is_read_in_the_order_of_time_without_a_torn_end(tmp_path: Path) -> None:
    Recorder(tmp_path, "late").append(Record("late", "end", OK, "b", at=2.0))
    Recorder(tmp_path, "early").append(Record("early", "end", OK, "a", at=1.0))
    (torn,) = tmp_path.glob("late-*.jsonl")
    with torn.open("a") as file:
        file.write('{"actor": "la')
    assert [record.key for record in read(tmp_path)] == ["a", "b"]
