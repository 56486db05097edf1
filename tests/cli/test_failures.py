"""``sweeper failures``."""

from __future__ import annotations

from pathlib import Path

from sweeper.cli.failures import causes_of, place_of
from sweeper.records import Failure, FailureClass, RunState, SweepRecord, TrialRecord
from tests.cli.conftest import Sweeper, past

TRACE = 'Traceback (most recent call last):\n  File "/home/x/train.py", line 12, in train\n    fit()\n'


def failed(number: int, message: str, kind: FailureClass = FailureClass.EXCEPTION, trace: str = "") -> TrialRecord:
    return TrialRecord(f"r{number}", "s", number, RunState.FAILED, {}, failure=Failure(kind, message, trace))


def test_causes_are_grouped_whatever_numbers_their_messages_have() -> None:
    causes = causes_of(
        [
            failed(0, "ValueError: depth 3 at 0x7f00"),
            failed(1, "took longer than 2 s", FailureClass.TIMEOUT),
            failed(2, "ValueError: depth 12 at 0x7fff"),
            TrialRecord("r3", "s", 3, RunState.COMPLETE, {}, (1.0,)),
        ]
    )
    assert [(cause.kind, cause.message, cause.trials) for cause in causes] == [
        ("exception", "ValueError: depth 3 at 0x7f00", (0, 2)),
        ("timeout", "took longer than 2 s", (1,)),
    ]


def test_the_same_message_from_two_places_is_two_causes() -> None:
    other = TRACE.replace("line 12", "line 40")
    causes = causes_of([failed(0, "KeyError: 'x'", trace=TRACE), failed(1, "KeyError: 'x'", trace=other)])
    assert [cause.place for cause in causes] == ["train.py:12 in train", "train.py:40 in train"]


def test_a_failure_without_a_traceback_has_no_place() -> None:
    assert place_of(Failure(FailureClass.OOM, "out of memory")) == ""


def test_failures_for_people(sweeper: Sweeper, digits: SweepRecord) -> None:
    assert sweeper("failures", "last").lines == [
        "1 trial: exception: ValueError: too deep",
        "  trials 3",
        f"next: sweeper show {digits.id[-8:]}:3",
    ]


def test_failures_as_json(sweeper: Sweeper, digits: SweepRecord) -> None:
    assert sweeper("failures", "last", "--json").json == [
        {"class": "exception", "message": "ValueError: too deep", "place": "", "count": 1, "trials": [3]}
    ]


def test_no_failures(sweeper: Sweeper, here: Path) -> None:
    past().write()
    ran = sweeper("failures", "digits")
    assert (ran.code, ran.out) == (0, "no trial of digits failed\n")
