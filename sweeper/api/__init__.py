"""What code calls: the decorator, running and resuming sweeps, runs outside sweeps, reading what is stored."""

from sweeper.api.result import Result
from sweeper.api.running import resume_sweep, run_sweep

__all__ = ["Result", "resume_sweep", "run_sweep"]
