"""One real server for all comparisons, started once, and ours beside it without a socket."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import httpx
import pytest
from starlette.testclient import TestClient

from sweeper.store import open_store

from ..conftest import BASE
from ..served import application
from .pair import Pair, Side, post
from .servers import real_server


@pytest.fixture(scope="package")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    folder = tmp_path_factory.mktemp("pair")
    store = open_store(str(folder / "runs.db"))
    try:
        with (
            real_server(folder / "mlflow") as url,
            httpx.Client(base_url=url, timeout=60) as real,
            TestClient(application(store), base_url=BASE, raise_server_exceptions=False) as ours,
        ):
            yield real, ours
    finally:
        store.close()


@pytest.fixture(scope="package")
def new_pair(servers: tuple[httpx.Client, httpx.Client]) -> Callable[[], Pair]:
    """Make a pair with an experiment ``$exp`` of the name ``$name`` and a run ``$run`` in it, on both servers."""
    numbers = itertools.count()

    def make() -> Pair:
        number = next(numbers)
        pair = Pair(*map(Side, servers))
        for side in (pair.real, pair.ours):
            side.known(name=f"flow-of-the-letter-{number}")
        begun = {"experiment_id": "$exp", "run_name": "first", "start_time": 1}
        assert pair.send(post("experiments/create", {"name": "$name"}, exp="experiment_id")) == []
        assert pair.send(post("runs/create", begun, run="run.info.run_id")) == []
        return pair

    return make


@pytest.fixture
def pair(new_pair: Callable[[], Pair]) -> Pair:
    return new_pair()
