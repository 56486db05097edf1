"""The socket between workers and controller, and the board of acknowledgements."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sweeper import wire
from sweeper.events import PointsLogged, TagsSet
from sweeper.records import Point
from sweeper.trial.channel import AckBoard, ChannelClient, ChannelServer
from sweeper.trial.frames import Frame, pack

PATIENCE = 30


class Controller:
    """The controller's end; ``heard`` holds what its callbacks were told, in order."""

    def __init__(self, folder: Path) -> None:
        self.heard: queue.Queue[tuple[Any, ...]] = queue.Queue()
        self.server: ChannelServer | None = ChannelServer(
            folder,
            lambda slot, frame: self.heard.put(("frame", slot, frame)),
            lambda run_id, number, step, value: value > 0.5,
            lambda slot, pid: self.heard.put(("gone", slot, pid)),
        )

    def close(self) -> None:
        if self.server is not None:
            self.server.close()
            self.server = None

    def next(self) -> tuple[Any, ...]:
        return self.heard.get(timeout=PATIENCE)


@pytest.fixture
def controller(tmp_path: Path) -> Iterator[Controller]:
    made = Controller(tmp_path)
    yield made
    made.close()


Connect = Callable[..., ChannelClient]


@pytest.fixture
def connect(controller: Controller, tmp_path: Path) -> Iterator[Connect]:
    made: list[ChannelClient] = []

    def connect(slot: int = 0, pid: int = 11, **callbacks: Any) -> ChannelClient:
        quiet = {"on_tick": lambda: None, "on_gone": lambda: None} | callbacks
        made.append(ChannelClient(tmp_path, slot, pid, **quiet))
        return made[-1]

    yield connect
    for client in made:
        client.close()


def frame(first: int, *events: Any) -> tuple[Frame, bytes]:
    made = Frame("r", 1, 1, first, events or (TagsSet("r", {"n": str(first)}),))
    return made, pack("r", 1, 1, first, [wire.encode(event) for event in made.events])


def test_frames_arrive_in_order_with_their_slot(controller: Controller, connect: Connect) -> None:
    client = connect(slot=3)
    sent = [frame(number) for number in range(50)]
    for _, line in sent:
        client.send(line)

    assert [controller.next() for _ in sent] == [("frame", 3, made) for made, _ in sent]


def test_a_frame_much_larger_than_a_socket_buffer_arrives_whole(controller: Controller, connect: Connect) -> None:
    points = tuple(Point(f"metric {number}", float(number), number, 1.0) for number in range(20_000))
    made, line = frame(0, PointsLogged("r", points, 1))

    connect().send(line)

    assert controller.next() == ("frame", 0, made)


def test_a_question_is_answered_after_what_was_sent_before_it(controller: Controller, connect: Connect) -> None:
    client = connect()
    made, line = frame(0)
    client.send(line)

    assert client.ask("r", 0, 3, 0.9) is True
    assert client.ask("r", 0, 4, 0.1) is False
    assert client.ask("r", 0, 5, float("nan")) is False
    assert controller.heard.get_nowait() == ("frame", 0, made)


def test_a_worker_that_leaves_is_told_after_its_last_frame(controller: Controller, connect: Connect) -> None:
    client, neighbour = connect(slot=1, pid=21), connect(slot=2, pid=22)
    made, line = frame(0)
    client.send(line)
    client.close()

    assert controller.next() == ("frame", 1, made)
    assert controller.next() == ("gone", 1, 21)
    assert neighbour.ask("r", 0, 0, 1.0) is True


def test_a_worker_learns_that_its_controller_is_gone(controller: Controller, connect: Connect) -> None:
    gone = threading.Event()
    client = connect(on_gone=gone.set)
    client.ask("r", 0, 0, 0.0)

    controller.close()

    assert gone.wait(PATIENCE)
    client.send(frame(0)[1])
    assert client.ask("r", 0, 0, 1.0) is False


def test_closing_its_own_end_is_no_loss(controller: Controller, connect: Connect) -> None:
    gone = threading.Event()
    client = connect(on_gone=gone.set)
    client.close()

    assert controller.next() == ("gone", 0, 11)
    assert not gone.is_set()
    assert client.ask("r", 0, 0, 1.0) is False


def test_a_quiet_worker_ticks(connect: Connect) -> None:
    ticked = threading.Event()
    connect(on_tick=ticked.set)

    assert ticked.wait(PATIENCE)


def test_only_this_user_can_write_acknowledgements(tmp_path: Path) -> None:
    os.chmod(tmp_path, 0o700)
    board = AckBoard(tmp_path, 3)
    other = AckBoard(tmp_path, 3)

    board.write(0, 7, 2)
    board.write(2, 2**31, 2**31)

    assert [other.read(slot) for slot in range(3)] == [(7, 2), (0, 0), (2**31, 2**31)]
    board.close()
    other.close()
