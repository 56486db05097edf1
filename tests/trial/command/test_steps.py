"""Runs below a trial, written from the processes of its command."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sweeper import wire
from sweeper.errors import StoreUnavailable, UsageError
from sweeper.events import ParamsLogged, PointsLogged, RunEnded, RunStarted, TagsSet
from sweeper.interfaces import ArtifactStore
from sweeper.records import Run, RunState
from sweeper.trial.command.steps import StepServer, StepSink, run_of_environment
from sweeper.trial.files import ChannelArtifacts
from sweeper.trial.handle import RunHandle
from tests.trial.conftest import ListSink


class FarAway(ListSink):
    """The sink of a host that does not reach the artifacts: they have no root that others could open."""

    def artifacts(self) -> ArtifactStore:
        return ChannelArtifacts(self, self.folder.parent)

    def file(self, operation: str, path: str, local: str = "") -> Any:
        files = super().artifacts()
        if operation == "put":
            return files.put(Path(local), path)
        if operation == "read":
            return str(files.get(path, Path(local)))
        return files.list(path) if operation == "list" else files.delete(path)


class Served:
    """A server for a run, with a thread that serves it as a command's loop would."""

    def __init__(self, folder: Path, sink: ListSink) -> None:
        self.sink = sink
        self.server = StepServer(folder / "s", RunHandle("parent", sink, experiment_id="7"))
        self.ending = threading.Event()

    def __enter__(self) -> Served:
        self.server.__enter__()
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        self.thread.join()
        self.server.__exit__(None, None, None)

    def serve(self) -> None:
        while not self.ending.wait(0.001):
            self.server.serve()


@pytest.fixture(params=[ListSink, FarAway], ids=["near", "far away"])
def served(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    with Served(tmp_path, request.param(tmp_path / "artifacts")) as served:
        monkeypatch.setenv("SWEEPER_CHANNEL", served.server.variables["SWEEPER_CHANNEL"])
        monkeypatch.setenv("SWEEPER_RUN_ID", "parent")
        yield served


def test_a_tree_of_runs_with_all_they_log(served: Served, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("content")
    parent = run_of_environment()
    assert parent is not None
    with parent.child("step", {"k": "v"}) as step:
        step.log_param("rows", 3)
        with step.child("inner") as inner:
            inner.log_metric("loss", 0.5, step=2)
        step.set_tag("done", "yes")
        step.log_artifact(tmp_path / "file.txt", "in")
        step.log_text("more", "more.txt")

    events = served.sink.events
    kinds = [RunStarted, ParamsLogged, RunStarted, PointsLogged, RunEnded, TagsSet, RunEnded]
    assert [type(event) for event in events] == kinds
    started = [event.run for event in events if isinstance(event, RunStarted)]
    assert [(run.name, run.parent_id, run.experiment_id) for run in started] == [
        ("step", "parent", "7"),
        ("inner", step.id, "7"),
    ]
    assert (served.sink.folder / step.id / "in" / "file.txt").read_text() == "content"
    assert step.files.read(f"{step.id}/more.txt") == b"more"
    assert step.files.get(step.id, tmp_path / "copy") == tmp_path / "copy"
    assert (tmp_path / "copy" / "in" / "file.txt").read_text() == "content"
    assert [name for name, _, _ in step.files.list(step.id)] == [f"{step.id}/in", f"{step.id}/more.txt"]
    step.files.delete(f"{step.id}/in")
    assert len(step.files.list(step.id)) == 1


@pytest.mark.parametrize(
    "event",
    [
        RunStarted(Run("a", "a", parent_id="somebody")),
        RunStarted(Run("a", "a", kind="trial", parent_id="parent")),
        RunEnded("parent", RunState.COMPLETE, 1.0),
        TagsSet("parent", {"a": "b"}),
        PointsLogged("somebody", ()),
    ],
)
def test_nothing_else_can_be_written(served: Served, event: RunStarted | RunEnded | TagsSet | PointsLogged) -> None:
    sink = StepSink(served.server.variables["SWEEPER_CHANNEL"])

    with pytest.raises(UsageError, match="only runs below the trial of this command can be written from here"):
        sink.emit(event)
    assert served.sink.events == []


def test_what_is_no_message_is_refused_and_the_next_one_is_taken(served: Served) -> None:
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(served.server.variables["SWEEPER_CHANNEL"])
        answers = peer.makefile("rb")
        for message in (b"{", b"[]", b'["event", ["Nothing", {}]]', b'["event", 3]', b"\xff"):
            peer.sendall(message + b"\n")
            assert answers.readline().startswith(b'["refused"')
        peer.sendall(wire.dumps(["hello"]) + b"\n")
        assert answers.readline().startswith(b'["ok", "7"')


def test_outside_of_commands_there_is_no_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SWEEPER_CHANNEL", raising=False)
    assert run_of_environment() is None

    monkeypatch.setenv("SWEEPER_CHANNEL", str(tmp_path / "gone"))
    monkeypatch.setenv("SWEEPER_RUN_ID", "parent")
    with pytest.raises(StoreUnavailable, match="the sweep that runs this command cannot be reached"):
        run_of_environment()


def test_a_sweep_that_has_ended_is_told(tmp_path: Path, sink: ListSink) -> None:
    with Served(tmp_path, sink) as served:
        client = StepSink(served.server.variables["SWEEPER_CHANNEL"])

    with pytest.raises(StoreUnavailable, match="has ended"):
        client.emit(TagsSet("a", {}))
