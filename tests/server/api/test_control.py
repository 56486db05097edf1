"""Wishes to a sweep over the API."""

from __future__ import annotations

import threading
import time

import pytest
from starlette.testclient import TestClient

from sweeper.events import SweepChanged
from sweeper.interfaces import Control
from sweeper.processes import this_process
from sweeper.records import Fence, RunState, SweepRecord, SweepState
from sweeper.server.security.tokens import make
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_sweep, add_trial
from tests.analysis.sweeps import write_sweep
from tests.server.served import application
from tests.web.conftest import PLANS

from .conftest import Pages


class Listening:
    """A controller that does what is wished, and nothing else."""

    def __init__(self, store: SqlStore, sweep: SweepRecord, fence: Fence) -> None:
        self.store, self.sweep, self.fence = store, sweep, fence
        self.heard: Control | None = None
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        while not self.over.wait(0.02) and self.heard is None:
            self.heard = self.store.control(self.sweep.id)
        state = {"pause": SweepState.PAUSED, "stop": SweepState.STOPPED}[self.heard.wanted if self.heard else "stop"]
        self.store.write(SweepChanged(self.sweep.id, time.time(), state), fence=self.fence).result()

    def close(self) -> None:
        self.over.set()
        self.thread.join(20)


@pytest.fixture
def sweep(store: SqlStore) -> SweepRecord:
    made = add_sweep(store, space={"x": {"min": 0.0, "max": 1.0}})
    add_trial(store, made, 0, {"x": 0.5}, 0.5)
    return made


def test_a_controller_that_is_alive_is_asked(pages: Pages, store: SqlStore, sweep: SweepRecord) -> None:
    controller = Listening(store, sweep, store.acquire(sweep.id, this_process(), 60.0))
    try:
        before = pages.get(f"sweeps/{sweep.id}")
        found = pages.post(f"sweeps/{sweep.id}/control", wanted="pause")
    finally:
        controller.close()

    after = pages.get(f"sweeps/{sweep.id}")
    assert (before["live"], before["state"], before["actions"]) == (True, "running", ["pause", "stop", "cancel"])
    assert (found["id"], found["state"]) == (sweep.id, "paused")
    assert after["actions"] == ["resume", "stop", "cancel"]
    assert controller.heard is not None
    assert controller.heard.by not in ("", "anybody")


def test_a_sweep_that_nobody_runs_can_be_ended(pages: Pages, store: SqlStore, sweep: SweepRecord) -> None:
    page = pages.get(f"sweeps/{sweep.id}")
    refused = pages.refused_post(f"sweeps/{sweep.id}/control", wanted="pause")
    found = pages.post(f"sweeps/{sweep.id}/control", wanted="stop")

    assert (page["live"], page["state"], page["actions"]) == (False, "interrupted", ["stop", "cancel"])
    assert refused[0] == 400
    assert "no process runs sweep digits" in refused[1]["message"]
    assert found["state"] == "stopped"
    assert pages.get(f"sweeps/{sweep.id}")["actions"] == []
    assert [trial.state for trial in store.trials(sweep.id)] == [RunState.COMPLETE]


def test_what_has_ended_and_what_nobody_can_wish_is_refused(pages: Pages, store: SqlStore) -> None:
    done = write_sweep(store, PLANS["one"]())

    status, answer = pages.refused_post(f"sweeps/{done.id}/control", wanted="stop")
    assert (status, "is finished already" in answer["message"]) == (400, True)
    status, answer = pages.refused_post(f"sweeps/{done.id}/control", wanted="halt")
    assert (status, "nobody can wish 'halt'" in answer["message"]) == (400, True)
    assert pages.refused_post(f"sweeps/{done.id}/control")[0] == 400
    assert pages.refused_post("sweeps/digit/control", wanted="stop")[0] == 404


def test_a_reader_may_draft_but_not_wish(store: SqlStore, sweep: SweepRecord) -> None:
    text, token = make("eve", "read")
    http = TestClient(application(store, token), base_url="http://127.0.0.1:5000")
    headers = {"authorization": f"Bearer {text}"}

    wish = http.post(f"/api/v1/sweeps/{sweep.id}/control", json={"wanted": "stop"}, headers=headers)
    draft = http.post(f"/api/v1/sweeps/{sweep.id}/draft", json={"top": 1.0}, headers=headers)

    assert (wish.status_code, draft.status_code) == (403, 200)
    assert store.find_sweep(sweep.id).state is SweepState.INTERRUPTED
