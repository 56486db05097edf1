"""``sweeper doctor``: what it finds of dead processes, what it mends, how it ends."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sweeper.cli import leftovers
from sweeper.controller.session import spool_folder
from sweeper.processes import start_time, this_process
from sweeper.records import SweepRecord, SweepState, new_id
from sweeper.store import open_store
from sweeper.trial import spool
from sweeper.trial.channel import SOCKET

from .conftest import Sweeper, past


@pytest.fixture(autouse=True)
def runtimes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The only place where folders of controllers are looked for; its path is short, as sockets want it."""
    folder = Path(tempfile.mkdtemp(prefix="rt-", dir="/tmp"))
    monkeypatch.setattr(leftovers, "places", lambda: {folder})
    monkeypatch.setattr(leftovers, "YOUNG", -1.0)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def abandoned(here: Path) -> SweepRecord:
    """A sweep whose controller died with the lease."""
    made = past()
    made.trial({"depth": 4, "kind": "gini"}, 0.9)
    sweep = made.write(SweepState.RUNNING)
    store = open_store()
    store.acquire(sweep.id, replace(this_process(), pid=2**22 + 1), 30)
    store.close()
    return sweep


def found(sweeper: Sweeper, *options: str) -> dict[str, list[dict[str, Any]]]:
    by_check: dict[str, list[dict[str, Any]]] = {}
    for line in sweeper("doctor", "--json", *options).json:
        by_check.setdefault(line["check"], []).append(line)
    return by_check


def test_a_sound_store_is_well(sweeper: Sweeper, digits: SweepRecord) -> None:
    ran = sweeper("doctor")
    assert ran.code == 0
    assert "FAIL" not in ran.out
    assert any(line.split()[:2] == ["OK", "integrity"] for line in ran.lines)
    assert {line["verdict"] for lines in found(sweeper).values() for line in lines} <= {"ok", "warn"}


def test_only_what_is_wrong_is_told_when_quiet(sweeper: Sweeper, digits: SweepRecord) -> None:
    assert not any(line.startswith("OK") for line in sweeper("doctor", "-q").lines)


def test_no_store_is_a_failure(sweeper: Sweeper, here: Path) -> None:
    ran = sweeper("doctor")
    assert ran.code == 1
    assert "there is no store" in ran.out
    assert list(here.glob("sweeper.db*")) == []


def test_a_sweep_without_a_controller_is_told_and_marked(sweeper: Sweeper, abandoned: SweepRecord) -> None:
    told = found(sweeper)["sweeps"]
    assert [line["verdict"] for line in told] == ["warn"]
    assert f"sweeper resume {abandoned.id[-8:]}" in told[0]["advice"]
    # when it is mended
    assert found(sweeper, "--repair")["sweeps"][0]["verdict"] == "ok"
    # then it says that it was interrupted, and nobody holds it
    store = open_store(read_only=True)
    sweep = store.find_sweep("last")
    assert (sweep.state, sweep.reason) == (SweepState.INTERRUPTED, "its controller disappeared")
    assert store.lease(sweep.id) is None
    store.close()


def test_a_sweep_that_runs_is_left_alone(sweeper: Sweeper, here: Path) -> None:
    sweep = past().write(SweepState.RUNNING)
    store = open_store()
    store.acquire(sweep.id, this_process(), 60)
    assert found(sweeper, "--repair")["sweeps"][0]["verdict"] == "ok"
    assert store.lease(sweep.id) is not None
    store.close()


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that goes on, in a group of its own."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_workers_without_a_controller_are_ended(
    sweeper: Sweeper, here: Path, abandoned: SweepRecord, sleeper: subprocess.Popen[bytes]
) -> None:
    folder = spool_folder(str(here / "artifacts"), abandoned.id)
    folder.mkdir(parents=True)
    (folder / f"{sleeper.pid}-{start_time(sleeper.pid):.2f}.worker").touch()
    assert found(sweeper)["workers"][0]["verdict"] == "warn"
    assert sleeper.poll() is None
    assert found(sweeper, "--repair")["workers"][0]["verdict"] == "ok"
    assert sleeper.wait(10) < 0


def test_results_on_disk_are_told_and_kept(sweeper: Sweeper, here: Path, abandoned: SweepRecord) -> None:
    folder = spool_folder(str(here / "artifacts"), abandoned.id)
    file = spool.write(folder, "1-1", [b"[]"])
    assert file is not None
    (folder / "2-2.tmp").write_bytes(b"half")
    (folder / "99999999-1.00.worker").touch()
    before = found(sweeper)
    assert "1 file with results" in before["spool"][0]["message"]
    assert sum(line["verdict"] == "warn" for line in before["leftovers"]) == 2
    after = found(sweeper, "--repair")
    assert "1 file with results" in after["spool"][0]["message"]
    assert [line["verdict"] for line in after["leftovers"]] == ["ok"]
    assert [path.name for path in folder.iterdir()] == [file.name]


def test_folders_of_dead_controllers_are_deleted(sweeper: Sweeper, digits: SweepRecord, runtimes: Path) -> None:
    # given folders: of a dead controller, of one that lives, of one whose worker lives, of another program
    for name in ("sweeper-dead", "sweeper-alive", "sweeper-busy", "sweeper-other"):
        (runtimes / name).mkdir()
    sockets = []
    for name in ("sweeper-dead", "sweeper-alive", "sweeper-busy"):
        made = socket.socket(socket.AF_UNIX)
        with chdir(runtimes / name):  # a socket's path is short
            made.bind(SOCKET)
        sockets.append(made)
    sockets[1].listen()
    (runtimes / "sweeper-busy" / f"output-0-{os.getpid()}.log").touch()
    told = found(sweeper)["leftovers"][0]
    assert (told["verdict"], "sweeper-dead" in told["message"]) == ("warn", True)
    # when leftovers are deleted
    assert found(sweeper, "--repair")["leftovers"][0]["verdict"] == "ok"
    for made in sockets:
        made.close()
    # then only the first is gone
    assert sorted(path.name for path in runtimes.iterdir()) == ["sweeper-alive", "sweeper-busy", "sweeper-other"]


def test_files_copied_for_versions_that_never_came_to_be_are_found_and_removed(sweeper: Sweeper, here: Path) -> None:
    old, young = "0193" + "0" * 28, new_id()
    past().write()
    for version in (old, young):
        (here / "artifacts" / "models" / version).mkdir(parents=True)
        (here / "artifacts" / "models" / version / "w.bin").write_bytes(b"1")
    done = sweeper("doctor", "--json")
    (found,) = [line for line in done.json if line["check"] == "models"]
    assert found["verdict"] == "warn"
    assert "1 folder of files" in str(found)
    sweeper("doctor", "--repair")
    assert [path.name for path in (here / "artifacts" / "models").iterdir()] == [young]
