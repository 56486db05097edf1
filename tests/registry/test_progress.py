"""Metrics and importance from version to version, as columns and as a plot."""

from __future__ import annotations

import math

import pytest

from sweeper.errors import NotFound
from sweeper.records import ModelVersion
from sweeper.registry.progress import progress
from sweeper.report.picture import png
from sweeper.report.plots.versions import figure


def version(number: int, metrics: dict[str, float], importance: dict[str, float] | None = None) -> ModelVersion:
    sweep = {"goals": [["loss", "minimize"]]}
    facts = {"metrics": metrics, "importance": importance or {}, "sweep": sweep}
    return ModelVersion(str(number), "m", number, facts=facts, aliases=("a",) if number == 1 else ())


VERSIONS = [
    version(1, {"seconds": 1.0, "loss": 0.5}, {"x": 0.75, "y": 0.25}),
    version(2, {"seconds": 2.0, "extra": 1.0}),
    version(4, {"seconds": 3.0, "loss": 0.25}, {"y": 0.6, "x": 0.3, "z": -0.7}),
]


def test_goals_come_first_and_what_is_missing_is_nan() -> None:
    found = progress("m", VERSIONS)
    assert found.numbers == (1, 2, 4)
    assert list(found.metrics) == ["loss", "seconds", "extra"]
    assert found.metrics["loss"][::2] == [0.5, 0.25]
    assert math.isnan(found.metrics["loss"][1])
    assert list(found.importance) == ["z", "y", "x"]


def test_metrics_can_be_chosen() -> None:
    assert list(progress("m", VERSIONS, ["seconds"]).metrics) == ["seconds"]
    with pytest.raises(NotFound, match="did you mean 'loss'"):
        progress("m", VERSIONS, ["los"])


@pytest.mark.parametrize("count", [0, 1, 3])
def test_any_number_of_versions_is_drawn(count: int) -> None:
    assert png(figure(progress("m $x$", VERSIONS[:count]))).startswith(b"\x89PNG")
