"""Limits of a trial: memory and time, in worker processes and inline; and a process of its own for each trial."""

from __future__ import annotations

import os
import time

from sweeper.records import FailureClass, RunState
from sweeper.trial.trial import Trial

from .conftest import Run, by

SPACE = {"what": {"values": ["good", "greedy", "good too"]}}


def greedy(what: str, trial: Trial) -> float:
    trial.log_metric("pid", os.getpid())
    if what == "greedy":
        held = bytearray(400_000_000)
        time.sleep(60)
        return float(len(held))
    return 1.0


def test_a_trial_over_its_memory_is_killed_and_its_class_says_so(run: Run) -> None:
    executor = {"kind": "joblib", "workers": 1, "memory": "300MB", "isolation": "fresh"}

    result = run(greedy, space=SPACE, method="grid", trials=3, executor=executor, retry={"oom": 1})

    trials = by(result.trials, "what")
    assert trials["greedy"].failure is not None
    assert trials["greedy"].failure.kind is FailureClass.OOM
    assert "300 MB" in trials["greedy"].failure.message
    assert trials["greedy"].attempts == 2
    assert {trials[name].state for name in ("good", "good too")} == {RunState.COMPLETE}
    assert trials["good"].metrics["pid"] != trials["good too"].metrics["pid"]  # fresh: a process for each


def test_a_trial_in_this_process_ends_by_timer(run: Run) -> None:
    def hangs(what: str) -> float:
        while what == "greedy":
            time.sleep(0.01)
        return 1.0

    result = run(hangs, space=SPACE, method="grid", trials=3, executor={"kind": "inline", "timeout": 0.3})

    trials = by(result.trials, "what")
    assert trials["greedy"].failure is not None
    assert trials["greedy"].failure.kind is FailureClass.TIMEOUT
    assert trials["good too"].state is RunState.COMPLETE


def test_what_a_worker_has_loaded_is_not_walked_through_again_by_its_garbage_collector(run: Run) -> None:
    def counts(x: float) -> float:
        import gc

        return float(gc.get_freeze_count())

    result = run(counts, trials=1, executor={"kind": "joblib", "workers": 1})

    assert result.trials[0].values is not None
    assert result.trials[0].values[0] > 1000
