"""What is left of a command when its worker or its controller is killed: nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sweeper.processes import group_memory

from .test_objective import LEAVES, PATIENCE, alive, gone

Write = Callable[..., Path]

WORKER = """
import sys
from sweeper.trial.command.process import run
run(["sh", sys.argv[1]], {"PATH": "/usr/bin:/bin"}, None, lambda name, chunk: None, lambda: None, own_process=True)
"""


def pid_of(path: Path) -> int:
    deadline = time.monotonic() + PATIENCE
    while not (path.exists() and path.read_text().strip()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return int(path.read_text())


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_worker_takes_its_command_along(write: Write, tmp_path: Path, number: int) -> None:
    script = write("leaves.sh", LEAVES.format(place=tmp_path, then="echo $$ > mine; while :; do sleep 0.05; done"))
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(script)], start_new_session=True)
    try:
        command, child = pid_of(tmp_path / "mine"), pid_of(tmp_path / "pid")
        assert group_memory(worker.pid) > 0
        assert os.getpgid(command) == command != worker.pid

        os.killpg(worker.pid, number)

        assert worker.wait(PATIENCE) == -number
        assert gone(command)
        assert gone(child)
    finally:
        worker.kill()
        worker.wait()


def test_a_dead_controller_leaves_no_command_behind(write: Write, tmp_path: Path) -> None:
    write("leaves.sh", LEAVES.format(place=tmp_path, then="while :; do sleep 0.05; done"))
    write(
        "sweep.yaml",
        """
        command: [sh, leaves.sh]
        metric: {name: loss}
        parameters: {x: {min: 0.0, max: 1.0}}
        executor: {workers: 1}
        """,
    )
    controller = subprocess.Popen(
        [sys.executable, "-m", "sweeper", "run", "sweep.yaml", "--store", "sqlite:///here.db", "--quiet"]
    )
    try:
        child = pid_of(tmp_path / "pid")
        assert alive(child)

        controller.send_signal(signal.SIGKILL)
        controller.wait()

        assert gone(child)
    finally:
        controller.kill()
        controller.wait()
