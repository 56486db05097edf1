"""The server is killed, and its database restarted, under load: what it acknowledged is there afterwards.

The clients are MLflow's own, as people run them, and our http stores. They keep what was acknowledged.
"""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from sweeper.errors import SweeperError
from sweeper.events import ParamsLogged, PointsLogged, RunStarted
from sweeper.records import Point, Run, new_id
from sweeper.store import open_store
from tests.store.servers import PostgreSQL, free_port

from .processes import ServerProcess

KILLS = 5
Client = Callable[[str, threading.Event, dict[str, int]], None]


def by_mlflow(url: str, stop: threading.Event, known: dict[str, int]) -> None:
    """Make runs of ten steps with MLflow's client; after an error it goes on with a new one."""
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    client = MlflowClient(url)
    while not stop.is_set():
        with suppress(MlflowException):
            run_id = client.create_run("0").info.run_id
            known[run_id] = 0
            for step in range(1, 11):
                client.log_metric(run_id, "loss", float(step), step=step)
                known[run_id] = step


def by_store(url: str, stop: threading.Event, known: dict[str, int]) -> None:
    """The same through the http store, in batches."""
    store = open_store(url, reconnect=60)
    while not stop.is_set():
        run = Run(new_id(), "run", experiment_id="0", started=time.time())
        sent = [store.write(RunStarted(run), ParamsLogged(run.id, {"a": "1"}))]
        for step in range(1, 11):
            sent.append(store.write(PointsLogged(run.id, (Point("loss", float(step), step, time.time()),))))
        for step, future in enumerate(sent):
            future.result()
            known[run.id] = step
    store.close()


@contextmanager
def load(url: str, clients: list[Client]) -> Iterator[tuple[list[dict[str, int]], list[BaseException]]]:
    """Let clients write until the end of the block; gives what each has acknowledged, and what each died of."""
    stop = threading.Event()
    known: list[dict[str, int]] = [{} for _ in clients]
    died: list[BaseException] = []

    def work(client: Client, mine: dict[str, int]) -> None:
        try:
            client(url, stop, mine)
        except BaseException as error:
            died.append(error)

    threads = [threading.Thread(target=work, args=pair, daemon=True) for pair in zip(clients, known, strict=True)]
    for thread in threads:
        thread.start()
    try:
        yield known, died
    finally:
        stop.set()
        for thread in threads:
            thread.join(90)
        assert not any(thread.is_alive() for thread in threads)


def wait_for_progress(known: list[dict[str, int]], died: list[BaseException], more: int, seconds: float = 60) -> None:
    """Wait until every client has that many more acknowledged runs: it has seen the server again."""
    before = [len(mine) for mine in known]
    until = time.monotonic() + seconds
    while any(len(mine) < count + more for mine, count in zip(known, before, strict=True)):
        assert not died, died
        assert time.monotonic() < until, "a client does not get on"
        time.sleep(0.02)


def lost(store_url: str, known: list[dict[str, int]]) -> list[str]:
    """Return what was acknowledged and is not there."""
    store = open_store(store_url)
    found = []
    for mine in known:
        points = store.points(list(mine), ["loss"])
        for run_id, steps in mine.items():
            there = {point.step for point in points[run_id]}
            if missing := set(range(1, steps + 1)) - there:
                found.append(f"run {run_id}: {sorted(missing)}")
            with suppress(SweeperError):
                store.run(run_id)
                continue
            found.append(f"run {run_id}")
    store.close()
    return found


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("mlflow", reason="needs mlflow-skinny: pip install mlflow-skinny")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "5")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "0.2")


@pytest.mark.timeout(240)
def test_nothing_acknowledged_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    seed = int(os.environ.get("SWEEPER_TEST_SEED", random.SystemRandom().randrange(2**32)))
    print(f"seed {seed}: SWEEPER_TEST_SEED={seed}")
    chance = random.Random(seed)
    # given clients of both kinds under way
    port, options = free_port(), ("--store", "runs.db")
    server = ServerProcess(tmp_path, *options, port=port)
    with load(server.url, [by_mlflow, by_mlflow, by_store, by_store]) as (known, died):
        wait_for_progress(known, died, 1)
        # when the server is killed five times, at any moment, and started again
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.0, 0.4))
            server.kill()
            server = ServerProcess(tmp_path, *options, port=port)
            wait_for_progress(known, died, 1)
    server.close()
    # then everything that was acknowledged is there, and no client has died
    assert not died
    assert sum(map(len, known)) > 4 * KILLS
    assert lost(f"sqlite:///{tmp_path}/runs.db", known) == []


@pytest.mark.timeout(240)
@pytest.mark.skipif(bool(PostgreSQL.missing()) and not os.environ.get("CI"), reason=PostgreSQL.missing())
def test_nothing_acknowledged_is_lost_when_postgresql_restarts(tmp_path: Path) -> None:
    database = PostgreSQL()
    try:
        options = ("--store", database.url, "--artifacts", str(tmp_path / "files"))
        with (
            ServerProcess(tmp_path, *options) as server,
            load(server.url, [by_mlflow, by_mlflow, by_store, by_store]) as (known, died),
        ):
            wait_for_progress(known, died, 1)
            for _ in range(2):
                database.restart()
                wait_for_progress(known, died, 1)
        assert not died
        assert lost(database.url, known) == []
    finally:
        database.close()
        shutil.rmtree(tmp_path / "files", ignore_errors=True)
