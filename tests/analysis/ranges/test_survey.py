"""Any sweep that a store can hold can be surveyed, told and drawn."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sweeper.analysis import table
from sweeper.analysis.ranges.groups import grouped
from sweeper.analysis.ranges.next_space import next_space
from sweeper.analysis.ranges.shape import best_text, flat, range_text, shape
from sweeper.analysis.ranges.survey import BINS, survey
from sweeper.records import Params
from sweeper.store import open_store
from tests.analysis import sweeps
from tests.analysis.ranges.conftest import SPACE, best_of, bowl, one, several

PLANS = {
    "ordinary": sweeps.forest,
    "goals": sweeps.multi,
    "conditional": sweeps.conditional,
    "hostile": sweeps.hostile,
    "failed": sweeps.all_failed,
}


@pytest.mark.parametrize("kind", PLANS)
def test_every_kind_of_sweep_gives_plain_facts(kind: str, tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "runs.db"))
    try:
        records = [sweeps.write_sweep(store, PLANS[kind](), seed) for seed in (1, 2, 3)]
        tables = [table(store, record) for record in records]
    finally:
        store.close()

    found = survey(tables)

    (group,) = grouped(records)
    assert {each.name for each in found} == {name for each in tables for name in each.searched}
    for each in found:
        json.dumps(shape(group, each), default=str)
        assert set(flat(group, each)) >= {"parameter", "declared", "recommended", "reason"}
        assert each.recommendation.reason
    if kind != "failed":
        assert next_space(tables, found).space.sample(random.Random(0)) is not None


ODD: dict[str, tuple[dict[str, Any], Callable[[Params], float]]] = {
    "one value": ({"x": {"min": 3, "max": 3}, "y": {"min": 0.0, "max": 1.0}}, lambda p: p["y"]),
    "lists": ({"x": {"values": [[1, 2], [3], {"a": 1}]}, "y": {"min": 0.0, "max": 1.0}}, lambda p: len(p["x"])),
    "a normal": ({"x": {"distribution": "normal", "mu": 0, "sigma": 1}}, lambda p: abs(p["x"])),
    "a log normal": ({"x": {"distribution": "log_normal", "mu": 0, "sigma": 1}}, lambda p: p["x"]),
    "steps": ({"x": {"min": 0.0, "max": 1.0, "step": 0.25}}, lambda p: p["x"]),
    "log steps": ({"x": {"min": 8, "max": 512, "step": 8, "log": True}}, lambda p: p["x"]),
    "quantized": ({"x": {"distribution": "q_uniform", "min": 0, "max": 10, "q": 3}}, lambda p: p["x"]),
    "weights": ({"x": {"values": ["a", "b"], "weights": [3, 1]}}, lambda p: p["x"] == "a"),
    "infinite values": ({"x": {"min": 0.0, "max": 1.0}}, lambda p: float("inf") if p["x"] > 0.3 else p["x"]),
    "huge": ({"x": {"min": -1e300, "max": 1e300}}, lambda p: p["x"] / 1e300),
    "none": ({"x": {"values": [None, True, 1, "1"]}}, lambda p: p["x"] is None),
}


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("declared", [True, False])
def test_odd_parameters_are_told_too(kind: str, declared: bool) -> None:
    space, value = ODD[kind]
    tables = several(lambda params: float(value(params)), 4, space=space, declared=declared)

    found = survey(tables)

    (group,) = grouped([each.sweep for each in tables])
    for each in found:
        json.dumps(shape(group, each))
        assert flat(group, each)["recommended"] == each.recommendation.parameter.describe()
        for tried in tables:
            if each.recommendation.coverage == 1.0 and len(each.best) == 4:
                assert each.recommendation.declared.contains(best_of(tried)[each.name])


def test_densities_sum_to_one_and_the_good_ones_lie_where_they_are() -> None:
    lr = survey(several(bowl, 4))[0]

    assert lr.tried.sum() == pytest.approx(1)
    assert lr.good.sum() == pytest.approx(1)
    assert lr.good[: BINS // 4].sum() < 0.05 < lr.good[BINS // 4 : 3 * BINS // 4].sum()


def test_best_values_are_those_of_the_best_trials() -> None:
    tables = several(bowl, 3)

    found = {each.name: each for each in survey(tables)}

    assert found["lr"].best == tuple(best_of(each)["lr"] for each in tables)
    assert best_text(found["kind"]).split(" | ")[0] in ("adam", "sgd")


def test_a_range_is_told_without_its_condition() -> None:
    space = SPACE | {"beta": {"min": 0.0, "max": 1.0, "when": {"kind": "adam"}}}

    beta = next(each for each in survey([one(bowl, 1, space=space)]) if each.name == "beta")

    assert range_text(beta.recommendation.declared) == "0 .. 1"


def test_integers_that_were_tried_alike_are_equally_dense() -> None:
    space = {"n": {"min": 1, "max": 32}, "few": {"min": 1, "max": 3}, "log": {"min": 1, "max": 64, "log": True}}
    every = [{"n": 1 + i % 32, "few": 1 + i % 3, "log": 1} for i in range(96)]
    found = {
        each.name: each
        for each in survey([one(lambda params: 0.0, 1, space=space, trials=96, draw=lambda rng: every.pop())])
    }

    assert found["n"].tried == pytest.approx([1 / BINS] * BINS)
    assert found["few"].tried == pytest.approx([1 / BINS] * BINS)
    assert found["log"].tried.sum() == pytest.approx(1)
    assert found["log"].tried[BINS // 2 :].sum() == 0
