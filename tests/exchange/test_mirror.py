"""Sweeps copied to a server that speaks MLflow's protocol: whole, in one tree, and never twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sweeper.api.running import run_sweep
from sweeper.config import parse_config
from sweeper.exchange.mirror import Mirror
from sweeper.exchange.mlflow_client import MlflowClient, ServerAway
from sweeper.store import open_database
from sweeper.store.store import SqlStore
from tests.server.served import served


@pytest.fixture
def here(tmp_path: Path) -> Iterator[SqlStore]:
    made = open_database(str(tmp_path / "here.db"))
    yield made
    made.close()


@pytest.fixture
def there(tmp_path: Path) -> Iterator[SqlStore]:
    made = open_database(str(tmp_path / "there.db"))
    yield made
    made.close()


def train(x: float, trial: Any) -> float:
    if x > 0.8:
        raise ValueError("too large")
    for step in range(3):
        trial.report(x + step, step)
    with trial.child("fold-0") as fold:
        fold.log_metric("loss", x)
    return x


def swept(store: SqlStore, **keys: Any) -> str:
    config = parse_config(
        {
            "name": "digits",
            "experiment": "vision",
            "metric": {"name": "loss"},
            "method": "random",
            "seed": 3,
            "parameters": {"x": {"min": 0.0, "max": 1.0}},
            "budget": {"trials": 8},
            "executor": {"kind": "inline"},
            "tags": {"team": "a"},
            **keys,
        }
    )
    return run_sweep(config, store=store, function=train, report=False).sweep.id


def check(here: SqlStore, sweep_id: str, there: SqlStore) -> None:
    """Everything of the sweep is there once."""
    parents = there.runs(f"tags.`sweeper.run_id` = '{sweep_id}'", experiment="vision")
    assert len(parents) == 1
    assert (parents[0].name, parents[0].tags["team"]) == ("digits", "a")
    copies = {run.tags["sweeper.run_id"]: run for run in there.children(parents[0].id)}
    trials = here.trials(sweep_id)
    assert sorted(copies) == sorted(trial.run_id for trial in trials)
    assert len(there.children(parents[0].id)) == len(trials)
    states = {"complete": "complete", "failed": "failed", "pruned": "cancelled"}
    for trial in trials:
        copy = copies[trial.run_id]
        assert copy.params == here.run(trial.run_id).params
        assert copy.state.value == states[trial.state.value]
        theirs, ours = there.points([copy.id])[copy.id], here.points([trial.run_id])[trial.run_id]
        assert sorted((p.key, p.step, p.value) for p in theirs) == sorted((p.key, p.step, p.value) for p in ours)
        assert [run.name for run in there.children(copy.id)] == [run.name for run in here.children(trial.run_id)]


def test_a_sweep_is_copied_whole_and_once(here: SqlStore, there: SqlStore) -> None:
    sweep_id = swept(here)
    with served(there) as url:
        assert Mirror(MlflowClient(url), here, sweep_id).copy() == 8
        check(here, sweep_id, there)
        # and again, by somebody who knows nothing of the first time
        assert Mirror(MlflowClient(url), here, sweep_id).copy() == 0
        check(here, sweep_id, there)


@pytest.mark.parametrize("calls", [1, 4, 9, 16, 25])
def test_one_that_was_cut_off_is_gone_on_with(
    here: SqlStore, there: SqlStore, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    # given a mirror whose server goes away after some calls
    sweep_id = swept(here)
    with served(there) as url:
        client = MlflowClient(url)
        left, call = [calls], client._call

        def limited(*arguments: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise ServerAway("gone")
            return call(*arguments, **named)

        monkeypatch.setattr(client, "_call", limited)
        with pytest.raises(ServerAway):
            Mirror(client, here, sweep_id).copy()
        # when another one goes on
        Mirror(MlflowClient(url), here, sweep_id).copy()
        # then nothing is missing and nothing is there twice
        check(here, sweep_id, there)


def test_a_sweep_is_copied_while_it_runs(here: SqlStore, there: SqlStore) -> None:
    with served(there) as url:
        sweep_id = swept(here, tracking={"mirror": url})
        check(here, sweep_id, there)


def test_no_server_is_no_reason_to_stop(here: SqlStore, capsys: pytest.CaptureFixture[str]) -> None:
    sweep_id = swept(here, tracking={"mirror": "http://127.0.0.1:1"})
    assert here.find_sweep(sweep_id).state.value == "finished"
