"""An objective with faults: which trial does what is said by the environment, so that it is the same in every run.

``CHAOS_FAULTS`` maps trial numbers to faults, ``CHAOS_SECONDS`` is the range in which a trial's time lies.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import signal
import sys
import time
from pathlib import Path
from typing import Any

from tests.chaos.history import INVOKE, OK, Recorder

FAULTS: dict[str, str] = json.loads(os.environ.get("CHAOS_FAULTS", "{}"))
SECONDS: list[float] = json.loads(os.environ.get("CHAOS_SECONDS", "[0.0, 0.02]"))
recorder = Recorder(Path(os.environ["CHAOS_HISTORY"]), "objective")


def train(x: float, trial: Any) -> dict[str, float]:
    """Return a loss, and a token by which this execution is known."""
    at = {"key": trial.id, "number": trial.number, "attempt": trial.attempt}
    recorder.note("execute", INVOKE, **at, facts=os.getpid())
    trial.report(x + 1.0, 0)
    time.sleep(random.Random(trial.seed).uniform(*SECONDS))
    suffer(FAULTS.get(str(trial.number), ""))
    token = float(secrets.randbits(50))
    recorder.note("execute", OK, **at, token=token)
    return {"loss": x, "token": token}


def suffer(fault: str) -> None:
    """Do what a broken objective does."""
    if fault in ("segv", "kill"):
        os.kill(os.getpid(), signal.SIGSEGV if fault == "segv" else signal.SIGKILL)
    elif fault == "_exit":
        os._exit(0)
    elif fault == "sys.exit":
        sys.exit(3)
    elif fault == "exception":
        raise ValueError("no good")
    elif fault == "hang":
        time.sleep(600)
    elif fault == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(600)
    elif fault == "busy":
        sum(range(10**12))  # one call in C that holds the interpreter's lock
