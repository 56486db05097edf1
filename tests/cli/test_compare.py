"""``sweeper compare``."""

from __future__ import annotations

from pathlib import Path

from sweeper.records import SweepRecord
from tests.cli.conftest import Sweeper, past


def two(here: Path) -> tuple[SweepRecord, SweepRecord]:
    made = []
    for name, start in (("narrow", 4), ("wide", 12)):
        sweep = past(name, method="tpe" if name == "wide" else "random")
        for number in range(12):
            depth = start + number
            sweep.trial({"depth": depth, "kind": "gini"}, 1 - abs(depth - 16) / 20)
        made.append(sweep.write())
    return made[0], made[1]


def test_side_by_side_for_people(sweeper: Sweeper, here: Path) -> None:
    narrow, wide = two(here)

    ran = sweeper("compare", "narrow", "wide")

    assert ran.code == 0
    rows = {line.split()[0]: line.split() for line in ran.lines if line}
    assert ran.lines[0].split() == ["narrow", "wide"]
    assert rows["id"][1:] == [narrow.id[-8:], wide.id[-8:]]
    assert ran.lines[5].split() == ["best", "accuracy", "0.95", "1"]
    assert any(line.split() == ["method", "random", "tpe"] for line in ran.lines)
    assert any(line.split() == ["depth", "*", "15", "16"] for line in ran.lines)
    assert any(line.startswith("wide is better than narrow by 0.05; whether that is noise") for line in ran.lines)
    assert any(line.startswith("4 assignments of parameters completed in more than one") for line in ran.lines)


def test_one_json_object(sweeper: Sweeper, here: Path) -> None:
    two(here)

    (found,) = sweeper("compare", "narrow", "wide", "--json").json

    assert found["metric"] == {"name": "accuracy", "goal": "maximize"}
    assert [side["best"]["value"] for side in found["sweeps"]] == [0.95, 1.0]
    assert len(found["sweeps"][0]["progress"]["best"]) == 12
    assert found["settings"] == [{"name": "method", "values": ["random", "tpe"]}]
    assert found["verdicts"][0]["within_noise"] is None


def test_the_plot_is_a_file_of_the_kind_its_name_says(sweeper: Sweeper, here: Path) -> None:
    two(here)

    for name, begins in (("plots/a.png", b"\x89PNG"), ("a.svg", b"<?xml")):
        ran = sweeper("compare", "narrow", "wide", "-o", name)
        assert ran.lines[-1] == f"wrote {name}"
        assert (here / name).read_bytes().startswith(begins)
    ran = sweeper("compare", "narrow", "wide", "-o", "a.pdf")
    assert ran.code == 2
    assert "a plot is a .png or .svg file" in ran.err


def test_what_cannot_be_compared_is_said(sweeper: Sweeper, digits: SweepRecord) -> None:
    ran = sweeper("compare", "digits")

    assert ran.code == 2
    assert "compare takes 2 to 10 different sweeps, not 1" in ran.err
    assert sweeper("compare", "digits", "digitz").code == 2
