"""MLflow's clients inside a trial: what their environment says, and what they logged to the trial's run.

The controller opens the tracking protocol for the sweep; its address, token and experiment reach the workers as
variables, and each attempt adds its run. Then ``mlflow.log_metric`` and autologging write to the trial.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

ADDRESS, TOKEN, RUN = "MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_TOKEN", "MLFLOW_RUN_ID"
OPEN = "SWEEPER_TRACKING"  #: set where the protocol is open for this sweep
PATIENCE = 10.0  #: seconds for one answer
_SPECIAL = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


@contextmanager
def tracked(variables: Mapping[str, str], run_id: str) -> Iterator[None]:
    """While the block runs, an MLflow client of this process and of its children logs to ``run_id``."""
    if not variables:
        yield
        return
    ours = {**variables, OPEN: "1", RUN: run_id}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    failed = True
    try:
        yield
        failed = False
    finally:
        _end_runs("FAILED" if failed else "FINISHED")
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def logged(run_id: str) -> dict[str, float]:
    """Return the latest values that a client logged to a run; none where no protocol is open or it does not answer."""
    if not os.environ.get(OPEN):
        return {}
    request = Request(
        f"{os.environ[ADDRESS]}/api/2.0/mlflow/runs/get?run_id={quote(run_id)}",
        headers={"Authorization": f"Bearer {os.environ[TOKEN]}"},
    )
    with suppress(OSError, ValueError, KeyError, TypeError):
        with urlopen(request, timeout=PATIENCE) as answer:
            found = json.load(answer)["run"]["data"].get("metrics", [])
        return {metric["key"]: _number(metric["value"]) for metric in found}
    return {}


def _number(value: Any) -> float:
    return _SPECIAL[value] if isinstance(value, str) else float(value)


def _end_runs(status: str) -> None:
    """End what the objective left open, so that the next trial of this process begins with its own run."""
    mlflow = sys.modules.get("mlflow")
    if mlflow is None:
        return
    with suppress(Exception):  # it is a client's bookkeeping: the trial's own record does not depend on it
        while mlflow.active_run() is not None:
            mlflow.end_run(status)
