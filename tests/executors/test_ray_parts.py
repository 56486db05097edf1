"""The parts of the Ray executor that need no cluster."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sweeper.errors import MissingPackage, UsageError
from sweeper.executors.ray import RayExecutor, cluster
from sweeper.executors.ray.deaths import death_of, words
from sweeper.executors.ray.options import Options, fit, resources_text, room
from sweeper.executors.ray.shared import SharedFolder
from sweeper.interfaces import SlotUnusable
from sweeper.records import FailureClass

exceptions = pytest.importorskip("ray.exceptions")

TRACEBACK = "Traceback (most recent call last):\n  File x\n"


class TestOptions:
    def test_what_a_trial_demands_and_its_actor_gets(self) -> None:
        options = Options.read({"cpu": 2, "gpu": 0.5, "memory": 4_000_000_000, "resources": {"tpu": 1}})

        assert options.demand == {"CPU": 2, "GPU": 0.5, "memory": 4e9, "tpu": 1}
        assert resources_text(options.demand) == "2 CPU, 0.5 GPU, 4.0 GB memory, 1 tpu"
        actor = options.actor()
        assert (actor["num_cpus"], actor["num_gpus"], actor["memory"]) == (2, 0.5, 4_000_000_000)
        assert (actor["max_restarts"], actor["max_task_retries"], actor["scheduling_strategy"]) == (0, 0, "SPREAD")
        assert Options.read({"placement": "pack"}).actor()["scheduling_strategy"] == "DEFAULT"

    def test_durations_are_read_as_everywhere(self) -> None:
        assert Options.read({"connect_timeout": "2m", "place_timeout": 5}).connect_timeout == 120

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"cpus": 2}, r"no option 'cpus'; did you mean 'cpu'"),
            ({"gpu": 1.5}, r"executor\.gpu: .* got 1\.5"),
            ({"cpu": -1}, r"executor\.cpu: .* got -1"),
            ({"resources": {"tpu": "many"}}, r"executor\.resources\.tpu: must be a number, got 'many'"),
            ({"resources": {"GPU": 1}}, r"write executor\.gpu instead"),
            ({"place_timeout": "soon"}, r"executor\.options\.place_timeout: .*90s.* got 'soon'"),
        ],
    )
    def test_what_means_nothing_is_refused(self, given: dict[str, Any], said: str) -> None:
        with pytest.raises(UsageError, match=said):
            Options.read(given)

    def test_room_is_counted_node_by_node(self) -> None:
        demand = {"CPU": 2.0, "GPU": 0.5}

        assert fit(demand, {"CPU": 8.0, "GPU": 1.0}) == 2
        assert fit(demand, {"CPU": 8.0}) == 0
        assert room(demand, [{"CPU": 3.0, "GPU": 1.0}, {"CPU": 3.0, "GPU": 1.0}, {"CPU": 1.0, "GPU": 9.0}]) == 2
        assert fit({"GPU": 0.1}, {"GPU": 1.0}) == 10


class TestDeaths:
    @pytest.mark.parametrize(
        ("error", "kind"),
        [
            (exceptions.OutOfMemoryError("Task was killed due to the node running low on memory."), FailureClass.OOM),
            (exceptions.ActorDiedError(), FailureClass.LOST),
            (exceptions.ActorUnavailableError("no route", None), FailureClass.LOST),
            (exceptions.RayActorError(error_msg="the node is away", preempted=True), FailureClass.PREEMPTED),
            (exceptions.RayActorError(error_msg="killed: the node running low on memory"), FailureClass.OOM),
            (exceptions.RaySystemError("raylet"), FailureClass.LOST),
        ],
    )
    def test_each_end_of_an_actor_has_its_class(self, error: Exception, kind: FailureClass) -> None:
        death = death_of(error)

        assert death.kind is kind
        assert death.reason
        assert not isinstance(death, SlotUnusable)

    @pytest.mark.parametrize(
        ("error", "said"),
        [
            (exceptions.RuntimeEnvSetupError(f"{TRACEBACK}ValueError: no conda"), "env: ValueError: no conda"),
            (exceptions.ActorUnschedulableError("label a=b"), "label a=b"),
            (exceptions.RayActorError(error_msg="it broke", actor_init_failed=True), "could not start: it broke"),
        ],
    )  # fmt: skip
    def test_what_never_works_is_told_apart(self, error: Exception, said: str) -> None:
        death = death_of(error)

        assert isinstance(death, SlotUnusable)
        assert said in death.reason

    def test_the_words_of_ray_are_one_line_without_its_facts(self) -> None:
        assert words("It died.\n\tactor_id: 12\n\x1b[36mreally\x1b[0m\n") == "It died. really"
        assert len(words("x" * 10_000)) < 1000


class TestSharedFolder:
    @pytest.fixture
    def source(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
        source = tmp_path / "data"
        source.mkdir()
        (source / "0").write_bytes(b"matrix")
        (source / "index").write_bytes(b"")
        return source

    def test_a_host_that_sees_the_folder_uses_it(self, source: Path) -> None:
        shared = SharedFolder.of(str(source))
        shared.mark()

        assert shared.settle(lambda: pytest.fail("nothing has to be sent")) == str(source)

    def test_a_node_keeps_one_copy_until_its_last_host_leaves(self, source: Path) -> None:
        fetched = []

        def fetch() -> dict[str, Any]:
            fetched.append(1)
            return first.content()

        first = SharedFolder.of(str(source))
        second = SharedFolder(first.source, first.key)
        places = {first.settle(fetch), second.settle(fetch)}

        assert len(fetched) == 1
        (place,) = map(Path, places)
        assert {path.name: path.read_bytes() for path in place.iterdir()} == {"0": b"matrix", "index": b""}
        first.leave()
        assert place.exists()
        second.leave()
        assert not place.parent.exists()

    def test_copies_of_hosts_that_were_killed_are_removed_by_the_next(self, source: Path) -> None:
        killed = SharedFolder.of(str(source))
        left = Path(killed.settle(killed.content))
        assert killed.lock is not None
        killed.lock.close()
        other = SharedFolder.of(str(source))
        other.settle(other.content)

        assert not left.exists()
        other.leave()

    def test_files_travel_as_arrays(self, source: Path) -> None:
        content = SharedFolder.of(str(source)).content()

        assert {name: bytes(array) for name, array in content.items()} == {"0": b"matrix", "index": b""}
        assert all(array.dtype == np.uint8 for array in content.values())


def test_a_missing_ray_names_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)

    with pytest.raises(MissingPackage, match="pip install ray"):
        RayExecutor.connect(2, {})


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (None, "Starting Ray on this machine ..."),
        ("local", "Starting Ray on this machine ..."),
        ("auto", "Connecting to the Ray cluster at 'auto' ..."),
    ],
)
def test_a_person_is_told_what_takes_seconds_before_it_does(
    address: str | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def refuse(**_: Any) -> None:
        assert told == [said]
        raise OSError("no room")

    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setattr("ray.is_initialized", lambda: False)
    monkeypatch.setattr("ray.init", refuse)

    with pytest.raises(UsageError, match="no room"):
        RayExecutor.connect(2, {"address": address}, told.append)
    assert told == [said]


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "localhost:1"])
def test_where_nobody_listens_is_said_at_once(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ray.is_initialized", lambda: False)

    with pytest.raises(UsageError, match=f"no Ray cluster at '{address}'.*ray start --head"):
        RayExecutor.connect(2, {"address": address})


def test_one_that_listens_and_lets_nobody_in_may_want_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: Any) -> None:
        raise ConnectionError("Failed to connect to Ray cluster")

    monkeypatch.setattr("ray.is_initialized", lambda: False)
    monkeypatch.setattr("ray.init", refuse)

    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(UsageError, match=r"Something listens there: .*Set RAY_AUTH_MODE=token"):
            RayExecutor.connect(2, {"address": address})


def test_one_that_never_answers_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    never = threading.Event()
    monkeypatch.setattr("ray.is_initialized", lambda: False)
    monkeypatch.setattr("ray.init", lambda **_: never.wait())
    try:
        with pytest.raises(UsageError, match=r"'auto' did not answer within 0 s: .*connect_timeout"):
            RayExecutor.connect(2, {"address": "auto", "connect_timeout": "100ms"})
    finally:
        never.set()


def test_other_versions_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: Any) -> None:
        raise RuntimeError("Version mismatch: The cluster was started with:\n    Ray: 2.50.0\n    Python: 3.12.1")

    monkeypatch.setattr("ray.is_initialized", lambda: False)
    monkeypatch.setattr("ray.init", refuse)

    with pytest.raises(UsageError, match=r"runs other versions. This process has Ray .* Ray: 2\.50\.0"):
        RayExecutor.connect(2, {"address": "auto"})


def test_the_folder_of_a_ray_of_this_machine_is_short_and_those_of_dead_processes_go(tmp_path: Path) -> None:
    folder = cluster._folder()
    dead = folder.parent / f"{cluster.PREFIX}-999999999-abc"
    dead.mkdir()
    other = cluster._folder()
    try:
        assert len(str(other)) < 40
        assert folder.exists()
        assert not dead.exists()
        assert os.stat(other).st_mode & 0o077 == 0
    finally:
        folder.rmdir()
        other.rmdir()


def test_a_process_that_ends_without_an_executor_leaves_no_folder() -> None:
    """As one whose sweep is refused after Ray was started for it."""
    code = """if True:
        import ray
        ray.init = lambda **given: None
        from sweeper.executors.ray import RayExecutor, cluster
        cluster.nodes = lambda: [{"CPU": 1.0}]
        RayExecutor.connect(1, {})
        print(cluster._cluster.folder, cluster._cluster.folder.is_dir())
        raise SystemExit(3)
    """
    environment = {name: value for name, value in os.environ.items() if name != "RAY_ADDRESS"}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)

    assert ended.returncode == 3, ended.stderr
    folder, there = ended.stdout.split()
    assert there == "True"
    assert not Path(folder).exists()
