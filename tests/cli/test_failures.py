"""``sweeper failures``."""

from __future__ import annotations

from pathlib import Path

from sweeper.records import Failure, FailureClass, SweepRecord
from tests.cli.conftest import Sweeper, past

TRACE = 'Traceback (most recent call last):\n  File "/home/x/train.py", line 12, in train\n    fit()\n'

CRASH = Failure(FailureClass.EXCEPTION, "ValueError: too deep", TRACE)


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


def test_the_region_where_a_cause_strikes(sweeper: Sweeper, here: Path) -> None:
    made = past()
    for number in range(60):
        params = {"depth": 2 + number % 30, "kind": "gini" if number < 30 else "entropy"}
        deep = params["depth"] > 20 and params["kind"] == "gini"
        made.trial(params, *[] if deep else [0.5], failure=CRASH if deep else None)
    made.write()

    lines, (cause,) = sweeper("failures", "last").lines, sweeper("failures", "last", "--json").json

    assert lines[2] == "  where depth >= 21 and kind=gini: 11 of 11, elsewhere 0 of 49 trials"
    region = cause["region"]
    assert region["conditions"] == [
        {"parameter": "depth", "is": ">=", "value": "21"}, {"parameter": "kind", "is": "=", "value": "gini"}
    ]  # fmt: skip
    assert (region["failed"], region["total"], region["others_failed"], region["others"]) == (11, 11, 0, 49)
    assert region["p"] < 0.01


def test_several_sweeps_one_after_the_other(sweeper: Sweeper, here: Path) -> None:
    records = []
    for name in ("one", "other"):
        made = past(name)
        made.trial({"depth": 2, "kind": "gini"}, failure=CRASH)
        records.append(made.write())

    ran = sweeper("failures", "one", "other", "one")

    assert [line for line in ran.lines if not line.startswith(" ")][::3] == [
        f"{record.name} {record.id[-8:]}" for record in records
    ]
    assert [each["sweep"] for each in sweeper("failures", "one", "other", "--json").json] == [r.id for r in records]


def test_causes_as_json(sweeper: Sweeper, digits: SweepRecord) -> None:
    assert sweeper("failures", "last", "--json").json == [
        {"class": "exception", "message": "ValueError: too deep", "place": "", "count": 1, "trials": [3],
         "region": None, "sweep": digits.id}
    ]  # fmt: skip


def test_no_failures(sweeper: Sweeper, here: Path) -> None:
    past().write()
    ran = sweeper("failures", "digits")
    assert (ran.code, ran.out) == (0, "no trial of digits failed\n")
    assert sweeper("failures", "digits", "--json").out == ""
