"""``sweeper ui`` as a process: the address it prints, who gets in with it, and what it says when something is amiss."""

from __future__ import annotations

import json
import os
import pty
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from sweeper.cli import browser, ui
from sweeper.cli.session import Session
from sweeper.errors import UsageError
from sweeper.server.listen import listen
from sweeper.store import open_database
from sweeper.store.revision import TABLE

from .conftest import Sweeper

API = "/api/2.0/mlflow"
PAGE = {"accept": "text/html"}


def _heed_ctrl_c() -> None:
    """Tests that a shell started in the background hand on that Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Ui:
    """A running ``sweeper ui``; what it prints is read line by line, the rest goes to a file."""

    def __init__(
        self, folder: Path, *options: str, environment: Mapping[str, str] | None = None, stdin: int = subprocess.DEVNULL
    ) -> None:
        port = () if "--port" in options else ("--port", "0")
        ours = ("SWEEPER_", "SSH_", "DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self.log = folder / "ui.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sweeper", "ui", *port, *options],
                cwd=folder, env={**clean, **(environment or {})}, stdin=stdin, stdout=subprocess.PIPE, stderr=log,
                text=True, preexec_fn=_heed_ctrl_c,
            )  # fmt: skip
        self.said = self.read()
        self.start: str = json.loads(self.said)["url"] if "--json" in options else self.said.strip()
        self.origin = self.start.partition("/start?")[0]
        self.http = httpx.Client(base_url=self.origin, headers=PAGE)

    def read(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"it ended with {self.process.wait()}: {self.log.read_text()}"
        return line

    def sign_in(self) -> httpx.Client:
        assert self.http.get(self.start).status_code == 303
        return self.http

    def close(self) -> str:
        """End it, and return what else it printed."""
        self.http.close()
        self.process.terminate()
        rest, _ = self.process.communicate(timeout=30)
        return rest

    def __enter__(self) -> Ui:
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.close()


def until(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 20
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def write(http: httpx.Client, origin: str) -> httpx.Response:
    return http.post(f"{API}/runs/create", json={"experiment_id": "0"}, headers={"origin": origin})


# -- the address ------------------------------------------------------------------------------------------------------


def test_the_address_is_all_that_is_printed_and_lets_in_once(tmp_path: Path) -> None:
    # given pages that nobody has opened
    with Ui(tmp_path, "--no-browser") as pages:
        key = pages.start.partition("key=")[2]
        assert len(key) >= 43
        assert pages.origin.startswith("http://127.0.0.1:")
        assert httpx.get(f"{pages.origin}/api/v1/meta").status_code == 401
        # when the address is opened
        http = pages.sign_in()
        # then pages, their files and their API are there, and something can be changed
        page = http.get("/")
        assert 'data-page="home"' in page.text
        script = page.text.partition('type="module" src="')[2].partition('"')[0]
        assert http.get(script).headers["content-type"].startswith("text/javascript")
        assert http.get("/api/v1/meta").json()["writable"] is True
        assert write(http, pages.origin).status_code == 200
        # and the address is worth nothing any more, nor does it stand anywhere
        assert httpx.get(pages.start, headers=PAGE).status_code == 403
        assert key not in Path(f"/proc/{pages.process.pid}/cmdline").read_text()
        assert pages.close() == ""
        assert key not in pages.log.read_text()
        assert pages.process.returncode == 143
    assert "ssh -L" in pages.log.read_text()  # there is no screen
    assert "Traceback" not in pages.log.read_text()


def test_json_has_the_address_and_the_store(tmp_path: Path) -> None:
    with Ui(tmp_path, "--json", "--store", "runs.db") as pages:
        said = json.loads(pages.said)
        assert said["store"] == f"sqlite:///{tmp_path}/runs.db"
        assert said["url"].startswith(f"{said['origin']}/start?key=")
        pages.sign_in()
        assert pages.close() == ""


def test_a_page_of_a_process_before_is_told_what_to_do(tmp_path: Path) -> None:
    # given a browser with a session of a process that ended
    with Ui(tmp_path, "--no-browser") as first:
        http = first.sign_in()
        cookies = dict(http.cookies)
        port = first.origin.rpartition(":")[2]
    # when pages are started again at the same place
    with Ui(tmp_path, "--no-browser", "--port", port) as second:
        answer = httpx.get(f"{second.origin}/s/x", cookies=cookies, headers=PAGE)
        # then it is not let in, and told why
        assert answer.status_code == 401
        assert "is over" in answer.text
        assert "sweeper ui" in answer.text
        assert second.http.get(first.start).status_code == 403


def test_enter_prints_a_new_address(tmp_path: Path) -> None:
    mine, theirs = pty.openpty()
    try:
        with Ui(tmp_path, "--no-browser", stdin=theirs) as pages:
            os.write(mine, b"\n")
            renewed = pages.read().strip()
            assert pages.http.get(pages.start).status_code == 403
            assert pages.http.get(renewed).status_code == 303
            pages.close()
            assert pages.process.returncode == 143
    finally:
        os.close(mine)
        os.close(theirs)


def test_ctrl_c_ends_it_also_while_a_page_listens(tmp_path: Path) -> None:
    with Ui(tmp_path, "--no-browser") as pages, pages.sign_in().stream("GET", "/api/v1/events") as stream:
        assert stream.status_code == 200
        pages.process.send_signal(signal.SIGINT)
        assert pages.process.wait(20) == 130
    assert "Traceback" not in pages.log.read_text()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a browser would have been started with."""
    urls: list[str] = []

    def take(url: str) -> bool:
        urls.append(url)
        return True

    monkeypatch.setattr("webbrowser.open", take)
    return urls


def test_a_browser_gets_the_address_by_a_file_that_nobody_else_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    # given a browser
    monkeypatch.setattr(browser, "SNAPS", tmp_path / "none")
    start = "http://127.0.0.1:5000/start?key=abc&x=1"
    # when it is to open an address
    assert browser.open_privately(start, tmp_path)
    # then it is started with the name of a file, whose owner alone finds the address there
    (url,) = opened
    page = tmp_path / "start.html"
    assert url == page.as_uri()
    assert "abc" not in url
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert 'content="0; url=http://127.0.0.1:5000/start?key=abc&amp;x=1"' in page.read_text()
    # and a second time, or without a browser, it is told that there is none
    assert not browser.open_privately(start, tmp_path)


def test_a_browser_that_sees_no_file_of_ours_gets_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    monkeypatch.setattr(browser, "SNAPS", tmp_path)
    assert browser.open_privately("http://127.0.0.1:5000/start?key=abc", tmp_path)
    assert opened == ["http://127.0.0.1:5000/start?key=abc"]


def test_the_browser_is_opened_and_its_file_is_gone_at_the_end(tmp_path: Path) -> None:
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/part && mv {tmp_path}/part {tmp_path}/opened\n')
    script.chmod(0o700)
    place = tmp_path / "tmp"
    place.mkdir()
    with Ui(tmp_path, environment={"BROWSER": f"{script} %s", "TMPDIR": str(place)}) as pages:
        until((tmp_path / "opened").exists)
        opened = (tmp_path / "opened").read_text().strip()
        assert opened.startswith(("file://", pages.origin))
        (folder,) = place.iterdir()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        pages.close()
    assert not list(place.iterdir())


@pytest.mark.parametrize(
    ("environment", "platform", "can"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"BROWSER": "wslview"}, "linux", True),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "10.0.0.1 50000 10.0.0.2 22"}, "linux", False),
        ({"BROWSER": "x", "SSH_TTY": "/dev/pts/0"}, "linux", False),
        ({}, "darwin", True),
        ({"SSH_CONNECTION": "10.0.0.1 50000 10.0.0.2 22"}, "darwin", False),
    ],
)
def test_where_a_browser_opens(environment: dict[str, str], platform: str, can: bool) -> None:
    assert browser.can_open(environment, platform) is can


def test_the_tunnel_leads_to_where_ssh_came() -> None:
    command = browser.tunnel(5001, {"SSH_CONNECTION": "10.0.0.1 50000 10.0.0.2 22"})
    assert command.startswith("ssh -L 5001:127.0.0.1:5001 ")
    assert command.endswith("@10.0.0.2")
    assert "@" in browser.tunnel(5001, {})


def test_a_user_may_have_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 1234")

    monkeypatch.setattr("getpass.getuser", nameless)
    assert " you@" in browser.tunnel(5001, {})


# -- ports and stores -------------------------------------------------------------------------------------------------


def test_a_taken_port_that_was_asked_for_is_told(sweeper: Sweeper) -> None:
    with listen("127.0.0.1", 0) as taken:
        ran = sweeper("ui", "--no-browser", "--port", str(taken.getsockname()[1]))
    assert ran.code == 2
    assert "another program listens there" in ran.err


def test_the_usual_port_may_be_taken(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(ui, "PORT", port)
        with ui._listen(Session(), "127.0.0.1", None) as found:
            assert port < found.getsockname()[1] < port + ui.NEXT_ONES
            assert f"Port {port} is taken" in capsys.readouterr().err
        monkeypatch.setattr(ui, "NEXT_ONES", 1)
        with pytest.raises(UsageError, match="--port 0"):
            ui._listen(Session(), "127.0.0.1", None)


def test_a_server_has_pages_of_its_own(sweeper: Sweeper, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = sweeper("ui", "--store", "http://runs.company:5000/")
    assert ran.code == 2
    assert "open that address in the browser" in ran.err
    assert "http://runs.company:5000" in ran.err
    monkeypatch.setenv("SWEEPER_STORE", "https://runs.company")
    assert "https://runs.company" in sweeper("ui").err


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--port", "70000"], 2, "70000"),
        (["--host", "no such host"], 2, "no such host"),
        (["--store", "nonsense://x"], 2, "not a kind of database"),
        (["--store", "foreign.db"], 3, "the database of Optuna"),
    ],
)
def test_what_cannot_be_is_told_in_words(sweeper: Sweeper, options: list[str], code: int, said: str) -> None:
    with sqlite3.connect("foreign.db") as connection:
        connection.execute("CREATE TABLE studies (x)")
    connection.close()
    ran = sweeper("ui", "--no-browser", *options, *([] if "--port" in options else ["--port", "0"]))
    assert ran.code == code
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_a_newer_store_is_told_here_and_on_the_pages(tmp_path: Path) -> None:
    open_database(tmp_path / "sweeper.db").close()
    with sqlite3.connect(tmp_path / "sweeper.db") as connection:
        connection.execute(f"UPDATE {TABLE} SET version_num = '9999'")
    connection.close()
    with Ui(tmp_path, "--no-browser") as pages:
        http = pages.sign_in()
        assert http.get("/").status_code == 200
        answer = http.get("/api/v1/meta")
        assert answer.status_code == 503
        assert "newer version" in answer.json()["message"]
        pages.close()
    assert "newer version" in pages.log.read_text()


def test_read_only_changes_nothing_and_makes_nothing(tmp_path: Path) -> None:
    # given pages over a store that is not there, with a token for programs
    token = "a-token-for-programs-of-mine"
    with Ui(tmp_path, "--no-browser", "--read-only", environment={"SWEEPER_TOKEN": token}) as pages:
        http = pages.sign_in()
        assert http.get("/api/v1/sweeps").status_code == 503
        assert not list(tmp_path.glob("*.db"))
        # when somebody makes it
        open_database(tmp_path / "sweeper.db").close()
        until(lambda: http.get("/api/v1/sweeps").status_code == 200)
        # then it is shown, and changed by nobody
        assert http.get("/api/v1/meta").json()["writable"] is False
        answer = write(http, pages.origin)
        assert answer.status_code == 403
        assert "--read-only" in answer.json()["message"]
        bearer = {"authorization": f"Bearer {token}"}
        found = httpx.post(f"{pages.origin}{API}/runs/search", json={}, headers=bearer)
        assert (found.status_code, found.json()) == (200, {})
        assert httpx.delete(f"{pages.origin}{API}/registered-models/delete", headers=bearer).status_code == 403
