"""Drafts over the API."""

from __future__ import annotations

from typing import Any

import pytest

from sweeper.records import SweepRecord
from sweeper.store.store import SqlStore
from tests.analysis.sweeps import forest, write_sweep

from .conftest import Pages


@pytest.fixture
def sweeps(store: SqlStore) -> list[SweepRecord]:
    return [write_sweep(store, forest(trials=40), seed) for seed in (1, 2, 3)]


def test_each_way_to_ask_has_an_answer_of_one_shape(pages: Pages, store: SqlStore, sweeps: list[SweepRecord]) -> None:
    last, ids = sweeps[-1], [sweep.id for sweep in sweeps]
    wishes: list[dict[str, Any]] = [
        {"f": "learning_rate:1e-4..1e-2"},
        {"numbers": [1, 2, 3]},
        {"top": 0.2, "margin": 0.1},
        {"recommended": True, "sweeps": ids},
    ]

    drafts = [pages.post(f"sweeps/{last.id}/draft", **wish) for wish in wishes]

    for draft in drafts:
        assert draft.keys() >= {"name", "yaml", "diff", "unified", "warnings", "estimate", "command"}
        assert {row["param"] for row in draft["diff"]} == set(last.space)
        assert draft["unified"].startswith("--- digits-forest ")
    assert len({draft["yaml"] for draft in drafts}) == 4
    assert set(drafts[-1]["sweeps"]) == set(ids)
    assert store.sweeps() == sorted(sweeps, key=lambda sweep: sweep.id, reverse=True)  # nothing was written


def test_without_names_only_sweeps_before_it_are_pooled(pages: Pages, sweeps: list[SweepRecord]) -> None:
    found = pages.post(f"sweeps/{sweeps[0].id}/draft", recommended=True)

    assert found["sweeps"] == [sweeps[0].id]  # the others are as old
    assert any("only 1 sweep" in warning for warning in found["warnings"])


def test_a_range_that_is_not_accepted_stays(pages: Pages, sweeps: list[SweepRecord]) -> None:
    ids = [sweep.id for sweep in sweeps]
    all_of_them = pages.post(f"sweeps/{ids[0]}/draft", recommended=True, sweeps=ids)
    changed = [row["param"] for row in all_of_them["diff"] if row["kind"] != "kept"]

    left = pages.post(f"sweeps/{ids[0]}/draft", recommended=True, sweeps=ids, accept={changed[0]: False})

    assert [row["param"] for row in left["diff"] if row["kind"] != "kept"] == changed[1:]


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"f": "x"},
        {"numbers": ["a"]},
        {"numbers": [-1]},
        {"top": 0},
        {"top": "nan"},
        {"margin": 2, "top": 1},
        {"recommended": True, "accept": [1]},
        {"top": 1, "goal": -1},
    ],
)
def test_what_means_nothing_is_refused(pages: Pages, sweeps: list[SweepRecord], wish: dict[str, Any]) -> None:
    status, answer = pages.refused_post("sweeps/last/draft", **wish)

    assert status == 400
    assert answer["message"]
