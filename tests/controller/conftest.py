"""Whole sweeps against a real store, in this process unless a test asks for workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from sweeper.api.decorator import build_config
from sweeper.api.result import Result
from sweeper.api.running import resume_sweep, run_sweep
from sweeper.interfaces import Store
from sweeper.records import TrialRecord
from sweeper.space import Float
from sweeper.store import open_store

PATIENCE = 60  #: seconds that something may take on a slow machine


class Run(Protocol):
    """Run a function as a sweep with the decorator's settings; in this process unless ``executor`` says otherwise."""

    def __call__(
        self, function: Callable[..., Any], *, data: Any = None, hooks: Any = (), resume: Any = None, **settings: Any
    ) -> Result: ...


def runner(store: Store) -> Run:
    def run(
        function: Callable[..., Any], *, data: Any = None, hooks: Any = (), resume: Any = None, **settings: Any
    ) -> Result:
        if resume is not None:
            return resume_sweep(
                store, resume, function=function, data=data, hooks=hooks, report=False, trials=settings.get("trials")
            )
        defaults = {"space": {"x": Float(0, 1)}, "method": "random", "seed": 1, "trials": 5, "executor": "inline"}
        config = build_config(function, defaults, settings)
        return run_sweep(config, store=store, function=function, data=data, hooks=hooks, report=False)

    return run


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The store of sweeps that several tests look at."""
    opened = open_store(str(tmp_path_factory.mktemp("store") / "runs.db"))
    yield opened
    opened.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(str(tmp_path / "runs.db"))
    yield opened
    opened.close()


@pytest.fixture
def run(store: Store) -> Run:
    return runner(store)


def by(trials: list[TrialRecord], name: str) -> dict[Any, TrialRecord]:
    """Return trials by the value of one of their parameters."""
    return {trial.params[name]: trial for trial in trials}
