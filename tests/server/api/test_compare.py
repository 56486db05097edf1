"""Comparison over the API."""

from __future__ import annotations

from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_sweep, add_trial

from .conftest import Pages


def test_sweeps_are_named_in_one_text_or_several(pages: Pages, store: SqlStore) -> None:
    for name in ("a", "b"):
        sweep = add_sweep(store, name)
        for number in range(3):
            add_trial(store, sweep, number, value=number / 4)
    together, apart = pages.get("compare", s="a,b"), pages.get("compare", s=["a", "b"], metric="accuracy")
    for found in (together, apart):
        assert [side["name"] for side in found["sweeps"]] == ["a", "b"]
        assert found["metric"] == {"name": "accuracy", "goal": "maximize"}


def test_what_cannot_be_compared_is_said(pages: Pages, store: SqlStore) -> None:
    add_sweep(store, "a")
    add_sweep(store, "b")
    assert pages.refused("compare")[0] == 400
    assert pages.refused("compare", s="a")[0] == 400
    status, answer = pages.refused("compare", s="a,c")
    assert (status, {each["name"] for each in answer["nearest"]}) == (404, {"a", "b"})
    assert pages.refused("compare", s="a,b", metric="nothing")[0] == 404
