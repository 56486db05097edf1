"""``sweeper pause``, ``stop`` and ``cancel``."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sweeper.records import SweepRecord, SweepState
from tests.cli.conftest import Sweeper, past

SWEEP = """
objective: train.py:train
method: random
metric: {name: score}
parameters: {depth: {min: 2, max: 32}}
budget: {trials: 1000}
executor: {workers: 1}
"""
OBJECTIVE = """
import time

def train(depth):
    time.sleep(0.05)
    return depth
"""


def wait_for(sweeper: Sweeper, child: subprocess.Popen[str], state: str, complete: int = 0) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and child.poll() is None:
        ran = sweeper("show", "last", "--json")
        if ran.code == 0 and ran.json[0]["state"] == state and ran.json[0]["counts"]["complete"] >= complete:
            return
        time.sleep(0.1)
    raise AssertionError(f"it never was {state}")


def test_a_running_sweep_is_paused_resumed_and_stopped_from_elsewhere(sweeper: Sweeper, here: Path) -> None:
    (here / "train.py").write_text(OBJECTIVE)
    (here / "slow.yaml").write_text(SWEEP)
    command = [sys.executable, "-m", "sweeper", "run", "slow.yaml"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.Popen(
        command, cwd=here, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    wait_for(sweeper, child, "running", complete=1)
    paused = sweeper("pause", "last")
    assert paused.code == 0
    assert "pause" in paused.lines[0]
    wait_for(sweeper, child, "paused")
    assert sweeper("resume", "last").code == 0
    wait_for(sweeper, child, "running")
    (stopped,) = sweeper("stop", "last", "--json").json
    assert stopped["name"] == "slow"
    out, err = child.communicate(timeout=60)
    assert child.returncode == 0, err
    assert "stopped by " in out
    assert sweeper("show", "last", "--json").json[0]["state"] == "stopped"


@pytest.mark.parametrize(("wanted", "state"), [("stop", "stopped"), ("cancel", "cancelled")])
def test_a_sweep_that_nobody_runs_is_ended_for_good(sweeper: Sweeper, here: Path, wanted: str, state: str) -> None:
    made = past().write(SweepState.INTERRUPTED)
    ran = sweeper(wanted, "digits")
    assert ran.code == 0
    assert ran.lines[0] == f"digits {made.id[-8:]} is {state}: 0/10 trials"
    assert sweeper("show", "digits", "--json").json[0]["state"] == state


def test_what_nobody_runs_cannot_pause(sweeper: Sweeper, here: Path) -> None:
    past().write(SweepState.INTERRUPTED)
    ran = sweeper("pause", "digits")
    assert ran.code == 2
    assert "no process runs sweep digits" in ran.err


@pytest.mark.parametrize("wanted", ["pause", "stop", "cancel"])
def test_what_has_ended_has_ended(sweeper: Sweeper, digits: SweepRecord, wanted: str) -> None:
    ran = sweeper(wanted, "digits")
    assert ran.code == 2
    assert f"is finished already: there is nothing to {wanted}" in ran.err
