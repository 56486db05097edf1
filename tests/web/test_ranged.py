"""Ranges over past sweeps, for drawing."""

from __future__ import annotations

import random
from typing import Any

import pytest

from sweeper.analysis.ranges.gathering import gather
from sweeper.analysis.ranges.past import Wanted
from sweeper.analysis.ranges.shape import shape
from sweeper.errors import NotFound
from sweeper.events import TagsSet
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_sweep, add_trial
from sweeper.web import ranged
from sweeper.web.plain import to_json
from sweeper.web.ranged import latest, ranges_page

SPACE = {
    "rate": {"min": 1e-4, "max": 1e-1, "distribution": "log_uniform_values"},
    "depth": {"min": 1, "max": 9},
    "kind": {"values": ["a", "b", "c"]},
}


def searched(store: SqlStore, name: str, space: dict[str, Any] | None = None, trials: int = 24, **tags: str) -> str:
    """Write a sweep whose values are the better the lower the rate."""
    sweep = add_sweep(store, name, space=space or SPACE, config={"objective": "train.py:train"})
    if tags:
        store.write(TagsSet(sweep.id, tags)).result()
    drawn = random.Random(name)
    high = sweep.space["rate"]["max"]
    for number in range(trials):
        rate = 1e-4 * (high / 1e-4) ** (drawn.random() if number else 0.01)
        params = {"rate": rate, "depth": drawn.randint(1, 9), "kind": drawn.choice("abc")}
        add_trial(store, sweep, number, params, 1 - rate)
    return sweep.id


def test_lanes_lie_on_one_axis_the_oldest_sweep_first(fresh: SqlStore) -> None:
    narrow = {**SPACE, "rate": {"min": 1e-4, "max": 1e-2, "distribution": "log_uniform_values"}}
    ids = [searched(fresh, "wide"), searched(fresh, "narrow", narrow)]
    found = ranges_page(fresh, Wanted())
    to_json(found)
    [group] = found["groups"]
    assert [sweep["id"] for sweep in group["sweeps"]] == ids[::-1]
    rate = next(each for each in group["parameters"] if each["parameter"] == "rate")
    assert (rate["axis"]["kind"], rate["axis"]["log"]) == ("float", True)
    assert (rate["axis"]["low"], rate["axis"]["high"]) == (pytest.approx(1e-4), pytest.approx(1e-1))
    wide, narrowed = rate["lanes"]
    assert (wide["id"], wide["span"]) == (ids[0], [0.0, 1.0])
    assert narrowed["span"] == [0.0, pytest.approx(2 / 3, abs=1e-4)]
    assert rate["span"] == narrowed["span"]
    for lane in (wide, narrowed):
        assert lane["n"] == 24
        assert lane["edge"] == "low"
        assert lane["quantile_places"] == sorted(lane["quantile_places"])
        assert len(lane["quantiles"]) == 5
        assert 0 < len(lane["top"]) <= ranged.TOP
        assert lane["top"][0] == pytest.approx(lane["best"], rel=1e-5)
        assert lane["best_value"] == pytest.approx(1 - lane["best"])


def test_choices_are_counted(fresh: SqlStore) -> None:
    searched(fresh, "one")
    found = ranges_page(fresh, Wanted(), params=["kind"])
    [kind] = found["groups"][0]["parameters"]
    [lane] = kind["lanes"]
    assert (kind["axis"]["choices"], kind["span"]) == (["a", "b", "c"], None)
    assert sum(lane["tried"]) == 24
    assert all(good <= tried for good, tried in zip(lane["good"], lane["tried"], strict=True))
    assert lane["declares"] == [True, True, True]


def test_everything_the_command_prints_is_there(fresh: SqlStore) -> None:
    searched(fresh, "one")
    searched(fresh, "two")
    [(group, parameters)] = gather(fresh, Wanted())
    [shown] = ranges_page(fresh, Wanted())["groups"]
    for printed, drawn in zip((shape(group, each) for each in parameters), shown["parameters"], strict=True):
        rest = {name: value for name, value in printed.items() if name not in ("group", "differences")}
        assert {name: drawn[name] for name in rest} == rest


def test_sweeps_on_other_data_are_kept_apart_unless_merged(fresh: SqlStore) -> None:
    searched(fresh, "one", dataset="wine")
    searched(fresh, "two", dataset="beer")
    apart = ranges_page(fresh, Wanted())["groups"]
    assert [group["data"] for group in apart] == ["dataset=beer", "dataset=wine"]
    [merged] = ranges_page(fresh, Wanted(), merge=["data"])["groups"]
    assert "data differs" in merged["differences"][0]
    [chosen] = ranges_page(fresh, Wanted(tags={"dataset": "wine"}))["groups"]
    assert [sweep["name"] for sweep in chosen["sweeps"]] == ["one"]


def test_nothing_to_show_is_a_message_and_no_error(fresh: SqlStore) -> None:
    assert "no sweeps" in ranges_page(fresh, Wanted())["message"]
    add_sweep(fresh, "empty")
    assert "no trial is complete yet" in ranges_page(fresh, Wanted())["message"]
    assert "did you mean 'empty'" in ranges_page(fresh, Wanted(name="empt"))["message"]


def test_what_is_not_there_is_an_error(fresh: SqlStore) -> None:
    searched(fresh, "one")
    with pytest.raises(NotFound, match="no parameter 'rat'; did you mean 'rate'"):
        ranges_page(fresh, Wanted(), params=["rat"])
    with pytest.raises(NotFound, match="no sweep"):
        ranges_page(fresh, Wanted(("nobody",)))


def test_of_very_many_sweeps_the_latest_are_looked_at(fresh: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [searched(fresh, name, trials=10) for name in ("one", "two", "three")]
    monkeypatch.setattr(ranged, "MOST_TRIALS", 25)
    found = ranges_page(fresh, Wanted())
    assert [sweep["id"] for sweep in found["groups"][0]["sweeps"]] == ids[:0:-1]
    assert found["notes"] == ["these are the latest 2 of 3 sweeps: name others, or choose by tag"]
    monkeypatch.setattr(ranged, "MOST_TRIALS", 1)
    assert len(latest(fresh.sweeps())) == 1


def test_a_name_stands_for_its_latest_sweep(fresh: SqlStore) -> None:
    searched(fresh, "one")
    searched(fresh, "one")
    assert "older ones of that name" in ranges_page(fresh, Wanted(("one",)))["notes"][0]
