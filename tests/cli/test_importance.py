"""``sweeper importance``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sweeper.records import SweepRecord
from tests.cli.conftest import Sweeper, past


def searched(trials: int = 40, **facts: Any) -> SweepRecord:
    made = past(**facts)
    for number in range(trials):
        depth = 2 + (number * 7) % 31
        kind = "gini" if number % 2 else "entropy"
        made.trial({"depth": depth, "kind": kind}, -abs(depth - 12) / 10 + 0.01 * (number % 3))
    return made.write()


def test_parameters_for_people(sweeper: Sweeper, here: Path) -> None:
    record = searched()

    ran = sweeper("importance", "last")

    assert ran.code == 0
    assert ran.lines[0].split() == ["PARAMETER", "WHOLE", "RANGE", "BEST", "20", "%", "WORKS", "WITH"]
    assert [line.split()[0] for line in ran.lines[1:3]] == ["depth", "kind"]
    assert ran.lines[3].startswith("fANOVA on ranked values, n = 40 trials; 90% intervals")
    assert ran.lines[4] == f"next: sweeper report {record.id[-8:]}"


def test_earlier_sweeps_are_asked_unless_alone(sweeper: Sweeper, here: Path) -> None:
    searched(created=900.0, seed=8)
    searched()

    with_past, alone = sweeper("importance", "last"), sweeper("importance", "last", "--alone")

    assert "EARLIER SWEEPS" in with_past.out
    assert "EARLIER" not in alone.out


def test_one_object_a_parameter(sweeper: Sweeper, here: Path) -> None:
    searched()

    first = sweeper("importance", "last", "--json").json[0]

    assert first["parameter"] == "depth"
    assert first["metric"] == "accuracy"
    assert first["whole_low"] <= first["whole"] <= first["whole_high"]
    assert {"partner", "pooled", "past", "gain"} < set(first)


def test_too_few_trials(sweeper: Sweeper, digits: SweepRecord) -> None:
    ran = sweeper("importance", "digits")

    assert ran.code == 0
    assert ran.lines == ["Importance needs at least 10 trials with a value for 2 parameters; there are 5."]
    assert sweeper("importance", "digits", "--json").out == ""
