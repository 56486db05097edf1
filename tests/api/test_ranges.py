"""Ranges as a DataFrame."""

from __future__ import annotations

from pathlib import Path

import pytest

import sweeper
from sweeper.errors import NotFound, UsageError
from tests.cli.ranges_past import write


def test_a_row_for_each_parameter(folder: Path) -> None:
    for seed in (1, 2, 3):
        write(seed)

    found = sweeper.ranges(plot=folder / "r.svg").set_index("parameter")

    assert list(found.index) == ["lr", "depth", "kind"]
    assert found.loc["lr", "action"] == "shrink"
    assert found.loc["lr", "low"] < 1e-3 < found.loc["lr", "high"]
    assert found.loc["depth", "recommended"] == found.loc["depth", "declared"]
    assert (folder / "r.svg").exists()


def test_an_open_store_says_the_same(folder: Path) -> None:
    for seed in (1, 2, 3):
        write(seed)

    assert sweeper.open().ranges(param="lr").equals(sweeper.ranges(param="lr"))


def test_what_differs_between_pooled_sweeps_is_noted(folder: Path) -> None:
    write(1, tags={"dataset": "wine"})
    write(2, tags={"dataset": "beer"})

    assert len(sweeper.ranges()) == 6
    merged = sweeper.ranges(merge=["data"])
    assert len(merged) == 3
    assert merged.attrs["notes"][0].startswith("data differs: ")


def test_mistakes_are_told(folder: Path) -> None:
    write(1)

    with pytest.raises(NotFound, match="did you mean 'depth'"):
        sweeper.ranges(param="depht")
    with pytest.raises(UsageError, match="did you mean 'data'"):
        sweeper.ranges(merge=["date"])
