"""``reuse: true``: points that an earlier sweep evaluated are not run again."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sweeper.api.result import Result
from sweeper.api.running import run_sweep
from sweeper.config import parse_config
from sweeper.interfaces import Hook, Store
from sweeper.records import TrialRecord
from sweeper.store import open_store


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.chdir(tmp_path)
    write_objective()
    opened = open_store(str(tmp_path / "runs.db"))
    yield opened
    opened.close()


def write_objective(factor: int = 1) -> None:
    """An objective that leaves a mark each time it runs."""
    Path("train.py").write_text(
        textwrap.dedent(f"""
        from pathlib import Path
        def fit(a):
            with Path("ran").open("a") as file:
                file.write(f"{{a}} ")
            return {{"loss": {factor} * float(a), "size": 2.0}}
    """)
    )


class Heard(Hook):
    def __init__(self) -> None:
        self.notices: list[str] = []

    def notice(self, message: str) -> None:
        self.notices.append(message)


def sweep(store: Store, heard: Hook | None = None, data: dict[str, Any] | None = None, **changes: Any) -> Result:
    mapping = {
        "name": "s", "objective": f"{Path.cwd()}/train.py:fit", "method": "grid", "metric": {"name": "loss"},
        "parameters": {"a": {"values": [1, 2, 3]}}, "executor": {"kind": "inline"}, "seed": 5,
    }  # fmt: skip
    config = parse_config(mapping | changes, name="s", methods=["grid"], executors=["inline"])
    return run_sweep(config, store=store, hooks=[heard] if heard else [], data=data, report=False)


def ran() -> list[str]:
    return Path("ran").read_text().split()


def sources(store: Store, result: Result) -> list[str]:
    return [store.run(trial.run_id).tags.get("sweeper.reused", "") for trial in result.trials]


def values(trials: list[TrialRecord]) -> list[float]:
    return [trial.values[0] for trial in trials if trial.values]


def test_known_points_are_taken_and_new_ones_run(store: Store) -> None:
    first, heard = sweep(store), Heard()

    again = sweep(store, heard, reuse=True, parameters={"a": {"values": [1, 2, 3, 4]}})

    assert ran() == ["1", "2", "3", "4"]
    assert values(again.trials) == [1.0, 2.0, 3.0, 4.0]
    assert sources(store, again) == [f"{first.id}:{number}" for number in range(3)] + [""]
    assert again.sweep.counts["complete"] == 4
    assert again.best is not None
    assert again.best.value == 1.0
    assert again.trials[0].metrics == {"loss": 1.0, "size": 2.0}
    assert store.run(again.trials[0].run_id).metrics["size"] == 2.0
    assert again.state == "finished"
    assert "reuse: 3 results of 1 earlier sweep are at hand." in heard.notices


def test_without_reuse_everything_runs(store: Store) -> None:
    sweep(store)
    sweep(store)

    assert ran() == ["1", "2", "3"] * 2


def test_what_was_reused_is_not_a_source_itself(store: Store) -> None:
    first = sweep(store)
    sweep(store, reuse=True)

    third = sweep(store, reuse=True)

    assert sources(store, third) == [f"{first.id}:{number}" for number in range(3)]


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 6},
        {"tags": {"data": "v2"}},
        {"metric": {"name": "size"}},
        {"metric": {"name": "loss", "goal": "maximize"}},
    ],
)
def test_another_question_is_asked_anew(store: Store, changes: dict[str, Any]) -> None:
    sweep(store)
    heard = Heard()

    sweep(store, heard, reuse=True, **changes)

    assert len(ran()) == 6
    assert "reuse: no earlier sweep has the same objective, metrics, code, tags and seed." in heard.notices


def test_changed_code_is_run(store: Store) -> None:
    sweep(store)
    write_objective(factor=10)

    again = sweep(store, reuse=True)

    assert sources(store, again) == ["", "", ""]
    assert len(ran()) == 6


def test_a_failed_trial_is_run_again(store: Store) -> None:
    Path("train.py").write_text("def fit(a):\n    raise ValueError\n")
    sweep(store)
    Path("train.py").write_text("def fit(a):\n    raise ValueError\n")

    assert sources(store, sweep(store, reuse=True)) == ["", "", ""]


def test_data_from_code_cannot_be_compared(store: Store) -> None:
    Path("train.py").write_text("def fit(a, X):\n    return {'loss': float(a)}\n")
    sweep(store, data={"X": 1})
    heard = Heard()

    assert sources(store, sweep(store, heard, data={"X": 2}, reuse=True)) == ["", "", ""]
    assert any("data handed over from code cannot be compared" in notice for notice in heard.notices)


def test_reuse_is_kept_in_the_config(store: Store) -> None:
    assert sweep(store, reuse=True).sweep.config["reuse"] is True
    assert "reuse" not in sweep(store).sweep.config
