"""Metric histories of one run."""

from __future__ import annotations

import math

from sweeper.events import PointsLogged
from sweeper.records import Point
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import START, add_run
from sweeper.web.histories import histories


def test_all_metrics_come_in_the_order_of_their_steps(fresh: SqlStore) -> None:
    run_id = add_run(fresh)
    points = (Point("loss", 0.5, 2, START + 2), Point("loss", 0.9, 1, START + 3), Point("acc", math.nan, 0, START))
    fresh.write(PointsLogged(run_id, points)).result()
    found = histories(fresh, fresh.run(run_id))
    assert found["loss"] == {"steps": [1, 2], "values": [0.9, 0.5], "times": [START + 3, START + 2], "n": 2}
    assert math.isnan(found["acc"]["values"][0])


def test_a_metric_that_is_not_there_is_empty(fresh: SqlStore) -> None:
    run = fresh.run(add_run(fresh))
    assert histories(fresh, run, ["nothing"]) == {"nothing": {"steps": [], "values": [], "times": [], "n": 0}}


def test_a_long_history_keeps_its_ends_and_its_extremes(fresh: SqlStore) -> None:
    run_id = add_run(fresh)
    values = [math.sin(i / 50) for i in range(5000)]
    values[3210], values[77] = 9.0, -9.0
    fresh.write(
        PointsLogged(run_id, tuple(Point("loss", value, i, START + i) for i, value in enumerate(values)))
    ).result()
    found = histories(fresh, fresh.run(run_id), ["loss"], 200)["loss"]
    assert found["n"] == 5000
    assert len(found["steps"]) <= 200
    assert found["steps"] == sorted(found["steps"])
    assert (found["steps"][0], found["steps"][-1]) == (0, 4999)
    assert {9.0, -9.0} <= set(found["values"])
    assert len(found["values"]) == len(found["steps"]) == len(found["times"])
