"""The way from a worker by its outpost to the controller's home and back, without the executor between."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sweeper.artifacts import open_artifacts
from sweeper.errors import NotFound, StoreUnavailable, UsageError
from sweeper.events import TagsSet
from sweeper.interfaces import WorkerDied
from sweeper.records import Goal
from sweeper.trial import frames, outpost
from sweeper.trial.channel import AckBoard, ChannelClient
from sweeper.trial.files import ChannelArtifacts
from sweeper.trial.frames import Frame
from sweeper.trial.objective import Carrier
from sweeper.trial.outpost import Home, WorkerOutpost, reaches
from sweeper.trial.worker import Setup, output_file
from sweeper.wire import encode


class Bridge:
    """An outpost, its home and one worker's client; messages are handed over at once."""

    def __init__(self, folder: Path) -> None:
        self.frames: list[tuple[int, Frame]] = []
        self.gone: list[tuple[int, int]] = []
        self.errors: list[Exception] = []
        self.heard = threading.Event()
        self.there, home = folder / "there", folder / "home"
        self.there.mkdir()
        home.mkdir()
        self.store = open_artifacts(folder / "artifacts")
        setup = Setup("sweep", "", (Goal("loss"),), Carrier("f"), str(folder / "no"), str(home), "", 3, ())
        self.outpost = WorkerOutpost(setup)
        self.home = Home(home, self.store, self.on_frame, self.on_ask, self.on_gone, self.errors.append)
        self.home.connect(lambda slot, message, urgent=True: self.outpost.receive(message))
        self.setup, self.key = self.outpost.open(2, self.there, "", lambda message: self.home.receive(2, message))
        self.client = ChannelClient(self.there, 2, os.getpid(), lambda: None, lambda: None)
        self.files = ChannelArtifacts(self.client, self.there)

    def on_frame(self, slot: int, frame: Frame) -> None:
        self.frames.append((slot, frame))
        self.heard.set()

    def on_ask(self, run_id: str, number: int, step: int, value: float) -> bool:
        if value < 0:
            raise ValueError("no rule for that")
        return value > 1

    def on_gone(self, slot: int, pid: int) -> None:
        self.gone.append((slot, pid))
        self.heard.set()

    def close(self) -> None:
        self.client.close()
        self.outpost.close()
        self.home.close()


@pytest.fixture
def bridge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    monkeypatch.setattr(outpost, "CHUNK", 1000)
    made = Bridge(tmp_path)
    yield made
    made.close()


def test_a_worker_is_told_of_the_folder_of_its_host_and_keeps_the_controllers_as_its_name(bridge: Bridge) -> None:
    assert bridge.setup.runtime == str(bridge.there)
    assert bridge.setup.spool.startswith(str(bridge.there))
    assert bridge.setup.artifacts == ""
    assert bridge.key != bridge.setup.runtime


def test_frames_arrive_as_they_were_sent(bridge: Bridge) -> None:
    frame = frames.pack("r", 1, 7, 3, [encode(TagsSet("r", {"k": "\ud800 é"}))])
    bridge.client.send(frame)

    assert bridge.heard.wait(10)
    assert bridge.frames == [(2, frames.unpack(frame))]


def test_questions_are_answered_and_one_that_fails_goes_on(bridge: Bridge) -> None:
    assert [bridge.client.ask("r", 0, step, value) for step, value in enumerate((0.5, 2.0, -1.0))] == [
        False,
        True,
        False,
    ]
    assert [str(error) for error in bridge.errors] == ["no rule for that"]


def test_acknowledgements_reach_the_workers_board(bridge: Bridge) -> None:
    bridge.home.write(2, 9, 4)

    assert AckBoard(bridge.there, 3).read(2) == (9, 4)


def test_the_end_of_a_worker_is_told_with_what_it_printed(bridge: Bridge) -> None:
    output_file(bridge.there, 2, 77).write_text("last words")
    bridge.client.close()

    assert bridge.heard.wait(10)
    assert bridge.gone == [(2, os.getpid())]
    death = bridge.outpost.died(WorkerDied(exit_code=3, pid=77))
    assert (death.output, death.kind, death.exit_code) == ("last words", None, 3)


@pytest.mark.parametrize("size", [0, 1, 1000, 1001, 5500])
def test_a_file_of_any_size_goes_there_and_back(bridge: Bridge, tmp_path: Path, size: int) -> None:
    (tmp_path / "model.bin").write_bytes(content := os.urandom(size))
    bridge.files.put(tmp_path / "model.bin", "run/models/model.bin")

    assert bridge.store.read("run/models/model.bin") == content
    assert bridge.files.read("run/models/model.bin") == content
    assert bridge.files.list("run") == [("run/models", True, 0)]
    assert bridge.files.get("run", tmp_path / "copy").joinpath("models", "model.bin").read_bytes() == content
    bridge.files.delete("run/models/model.bin")
    with pytest.raises(NotFound):
        bridge.files.read("run/models/model.bin")


def test_a_folder_goes_with_all_that_is_in_it(bridge: Bridge, tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c.txt").write_text("c")
    (tmp_path / "a" / "d.txt").write_text("d")
    bridge.files.put(tmp_path / "a", "run/a")
    bridge.files.write("run/e", b"e")

    assert [bridge.store.read(f"run/{path}") for path in ("a/b/c.txt", "a/d.txt", "e")] == [b"c", b"d", b"e"]
    assert not list(bridge.there.glob("file-*"))


def test_what_the_store_refuses_is_raised_where_the_call_is(bridge: Bridge, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.\."):
        bridge.files.write("run/../../x", b"")
    (tmp_path / "artifacts").write_text("a file is in the way")
    with pytest.raises(StoreUnavailable):
        bridge.files.write("run/x", b"x")
    bridge.client.close()
    with pytest.raises(StoreUnavailable, match="gone"):
        bridge.files.write("run/x", b"x")


def test_the_artifacts_are_reached_at_a_url_or_in_the_very_folder(tmp_path: Path) -> None:
    assert reaches("s3://bucket/runs", "sweep")
    assert not reaches(str(tmp_path), "sweep")
    (tmp_path / "sweep").mkdir()
    assert reaches(str(tmp_path), "sweep")
    assert reaches(f"file://{tmp_path}", "sweep")


def test_messages_before_the_home_is_connected_wait(tmp_path: Path) -> None:
    posted: list[Any] = []
    home = Home(tmp_path, open_artifacts(tmp_path), lambda *_: None, lambda *_: True, lambda *_: None, posted.append)
    early = threading.Thread(target=home.receive, args=(0, ("ask", "r", 0, 0, 0.0)))
    early.start()
    home.connect(lambda slot, message, urgent=True: posted.append((slot, message)))
    early.join(10)
    home.close()

    assert posted == [(0, ("answer", True))]
