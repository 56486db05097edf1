"""Whole sweeps of commands, in a folder and a store of their own."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sweeper.api.result import Result
from sweeper.api.running import run_sweep
from sweeper.config import parse_config
from sweeper.interfaces import Store
from sweeper.records import TrialRecord
from sweeper.store import open_store

Sweep = Callable[..., Result]
Write = Callable[..., Path]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(str(tmp_path / "runs.db"))
    yield opened
    opened.close()


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a file into the folder that the sweeps of this test run in."""
    monkeypatch.chdir(tmp_path)

    def write(name: str, content: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(content).lstrip("\n"))
        return path

    return write


@pytest.fixture
def sweep(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sweep:
    """Runs the sweep of a mapping in this process, unless ``executor`` says otherwise."""
    monkeypatch.chdir(tmp_path)

    def sweep(hooks: Any = (), **keys: Any) -> Result:
        defaults = {
            "metric": {"name": "loss"},
            "method": "random",
            "parameters": {"x": {"min": 0.0, "max": 1.0}},
            "budget": {"trials": 1},
            "executor": {"kind": "inline"},
            "seed": 3,
        }
        return run_sweep(parse_config(defaults | keys), store=store, hooks=hooks, report=False)

    return sweep


@pytest.fixture
def only(sweep: Sweep, store: Store) -> Callable[..., TrialRecord]:
    """Runs one trial and returns it, with its output."""

    def only(**keys: Any) -> TrialRecord:
        (trial,) = sweep(**keys).trials
        return store.find_trial(trial.run_id)

    return only
