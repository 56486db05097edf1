"""Rows of queries as the records that other rooms know."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from sys import intern
from typing import Any

from sweeper.records import (
    BestTrial,
    Failure,
    FailureClass,
    Goal,
    Run,
    RunState,
    SweepRecord,
    SweepState,
    TrialRecord,
)

_RUN_STATES = {str(state): state for state in RunState}
_ENDED_SWEEPS = {str(state): state for state in SweepState}
_COUNTED = ("queued", "running", "complete", "pruned", "failed", "cancelled")


def sweep_state(state: str, owned: bool) -> SweepState:
    """Return a sweep's state; one that should run but whose lease is gone is interrupted."""
    known = _ENDED_SWEEPS[state]
    return known if owned or known.ended else SweepState.INTERRUPTED


def sweep_record(row: Sequence[Any], tags: Mapping[str, str]) -> SweepRecord:
    return SweepRecord(
        id=row[0],
        name=row[1],
        state=sweep_state(row[2], bool(row[25])),
        method=row[3],
        goals=tuple(Goal(*goal) for goal in json.loads(row[4])),
        space=json.loads(row[5]),
        config=json.loads(row[6]),
        source=row[7],
        seed=row[8],
        trials=row[9],
        experiment_id=str(row[10]),
        experiment=row[11],
        counts=dict(zip(_COUNTED, row[12:18], strict=True)),
        best=None if row[18] is None else BestTrial(*json.loads(row[18])),
        created=row[19],
        started=row[20],
        ended=row[21],
        reason=row[22],
        seconds=row[23],
        artifact_uri=row[24],
        tags=tags,
    )


def trial_records(rows: Sequence[Sequence[Any]]) -> list[TrialRecord]:
    """Return trials. Their JSON is decoded all at once, which is several times faster than one by one."""
    texts = ",".join([f"[{row[4]},{row[5] or 'null'},{row[6] or '{}'},{row[8] or 'null'}]" for row in rows])
    return [
        TrialRecord(
            run_id,
            intern(sweep_id),
            number,
            _RUN_STATES[state],
            params,
            None if values is None else tuple(values),
            metrics,
            attempts,
            None if found is None else failure(found),
            created,
            started,
            ended,
            intern(worker),
            seed=seed,
        )
        for (run_id, sweep_id, number, state, _, _, _, attempts, _, created, started, ended, worker, _, seed), (
            params,
            values,
            metrics,
            found,
        ) in zip(rows, json.loads(f"[{texts}]"), strict=True)
    ]


def failure(parts: Sequence[Any]) -> Failure:
    return Failure(FailureClass(parts[0]), *parts[1:])


def run_record(
    row: Sequence[Any],
    artifact_uri: str,
    owned: bool,
    params: Mapping[str, str],
    metrics: Mapping[str, float],
    tags: Mapping[str, str],
) -> Run:
    return Run(
        id=row[0],
        name=row[1],
        kind=row[2],
        state=sweep_state(row[3], owned) if row[2] == "sweep" else _RUN_STATES[row[3]],
        parent_id=row[4],
        experiment_id=str(row[5]),
        started=row[6],
        ended=row[7],
        user=row[8],
        artifact_uri=artifact_uri,
        deleted=bool(row[10]),
        params=params,
        metrics=metrics,
        tags=tags,
    )


def attempt_dict(row: Sequence[Any]) -> dict[str, Any]:
    found = None if row[5] is None else failure(json.loads(row[5]))
    return {
        "attempt": row[0],
        "worker": row[1],
        "started": row[2],
        "ended": row[3],
        "state": row[4],
        "failure": None if found is None else {"class": str(found.kind), "message": found.message},
        "traceback": found.traceback if found else "",
        "exit_code": found.exit_code if found else None,
        "signal": found.signal if found else None,
        "output": row[6],
        "peak_memory": row[7],
        "applied": row[8],
    }
