"""``sweeper duplicates``."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Sweeper, past


def two(here: Path) -> list[str]:
    ids = []
    for name in ("one", "other"):
        made = past(name, config={"name": name, "objective": "train.py:fit"})
        made.trial({"depth": 4, "kind": "gini"}, 0.5, seconds=30.0)
        made.trial({"depth": len(name), "kind": "gini"}, 0.25)
        ids.append(made.write().id)
    return ids


def test_the_same_work_for_people(sweeper: Sweeper, here: Path) -> None:
    one, other = two(here)

    ran = sweeper("duplicates")

    assert ran.lines[0].split() == ["TIMES", "VALUES", "AGAIN", "FOR", "TRIALS", "PARAMETERS"]
    places = {f"{one[-8:]}:0", f"{other[-8:]}:0"}
    assert places == {word.rstrip(",") for word in ran.lines[1].split() if ":" in word}
    assert ran.lines[1].endswith("depth=4 kind=gini")
    assert ran.lines[2] == "1 trial of 2 sweeps did again what was done: 30 s of compute"


def test_the_same_work_as_json(sweeper: Sweeper, here: Path) -> None:
    two(here)

    (found,) = sweeper("duplicates", "one", "other", "--json").json

    assert found["params"] == {"depth": 4, "kind": "gini"}
    assert found["values"] == [0.5, 0.5]
    assert [trial["number"] for trial in found["trials"]] == [0, 0]


def test_no_duplicates(sweeper: Sweeper, here: Path) -> None:
    two(here)

    ran = sweeper("duplicates", "one")

    assert ran.lines == ["no two complete trials of 1 sweep have the same parameters, objective, data and code"]
