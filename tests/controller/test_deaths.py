"""What a dead worker's end says about its attempt."""

from __future__ import annotations

from pathlib import Path

import pytest

from sweeper.controller.deaths import died, output_of
from sweeper.controller.intake import Active
from sweeper.interfaces import WorkerDied
from sweeper.records import FailureClass, RunState
from sweeper.trial.worker import output_file


@pytest.mark.parametrize(
    ("death", "killed", "oom", "kind", "said"),
    [
        (WorkerDied(exit_code=3), "", False, FailureClass.EXIT, "exited with code 3 before the objective returned"),
        (WorkerDied(exit_code=0), "", False, FailureClass.EXIT, "exited with code 0"),
        (WorkerDied(signal=11), "", False, FailureClass.SIGNAL, "died of SIGSEGV (Segmentation fault)"),
        (WorkerDied(signal=64), "", False, FailureClass.SIGNAL, "died of"),
        (WorkerDied(signal=9), "", True, FailureClass.OOM, "out of memory"),
        (WorkerDied(signal=15), "timeout: it ran longer than 2 s", False, FailureClass.TIMEOUT, "longer than 2 s"),
        (WorkerDied(signal=15), "settled", False, FailureClass.PREEMPTED, "interrupted"),
        (WorkerDied(reason="the slot is broken"), "", False, FailureClass.LOST, "the slot is broken"),
        (WorkerDied(), "", False, FailureClass.LOST, "the worker process was lost"),
    ],
)
def test_each_death_has_its_class_and_a_sentence(
    death: WorkerDied, killed: str, oom: bool, kind: FailureClass, said: str
) -> None:
    ended = died("s", Active(0, "r", {}, 2, applied=5, killed=killed), death, "printed", oom)

    assert (ended.sweep_id, ended.run_id, ended.attempt, ended.applied) == ("s", "r", 2, 5)
    assert (ended.state, ended.output) == (RunState.FAILED, "printed")
    assert ended.failure is not None
    assert ended.failure.kind is kind
    assert said in ended.failure.message
    assert (ended.failure.exit_code, ended.failure.signal) == (
        death.exit_code if kind is FailureClass.EXIT else None,
        death.signal,
    )


def test_a_cancelled_trial_has_not_failed() -> None:
    ended = died("s", Active(0, "r", {}, 1, killed="cancelled"), WorkerDied(signal=15), "", False)

    assert (ended.state, ended.failure) == (RunState.CANCELLED, None)


def test_the_output_of_a_dead_worker_is_taken_once(tmp_path: Path) -> None:
    output_file(tmp_path, 1, 77).write_text("last words")

    assert output_of(tmp_path, 1, WorkerDied(pid=77)) == "last words"
    assert output_of(tmp_path, 1, WorkerDied(pid=77)) == ""
    assert list(tmp_path.iterdir()) == []
