"""Ranges over the API."""

from __future__ import annotations

import random
from typing import Any

import pytest

from sweeper.events import TagsSet
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_sweep, add_trial

from .conftest import Pages


def searched(store: SqlStore, name: str, **tags: str) -> str:
    config, space = {"objective": "train.py:train"}, {"depth": {"min": 1, "max": 9}}
    sweep = add_sweep(store, name, config=config, space=space, seed=len(store.sweeps()))
    store.write(TagsSet(sweep.id, tags)).result()
    for number in range(8):
        add_trial(store, sweep, number, {"depth": number + 1}, number / 8)
    return sweep.id


def convincing(store: SqlStore, seed: int) -> str:
    """Write a sweep that is good near 1e-3 alone."""
    space = {"rate": {"min": 1e-5, "max": 1e-1, "log": True}}
    sweep = add_sweep(store, f"sweep-{seed}", config={"objective": "train.py:train"}, space=space, seed=seed)
    drawn = random.Random(seed)
    for number in range(30):
        at = drawn.uniform(-5, -1)
        add_trial(store, sweep, number, {"rate": 10**at}, -((at + 3) ** 2))
    return sweep.id


def test_an_empty_store_is_no_error(pages: Pages) -> None:
    found = pages.get("ranges")
    assert found["groups"] == []
    assert found["message"]


def test_sweeps_are_chosen_as_on_the_command_line(pages: Pages, store: SqlStore) -> None:
    wine, beer = searched(store, "one", dataset="wine"), searched(store, "two", dataset="beer")

    def chosen(**query: Any) -> list[list[str]]:
        return [[sweep["id"] for sweep in group["sweeps"]] for group in pages.get("ranges", **query)["groups"]]

    assert chosen() == [[beer], [wine]]
    assert chosen(tag="dataset=wine") == [[wine]]
    assert chosen(merge="data") == [[beer, wine]]
    assert chosen(merge="data,code") == [[beer, wine]]
    assert chosen(sweeps=f"{wine},{beer[-8:]}") == [[beer, wine]]
    assert chosen(name="t*") == [[beer]]
    assert chosen(objective="train.py:*", p="depth") == [[beer], [wine]]


@pytest.mark.parametrize(
    ("query", "status"), [({"merge": "dat"}, 400), ({"tag": "x"}, 400), ({"p": "dept"}, 404), ({"sweeps": "x"}, 404)]
)
def test_what_cannot_be_asked_is_said(pages: Pages, store: SqlStore, query: dict[str, str], status: int) -> None:
    searched(store, "one")
    assert pages.refused("ranges", **query)[0] == status


def test_the_next_sweep_is_drafted_from_sweeps(pages: Pages, store: SqlStore) -> None:
    ids = [searched(store, name) for name in ("one", "two", "three")]
    before = store.sweeps()
    made = pages.post("ranges/draft", sweeps=ids, metric="accuracy")
    assert {row["param"] for row in made["diff"]} == {"depth"}
    assert "depth" in made["yaml"]
    assert made["name"] == "three-2"
    assert sorted(made["sweeps"]) == sorted(ids)
    assert store.sweeps() == before


def test_what_is_not_accepted_stays_as_declared(pages: Pages, store: SqlStore) -> None:
    ids = [convincing(store, seed) for seed in range(4)]
    taken, left = (pages.post("ranges/draft", sweeps=ids, accept={"rate": yes}) for yes in (True, False))
    assert [row["kind"] for row in left["diff"]] == ["kept"]
    assert [row["kind"] for row in taken["diff"]] == ["narrowed"]


def test_a_draft_that_cannot_be_made_is_said(pages: Pages, store: SqlStore) -> None:
    one = searched(store, "one")
    assert pages.refused_post("ranges/draft")[0] == 400
    assert pages.refused_post("ranges/draft", sweeps=["nobody"])[0] == 404
    assert pages.refused_post("ranges/draft", sweeps=[one], accept={"depth": "maybe"})[0] == 400
    assert pages.refused_post("ranges/draft", sweeps=[f"x{n}" for n in range(201)])[0] == 400
