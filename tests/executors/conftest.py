"""One Ray for all of these tests: a head of four cores and two GPUs that are only counted, to which tests add nodes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sweeper.interfaces import Store
from sweeper.store import open_store
from sweeper.trial import outpost
from tests.controller.conftest import Run, runner

STORE_BYTES = 80 * 2**20  #: of Ray's object store, on each node


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    """A cluster that this process is connected to."""
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    folder = Path(tempfile.mkdtemp(prefix="swt-", dir="/tmp"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_TMPDIR", str(folder))
        (folder / "ray").mkdir()
        head = {"num_cpus": 4, "num_gpus": 2, "object_store_memory": STORE_BYTES, "include_dashboard": False}
        made = Cluster(initialize_head=True, head_node_args=head)
        ray.init(address=made.address, log_to_driver=False, logging_level="ERROR")
        yield made
        ray.shutdown()
        made.shutdown()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def add_node(cluster: Any) -> Iterator[Callable[..., Any]]:
    """Add a node for the length of a test: ``add_node(num_cpus=1, resources={"b": 1})``."""
    added = []

    def add(**resources: Any) -> Any:
        added.append(cluster.add_node(object_store_memory=STORE_BYTES, **resources))
        return added[-1]

    yield add
    for node in added:
        if node in cluster.list_all_nodes():
            cluster.remove_node(node)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(str(tmp_path / "runs.db"))
    yield opened
    opened.close()


@pytest.fixture
def run(store: Store) -> Run:
    return runner(store)


class Hidden(outpost.WorkerOutpost):
    """An outpost on a host that has none of the controller's folders."""

    def open(self, slot: int, folder: Path, data: str, send: Any) -> tuple[Any, ...]:
        self.setup = replace(self.setup, artifacts="/nowhere")
        return super().open(slot, folder, data, send)
