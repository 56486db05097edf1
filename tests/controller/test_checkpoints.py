"""Trials that go on where they were: after a crash, a Ctrl-C and the death of their controller."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from sweeper.records import RunState, TrialRecord
from sweeper.store import open_store

from .conftest import PATIENCE

OBJECTIVE = """
    import os, signal, time
    from pathlib import Path

    import sweeper


    def train(x, trial):
        last = trial.last_checkpoint
        begin = 0 if last is None else int((last / "epoch").read_text()) + 1
        with (trial.checkpoint_dir / "attempts").open("a") as file:
            file.write(f"{trial.attempt} ")
        for epoch in range(begin, 6):
            trial.report(100.0 * trial.attempt + epoch, step=epoch)
            if epoch == 3 and trial.attempt == 1:
                end_badly(trial)
            with trial.checkpoint() as folder:
                (folder / "epoch").write_text(str(epoch))
        trial.set_tag("attempts", (trial.checkpoint_dir / "attempts").read_text().strip())
        return 1.0


    def end_badly(trial):
        time.sleep(0.5)  # what was reported is on its way
        if os.environ["HOW"] == "crash":
            os.kill(os.getpid(), signal.SIGKILL)
        if os.environ["HOW"] == "raise":
            raise ValueError("no more")
        Path("waiting").touch()
        time.sleep(600)
"""
SWEEP = """
    name: goes-on
    objective: train.py:train
    metric: {name: loss}
    parameters: {x: {min: 0.0, max: 1.0}}
    budget: {trials: 1}
    executor: {workers: 1}
    retry: {signal: 1}
"""


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "train.py").write_text(textwrap.dedent(OBJECTIVE))
        (path / "sweep.yaml").write_text(textwrap.dedent(SWEEP))

    def start(self, *words: str, how: str = "") -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "HOW": how}
        command = [sys.executable, "-m", "sweeper", *words]
        return subprocess.Popen(
            command, cwd=self.path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def wait_for_the_trial(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not (self.path / "waiting").exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def went_on(self) -> None:
        """Two attempts are one history, and nothing is left of the checkpoints."""
        store = open_store(str(self.path / "sweeper.db"), read_only=True)
        try:
            (trial,) = store.trials(store.find_sweep("last").id)
            points = store.points([trial.run_id], ["loss"])[trial.run_id]
            reported = {point.step: point.value for point in points if point.value != 1.0}
            tags = store.run(trial.run_id).tags
        finally:
            store.close()
        assert (trial.state, trial.attempts) == (RunState.COMPLETE, 2)
        assert reported == {0: 100, 1: 101, 2: 102, 3: 203, 4: 204, 5: 205}
        assert tags["attempts"] == "1 2"
        assert not list(self.path.glob("artifacts/.checkpoints/*"))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_after_a_crash_of_the_worker(folder: Folder) -> None:
    output, _ = folder.start("run", "sweep.yaml", how="crash").communicate(timeout=PATIENCE)

    assert "1 complete" in output, output
    folder.went_on()


def test_after_the_death_of_the_controller(folder: Folder) -> None:
    controller = folder.start("run", "sweep.yaml")
    folder.wait_for_the_trial()
    controller.kill()
    controller.communicate(timeout=PATIENCE)

    output, _ = folder.start("resume", "last").communicate(timeout=PATIENCE)

    assert "1 complete" in output, output
    folder.went_on()


def test_after_ctrl_c(folder: Folder) -> None:
    controller = folder.start("run", "sweep.yaml")
    folder.wait_for_the_trial()
    for _ in range(2):
        controller.send_signal(signal.SIGINT)
        time.sleep(0.5)
    interrupted, _ = controller.communicate(timeout=PATIENCE)
    assert controller.returncode == 130, interrupted

    output, _ = folder.start("resume", "last").communicate(timeout=PATIENCE)

    assert "1 complete" in output, output
    folder.went_on()


def test_those_of_a_failed_trial_stay_to_be_looked_at(folder: Folder) -> None:
    folder.start("run", "sweep.yaml", how="raise").communicate(timeout=PATIENCE)

    store = open_store(str(folder.path / "sweeper.db"), read_only=True)
    trials: list[TrialRecord] = store.trials(store.find_sweep("last").id)
    place = Path(store.artifacts, ".checkpoints", trials[0].sweep_id, trials[0].run_id)
    store.close()
    assert trials[0].state is RunState.FAILED
    assert (place / "saved" / "000001-00000003" / "epoch").read_text() == "2"
