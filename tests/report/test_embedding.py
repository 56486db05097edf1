"""What a report holds is what a server would answer."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sweeper.interfaces import Store
from sweeper.records import SweepRecord
from sweeper.report.embedding import Embedded, embedded, grid_of
from sweeper.store.store import SqlStore
from sweeper.web import curves, failures
from sweeper.web.columns import load, pack
from sweeper.web.plain import to_json
from sweeper.web.sparks import totals
from sweeper.web.sweep import sweep_page
from tests.report.conftest import PLANS, Found
from tests.web.unpacking import Block

HONEST = [kind for kind in PLANS if kind != "hostile"]  # a store takes some of its names in disguise
NOTED = {"returns"}  # told from what a controller notes, which these sweeps never had
Sweeps = Callable[[str], SweepRecord]


def facts(held: Embedded) -> Any:
    return json.loads(held.facts)


def commands(held: Embedded) -> list[str]:
    return [each["command"] for each in facts(held)["sweep"]["commands"]]


@pytest.mark.parametrize("kind", HONEST)
def test_the_page_of_the_sweep_is_that_of_the_server(store: SqlStore, sweep: Sweeps, found: Found, kind: str) -> None:
    record = sweep(kind)
    totals(store, record)

    live = json.loads(to_json(sweep_page(store, store.find_sweep(record.id), found(kind).now)))
    held = facts(embedded(store, found(kind)))["sweep"]
    for page in (live, held):
        page["facts"] = [fact for fact in page["facts"] if not fact[0].startswith(("Last ", "Next improvement"))]

    assert held.keys() == live.keys()
    assert held["store"] == "", "a file says nothing of the machine it was made on"
    own_words = {"live", "actions", "commands", "store", *NOTED}
    differing = [key for key in held if key not in own_words and held[key] != live[key]]
    assert not [(each, held[each], live[each]) for each in differing]


@pytest.mark.parametrize("kind", HONEST)
def test_trials_are_packed_as_the_server_packs_them(store: SqlStore, sweep: Sweeps, found: Found, kind: str) -> None:
    held = Block(gzip.decompress(base64.b64decode(embedded(store, found(kind)).columns)))
    live = Block(pack(load(store, sweep(kind)), ids=False))

    assert held.header == live.header
    assert held.ids is None
    for key, cells in live.cells.items():
        np.testing.assert_array_equal(held.cells[key], cells, err_msg=str(key))


@pytest.mark.parametrize("kind", HONEST)
def test_failures_are_those_of_the_server(store: SqlStore, sweep: Sweeps, found: Found, kind: str) -> None:
    live = json.loads(to_json(failures.failures(store, sweep(kind))))

    assert facts(embedded(store, found(kind)))["failures"] == live


@pytest.mark.parametrize("kind", HONEST)
def test_the_first_curves_are_those_of_the_server(store: SqlStore, sweep: Sweeps, found: Found, kind: str) -> None:
    live = curves.curves(store, sweep(kind), [], "", 100)
    held = facts(embedded(store, found(kind)))

    assert list(held["curves"]) == live["metrics"]
    assert held["curves_metric"] == live["metric"]
    first = [curve for curve in held["curves"].get(live["metric"], []) if curve["number"] in held["curves_first"]]
    assert [(curve["number"], curve["steps"]) for curve in first] == [(c["number"], c["steps"]) for c in live["curves"]]
    for one, other in zip(first, live["curves"], strict=True):
        assert one["values"] == pytest.approx(other["values"], rel=1e-6)


def test_each_goal_has_its_importance_and_the_curves_of_its_best(store: Store, found: Found) -> None:
    held = facts(embedded(store, found("goals")))

    assert [each["goal"] for each in held["importance"]] == ["accuracy", "latency_ms"]
    assert all(each["params"] for each in held["importance"])


def test_the_command_names_the_file_with_the_best_parameters(store: Store, found: Found) -> None:
    told = [
        each["command"] for each in facts(embedded(store, found("ordinary"), "r/best_params.yaml"))["sweep"]["commands"]
    ]
    alone = [each["command"] for each in facts(embedded(store, found("ordinary")))["sweep"]["commands"]]

    assert "sweeper run r/best_params.yaml" in told
    assert not [each for each in alone if each.startswith("sweeper run")]


def test_no_tag_can_end_the_facts(store: Store, found: Found) -> None:
    held = embedded(store, found("hostile"))

    assert "<" not in held.facts
    assert held.facts.isascii()
    assert "</script>" in json.dumps(json.loads(held.facts))


def test_a_metric_that_some_trials_lack_is_missing_there(found: Found) -> None:
    grid, table = grid_of(found("ordinary").table), found("ordinary").table

    for name, column in grid.metrics.items():
        np.testing.assert_array_equal(column.array, table.metrics[name])
    assert len(grid) == len(table)
