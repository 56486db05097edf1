"""``sweeper failures``."""

from __future__ import annotations

from pathlib import Path

from sweeper.records import Failure, FailureClass, SweepRecord
from tests.cli.conftest import Sweeper, past

TRACE = 'Traceback (most recent call last):\n  File "/home/x/train.py", line 12, in train\n    fit()\n'


def test_causes_for_people(sweeper: Sweeper, here: Path) -> None:
    made = past()
    made.trial({"depth": 2, "kind": "gini"}, failure=Failure(FailureClass.TIMEOUT, "it ran longer than 2 s"))
    for depth in range(3, 13):
        failure = Failure(FailureClass.EXCEPTION, f"ValueError: depth {depth}\x1b[31m", TRACE)
        made.trial({"depth": depth, "kind": "gini"}, failure=failure)
    record = made.write()
    assert sweeper("failures", "last").lines == [
        "10 trials failed by exception: ValueError: depth 3\\x1b[31m",
        "  at train.py:12 in train, trials 1, 2, 3, 4, 5, 6, 7, 8, ...",
        "1 trial failed by timeout: it ran longer than 2 s",
        "  trial 0",
        f"next: sweeper show {record.id[-8:]}:1",
    ]


def test_causes_as_json(sweeper: Sweeper, digits: SweepRecord) -> None:
    assert sweeper("failures", "last", "--json").json == [
        {"class": "exception", "message": "ValueError: too deep", "place": "", "count": 1, "trials": [3]}
    ]


def test_no_failures(sweeper: Sweeper, here: Path) -> None:
    past().write()
    ran = sweeper("failures", "digits")
    assert (ran.code, ran.out) == (0, "no trial of digits failed\n")
    assert sweeper("failures", "digits", "--json").out == ""
