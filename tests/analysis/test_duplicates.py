"""Trials that did the same work."""

from __future__ import annotations

from typing import Any

from sweeper.analysis.duplicates import duplicates
from sweeper.records import Params, RunState, SweepRecord, TrialRecord
from sweeper.testing.sweeps import sweep_record

CODE = {"mlflow.source.git.commit": "abc", "sweeper.git.dirty": "false"}


def sweep(name: str, at: float, **changes: Any) -> SweepRecord:
    config = {"objective": "/home/ada/train.py:fit"}
    return sweep_record(name, created=at, **{"config": config, "tags": CODE, **changes})


def trials(*params: Params, **changes: Any) -> list[TrialRecord]:
    return [
        TrialRecord(f"{n}", "s", n, **({"state": RunState.COMPLETE, "params": each, "values": (0.5,),
                    "started": 0.0, "ended": 10.0} | changes))  # type: ignore[arg-type]  # facts of a trial
        for n, each in enumerate(params)
    ]  # fmt: skip


def test_the_same_parameters_across_sweeps_and_within_one() -> None:
    first, second = sweep("first", 1.0), sweep("second", 2.0)

    (found,) = duplicates([(second, trials({"a": 1}, {"a": 1}, {"a": 2})), (first, trials({"a": 1}, {"a": 3}))])

    assert found.params == {"a": 1}
    assert [(place.sweep.name, place.trial.number) for place in found.places] == [
        ("first", 0), ("second", 0), ("second", 1)
    ]  # fmt: skip
    assert found.seconds == 20.0
    assert found.values == [0.5, 0.5, 0.5]


def test_other_code_data_or_another_objective_is_other_work() -> None:
    first = (sweep("first", 1.0), trials({"a": 1}))
    newer = sweep("second", 2.0, tags=CODE | {"mlflow.source.git.commit": "abd"})
    other = sweep("second", 2.0, config={"objective": "other.py:fit"})
    data = sweep("second", 2.0, tags=CODE | {"dataset": "wine"})
    elsewhere = sweep("second", 2.0, config={"objective": "/srv/train.py:fit"})

    assert duplicates([first, (newer, trials({"a": 1}))]) == []
    assert duplicates([first, (other, trials({"a": 1}))]) == []
    assert duplicates([first, (data, trials({"a": 1}))]) == []
    assert len(duplicates([first, (elsewhere, trials({"a": 1}))])) == 1


def test_what_was_wanted_again_does_not_count() -> None:
    first = (sweep("first", 1.0), trials({"a": 1}))

    assert duplicates([first, (sweep("again", 2.0, tags=CODE | {"sweeper.kind": "rerun"}), trials({"a": 1}))]) == []
    assert duplicates([first, (sweep("b", 2.0), trials({"a": 1}, worker="reused"))]) == []
    assert duplicates([first, (sweep("b", 2.0), trials({"a": 1}, state=RunState.FAILED))]) == []


def test_numbers_and_texts_are_not_the_same() -> None:
    assert duplicates([(sweep("first", 1.0), trials({"a": 1}, {"a": "1"}, {"a": True}, {"a": 1.0}))]) == []
