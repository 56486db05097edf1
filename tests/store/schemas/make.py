"""``python -m tests.store.schemas.make`` keeps a store of the schema of today: made once for each schema, never again.

``NNNN.db.gz`` is the file as that version wrote it, ``NNNN.jsonl`` its contents as that version exported them.
"""

from __future__ import annotations

import gzip
import math
import tempfile
from pathlib import Path

from sweeper.events import (
    AttemptEnded,
    AttemptStarted,
    ControlWanted,
    ParamsLogged,
    PointsLogged,
    RunEnded,
    RunStarted,
    SweepChanged,
    SweepCreated,
    SweepProgress,
    TagsSet,
    TrialCreated,
)
from sweeper.exchange.store import export
from sweeper.interfaces import Store
from sweeper.records import Failure, FailureClass, Goal, Point, Run, RunState, SweepRecord, SweepState
from sweeper.store import open_store, revision

HERE = Path(__file__).parent
SWEEP = "0193" + "0" * 28


def run_id(number: int) -> str:
    return f"0193{number:028x}"


def fill(store: Store) -> None:
    """Write one of everything: a sweep with a trial in every state, nested runs, every kind of value."""
    space = {"x": {"min": 0.0, "max": 1.0}, "kind": {"values": ["é", None, True, 3]}}
    goals = (Goal("loss"),)
    sweep = SweepRecord(
        SWEEP, "digits", SweepState.RUNNING, "random", goals, space, {"name": "digits"}, "name: digits\n", 7, 6,
        created=1000.0, experiment="Default", artifact_uri=f"/data/artifacts/{SWEEP}",
    )  # fmt: skip
    store.write(SweepCreated(sweep, {"mlflow.user": "me", "note": "漢字"}, {"method": "random"})).result()
    ends = [
        (RunState.COMPLETE, None), (RunState.COMPLETE, None), (RunState.PRUNED, None),
        (RunState.FAILED, Failure(FailureClass.SIGNAL, "SIGSEGV", "Traceback", None, 11)), (RunState.CANCELLED, None),
    ]  # fmt: skip
    for number, (state, failure) in enumerate(ends):
        trial, at = run_id(number + 1), 1001.0 + number
        params = {"x": 0.1 * number, "kind": ["é", None, True, 3, [1, {"a": 2}]][number]}
        values = (0.5 - number,) if state is RunState.COMPLETE else None
        store.write(
            TrialCreated(SWEEP, trial, number, params, number, at),
            AttemptStarted(SWEEP, trial, 1, "slot 0", at),
            PointsLogged(trial, (Point("loss", 0.9, 0, at), Point("loss", math.nan, 1, at)), 1),
            AttemptEnded(SWEEP, trial, 1, at, None, failure=Failure(FailureClass.LOST, "gone")),
            AttemptStarted(SWEEP, trial, 2, "slot 1", at + 0.1),
            PointsLogged(trial, (Point("loss", -0.0, 0, at), Point("other", -math.inf, 2, at)), 2),
            AttemptEnded(
                SWEEP, trial, 2, at + 0.5, state, at + 0.1, values, {"loss": 0.5 - number, "odd": math.inf}, failure,
                "printed\n", 10_000_000, 4,
            ),
        ).result()  # fmt: skip
    nested = Run(run_id(90), "fold-0", parent_id=run_id(1), started=1001.1, artifact_uri="s3://bucket/fold-0")
    store.write(RunStarted(nested), ParamsLogged(nested.id, {"fold": "0"}), TagsSet(nested.id, {"a/b": "c"})).result()
    store.write(RunEnded(nested.id, RunState.COMPLETE, 1001.4)).result()
    store.write(TrialCreated(SWEEP, run_id(6), 5, {"x": 1e-300, "kind": "é"}, 2**62, 1009.0)).result()
    store.write(
        ControlWanted(SWEEP, "stop", "me", 1010.0),
        SweepProgress(SWEEP, {}, None, 9.5),
        SweepChanged(SWEEP, 1010.5, SweepState.STOPPED, reason="stopped by me"),
    ).result()
    alone = Run(run_id(99), "alone", experiment_id=store.experiment("other"), started=1020.0, tags={"t": ""})
    store.write(RunStarted(alone)).result()


def make() -> None:
    packed = HERE / f"{revision.HEAD}.db.gz"
    assert not packed.exists(), f"{packed} is there already, and stays as it was"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "runs.db"
        store = open_store(path, artifacts="/data/artifacts")
        fill(store)
        export(store, HERE / f"{revision.HEAD}.jsonl")
        store.close()
        packed.write_bytes(gzip.compress(path.read_bytes(), mtime=0))


if __name__ == "__main__":
    make()
