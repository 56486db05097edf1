"""Sweeps that differ in what their values mean are kept apart."""

from __future__ import annotations

from typing import Any

import pytest

from sweeper.analysis.ranges.groups import differences, grouped, objective_of
from sweeper.records import Goal, SweepRecord, SweepState


def sweep(number: int, **changes: Any) -> SweepRecord:
    facts: dict[str, Any] = {"config": {"objective": "/home/a/train.py:train"}, "goals": (Goal("loss"),), "tags": {}}
    return SweepRecord(
        f"{number:032x}", "digits", SweepState.FINISHED, "tpe", space={}, created=float(number), **(facts | changes)
    )


CODE = "sweeper.code.sha256"


@pytest.mark.parametrize(
    ("aspect", "changes"),
    [
        ("data", {"tags": {"dataset": "wine"}}),
        ("data", {"tags": {"data.version": "2"}}),
        ("code", {"tags": {CODE: "abcdef0123"}}),
        ("code", {"tags": {"mlflow.source.git.commit": "0123456789", "sweeper.git.dirty": "true"}}),
        ("metric", {"goals": (Goal("accuracy", "maximize"),)}),
        ("metric", {"goals": (Goal("loss", "maximize"),)}),
        ("objective", {"config": {"objective": "other.py:train"}}),
    ],
)
def test_a_difference_keeps_sweeps_apart_unless_it_is_merged(aspect: str, changes: dict[str, Any]) -> None:
    sweeps = [sweep(3), sweep(2, **changes), sweep(1)]

    apart = grouped(sweeps)
    assert [[each.id[-1] for each in group.sweeps] for group in apart] == [["3", "1"], ["2"]]
    assert not apart[0].differences

    (merged,) = grouped(sweeps, merge=[aspect])
    assert len(merged.sweeps) == 3
    assert merged.differences[0].startswith(f"{aspect} differs: ")


def test_other_tags_do_not_matter() -> None:
    assert len(grouped([sweep(2, tags={"owner": "ada"}), sweep(1, tags={"owner": "bob"})])) == 1


def test_a_metric_that_is_asked_for_counts_wherever_it_stands() -> None:
    first = sweep(2, goals=(Goal("seconds"), Goal("loss")))

    (group,) = grouped([first, sweep(1)], "loss")

    assert group.goal == Goal("loss")


@pytest.mark.parametrize(
    ("config", "label"),
    [
        ({"objective": "/a/b/train.py:fit"}, "train.py:fit"),
        ({"program": "/a/train.sh", "command": ["sh", "x"]}, "train.sh"),
        ({"command": ["python", "train.py"]}, "python train.py"),
        ({"mlproject": {"uri": "./p"}}, "./p#main"),
        ({}, "sweep digits"),
    ],
)
def test_an_objective_is_named_without_its_folders(config: dict[str, Any], label: str) -> None:
    assert objective_of(sweep(1, config=config)) == label


def test_differences_name_the_sweeps() -> None:
    (line,) = differences([sweep(2, tags={"dataset": "wine"}), sweep(1)])

    assert line == "data differs: dataset=wine (digits 00000002); not recorded (digits 00000001)"
