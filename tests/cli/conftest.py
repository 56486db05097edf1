"""A folder to work in, the command as a function, and sweeps of the past written straight into the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from sweeper.cli.app import app
from sweeper.cli.mistakes import call
from sweeper.events import (
    AttemptEnded,
    AttemptStarted,
    RunEnded,
    RunStarted,
    SweepChanged,
    SweepCreated,
    SweepProgress,
    TrialCreated,
)
from sweeper.records import (
    BestTrial,
    Failure,
    FailureClass,
    Goal,
    Params,
    Run,
    RunState,
    SweepRecord,
    SweepState,
    new_id,
)
from sweeper.store import open_store

ACCURACY = Goal("accuracy", "maximize")


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def json(self) -> list[Any]:
        return [json.loads(line) for line in self.lines]


Sweeper = Callable[..., Ran]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder as the current one, and no variable that changes what commands do."""
    monkeypatch.chdir(tmp_path)
    for name in ("SWEEPER_STORE", "SWEEPER_DEBUG", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def sweeper(here: Path, capsys: pytest.CaptureFixture[str]) -> Sweeper:
    """The command line as a function."""

    def run(*args: str) -> Ran:
        capsys.readouterr()
        code = call(app, list(args))
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@dataclass
class Past:
    """Writes a sweep that lies in the past."""

    sweep: SweepRecord
    events: list[Any] = field(default_factory=list)
    counts: dict[RunState, int] = field(default_factory=dict)
    best: BestTrial | None = None
    number: int = 0

    def trial(
        self,
        params: Params,
        *values: float,
        state: RunState | None = None,
        failure: Failure | None = None,
        metrics: Mapping[str, float] | None = None,
        output: str = "",
        seconds: float = 2.0,
        children: Mapping[str, float] | None = None,
    ) -> str:
        """One trial: complete with values, failed with a failure, or in ``state``; return its run id."""
        state = state or (RunState.FAILED if failure else RunState.COMPLETE)
        run_id, begun = new_id(), 1000.0 + 10 * self.number
        self.events.append(TrialCreated(self.sweep.id, run_id, self.number, params, 1, begun))
        self.events.append(AttemptStarted(self.sweep.id, run_id, 1, "slot 0", begun))
        for name in children or {}:
            nested = Run(new_id(), name, parent_id=run_id, started=begun)
            self.events += [RunStarted(nested), RunEnded(nested.id, RunState.COMPLETE, begun + 1)]
        named = dict(zip((goal.name for goal in self.sweep.goals), values, strict=False)) | dict(metrics or {})
        if state.ended:
            ended = AttemptEnded(
                self.sweep.id,
                run_id,
                1,
                begun + seconds,
                state,
                started=begun,
                values=values or None,
                metrics=named,
                failure=failure,
                output=output,
            )
            self.events.append(ended)
        self.counts[state] = self.counts.get(state, 0) + 1
        goal = self.sweep.goals[0]
        if values and len(self.sweep.goals) == 1 and (not self.best or goal.better(values[0], self.best.value)):
            self.best = BestTrial(self.number, run_id, values[0], params)
        self.number += 1
        return run_id

    def write(self, state: SweepState = SweepState.FINISHED, reason: str = "", url: str | None = None) -> SweepRecord:
        """Put it into the store of the current folder."""
        store = open_store(url)
        experiment = store.experiment(self.sweep.experiment or "Default")
        created = SweepCreated(replace(self.sweep, experiment_id=experiment), dict(self.sweep.tags), {})
        store.write(created).result()
        progress = SweepProgress(self.sweep.id, self.counts, self.best)
        store.write(*self.events, progress).result()
        store.write(SweepChanged(self.sweep.id, 1100.0, state, reason=reason)).result()
        store.close()
        return self.sweep


def past(name: str = "digits", goals: tuple[Goal, ...] = (ACCURACY,), **facts: Any) -> Past:
    space = {"depth": {"min": 2, "max": 32}, "kind": {"values": ["gini", "entropy"]}}
    config = {
        "name": name,
        "metrics": [{"name": goal.name, "goal": goal.direction} for goal in goals],
        "parameters": space,
        "budget": {"trials": 10, "failures": 20},
    }
    record = SweepRecord(
        new_id(),
        name,
        SweepState.RUNNING,
        "random",
        goals,
        space,
        config,
        seed=7,
        trials=10,
        experiment="Default",
        created=990.0,
        started=1000.0,
    )
    return Past(replace(record, **facts))


@pytest.fixture
def digits(here: Path) -> SweepRecord:
    """A finished sweep: four complete trials, one pruned, one failed."""
    made = past()
    made.trial({"depth": 4, "kind": "gini"}, 0.9, metrics={"size": 10.0}, output="epoch 1\n", children={"fold-0": 0.9})
    made.trial({"depth": 8, "kind": "entropy"}, 0.95, metrics={"size": 30.0}, seconds=5)
    made.trial({"depth": 16, "kind": "gini"}, 0.85, metrics={"size": 20.0}, seconds=1)
    trace = "Traceback (most recent call last):\n  ...\nValueError: too deep"
    made.trial({"depth": 32, "kind": "gini"}, failure=Failure(FailureClass.EXCEPTION, "ValueError: too deep", trace))
    made.trial({"depth": 5, "kind": "entropy"}, 0.5, state=RunState.PRUNED)
    made.best = replace(made.best, number=1) if made.best else None
    made.trial({"depth": 9, "kind": "entropy"}, 0.94, metrics={"size": 35.0})
    return made.write()
