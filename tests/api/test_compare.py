"""``sweeper.compare``."""

from __future__ import annotations

from pathlib import Path

import sweeper


@sweeper.objective(metric="loss", space={"x": sweeper.Float(0.0, 1.0), "y": sweeper.Float(0.0, 1.0)}, executor="inline")
def bowl(x: float, y: float) -> float:
    return x * x + 0.01 * y


def test_sweeps_by_name_or_as_results(folder: Path) -> None:
    first = bowl.sweep(trials=12, seed=1, method="random", name="first", report=False, progress=False)
    bowl.sweep(trials=15, seed=2, method="qmc", name="second", report=False, progress=False)

    found = sweeper.compare(first, "second")

    assert found.metric == "loss"
    assert list(found.frame()["trials"]) == [12, 15]
    assert found.frame()["best"].min() == found.best_so_far()["best"].min()
    assert len(found.best_so_far()) == 27
    assert found.differences().loc["method"].tolist() == ["random", "qmc"]
    assert found.params().shape == (2, 2)
    assert list(found.importance().columns) == ["first", "second"]
    assert len(found.verdicts) == 1
    assert found.verdicts[0] in repr(found)
    assert found.plot(folder / "compare.png").stat().st_size > 10_000
