"""Metric curves of the best trials, read from a store."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sweeper.analysis import TrialTable, table
from sweeper.analysis.curves import MOST_POINTS, Curves, curves
from sweeper.records import Params
from sweeper.store import open_store
from tests.analysis.sweeps import FOREST, Made, Plan, forest, write_sweep


def read(folder: Path, plan: Plan) -> tuple[Curves, TrialTable]:
    store = open_store(str(folder / "runs.db"))
    try:
        found = table(store, write_sweep(store, plan))
        return curves(store, found), found
    finally:
        store.close()


def test_the_best_trials_come_first(tmp_path: Path) -> None:
    found, trials = read(tmp_path, forest())

    assert len(found.curves) == 10
    assert found.curves[0].number == int(np.nanargmax(np.where(trials.complete, trials.values[:, 0], np.nan)))
    assert [curve.value for curve in found.curves] == sorted((c.value for c in found.curves), reverse=True)
    assert list(found.curves[0].step) == list(range(13))


def test_a_long_curve_keeps_its_extremes(tmp_path: Path) -> None:
    def long(params: Params, number: int) -> Made:
        curve = [float(np.sin(step / 50)) for step in range(5000)]
        curve[1234] = 77.0
        return Made((1.0,), curve=curve)

    found, _ = read(tmp_path, forest(objective=long, trials=1))

    assert len(found.curves[0].step) <= MOST_POINTS + 2
    assert found.curves[0].reported.max() == 77.0


@pytest.mark.parametrize("curve", [(), (0.5,), (0.5, float("nan"))])
def test_fewer_than_two_steps_are_no_curve(tmp_path: Path, curve: tuple[float, ...]) -> None:
    found, _ = read(tmp_path, Plan(FOREST, lambda params, number: Made((0.5,), curve=curve), 3))

    assert found.curves == ()
