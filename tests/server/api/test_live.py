"""Pages hear of changes by a stream that costs nothing and ends in time, or by asking."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from sweeper.server.api import live as api
from sweeper.store import open_store
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_sweep, add_trial
from sweeper.web.live import live_of

from ..processes import ServerProcess
from ..served import served
from .conftest import Pages

PATIENCE = 20.0


def wait_until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


class Heard:
    """A stream as a browser hears it: ``message()`` waits for the next one."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.lines = response.iter_lines()
        self.id = ""

    def message(self) -> Any:
        for line in self.lines:
            name, _, value = line.partition(": ")
            if name == "id":
                self.id = value
            if name == "data":
                return json.loads(value)
        raise AssertionError("the stream ended")


@contextmanager
def hearing(url: str, sweep: str = "", last: str = "") -> Iterator[Heard]:
    query, headers = {"s": sweep} if sweep else {}, {"last-event-id": last} if last else {}
    with httpx.stream("GET", f"{url}/api/v1/events", params=query, headers=headers, timeout=PATIENCE) as response:
        assert response.status_code == 200, response.read()
        yield Heard(response)


def test_a_page_that_asks_is_told_what_changed_since(store: SqlStore, pages: Pages) -> None:
    sweep = add_sweep(store)
    first = pages.get("changes")
    add_trial(store, sweep, 0, value=0.5)

    told = pages.get("changes", since=first["rev"], s="last")

    assert first["sweeps"] == []
    assert told["sweeps"] == [sweep.id]
    assert told["counts"]["complete"] == 1
    assert told["best"]["value"] == 0.5
    assert pages.get("changes", since=told["rev"]) == {"rev": told["rev"], "sweeps": []}
    assert pages.refused("changes", s="nobody")[0] == 404


def test_a_stream_tells_of_each_change(store: SqlStore, url: str) -> None:
    sweep = add_sweep(store)
    with hearing(url) as heard:
        first = heard.message()
        add_trial(store, sweep, 0, value=0.5)
        second = heard.message()

    assert heard.response.headers["content-type"].startswith("text/event-stream")
    assert heard.response.headers["cache-control"] == "no-store"
    assert first["sweeps"] == []
    assert second["sweeps"] == [sweep.id]
    assert second["rev"] == heard.id != first["rev"]


def test_a_stream_of_one_sweep_tells_how_it_stands_and_nothing_of_others(store: SqlStore, url: str) -> None:
    sweep, other = add_sweep(store, "mine"), add_sweep(store, "other")
    with hearing(url, "mine") as heard:
        first = heard.message()
        add_trial(store, other, 0, value=0.5)
        wait_until(lambda: live_of(store).news(first["rev"])["sweeps"] == [other.id])
        add_trial(store, sweep, 0, {"depth": 3}, 0.25)
        second = heard.message()

    assert first["counts"]["complete"] == 0
    assert sweep.id in second["sweeps"]
    assert second["counts"]["complete"] == 1
    assert second["best"]["params"] == {"depth": 3}
    assert set(second) == {"rev", "sweeps", "counts", "best", "state", "eta"}


def test_a_stream_that_is_opened_again_begins_where_the_last_one_ended(store: SqlStore, url: str) -> None:
    sweep = add_sweep(store)
    with hearing(url) as heard:
        heard.message()
    add_trial(store, sweep, 0, value=0.5)

    with hearing(url, last=heard.id) as again:
        assert again.message()["sweeps"] == [sweep.id]
    with hearing(url, last="another-9") as elsewhere:
        assert elsewhere.message()["sweeps"] == [sweep.id]


def test_a_silent_stream_says_that_it_is_there(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "SILENCE", 0.05)
    with hearing(url) as heard:
        heard.message()
        found = [line for line, _ in zip(heard.lines, range(4), strict=False) if line]

    assert found
    assert set(found) == {":"}


def test_nobody_watches_when_the_clients_are_gone(store: SqlStore, url: str) -> None:
    with hearing(url) as one, hearing(url) as two:
        one.message()
        two.message()
        assert live_of(store).listening == 2

    wait_until(lambda: live_of(store).listening == 0)


def test_there_is_an_end_of_streams(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "STREAMS", 1)
    with hearing(url) as heard:
        heard.message()
        refused = httpx.get(f"{url}/api/v1/events", timeout=PATIENCE)

    assert refused.status_code == 503
    assert refused.json() == {
        "error_code": "TEMPORARILY_UNAVAILABLE",
        "message": "1 pages listen already; this one has to ask.",
    }


def test_a_stream_of_no_sweep_is_refused(url: str) -> None:
    refused = httpx.get(f"{url}/api/v1/events", params={"s": "nobody"}, timeout=PATIENCE)

    assert refused.status_code == 404
    assert refused.json()["error_code"] == "RESOURCE_DOES_NOT_EXIST"


def test_the_end_of_the_server_is_the_end_of_its_streams(store: SqlStore) -> None:
    with served(store) as url:
        stream = httpx.stream("GET", f"{url}/api/v1/events", timeout=PATIENCE)
        heard = Heard(stream.__enter__())
        heard.message()

    assert [line for line in heard.lines if line] == []
    stream.__exit__(None, None, None)
    assert live_of(store).listening == 0


def test_a_stream_ends_with_its_store(store: SqlStore, url: str) -> None:
    with hearing(url) as heard:
        heard.message()
        store.close()

        assert [line for line in heard.lines if line] == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_server_hears_of_other_processes_and_ends_without_waiting_for_streams(
    tmp_path: Path, how: signal.Signals
) -> None:
    with ServerProcess(tmp_path) as server, hearing(server.url) as heard:
        heard.message()
        other = open_store(str(tmp_path / "sweeper.db"))
        sweep = add_sweep(other)
        other.close()
        assert sweep.id in heard.message()["sweeps"]

        server.process.send_signal(how)
        assert "data" not in "".join(heard.lines)
        server.process.wait(PATIENCE)
        assert "Cancel" not in server.log.read_text()
