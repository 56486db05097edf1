"""How a slot's actor ended, in the words of all executors."""

from __future__ import annotations

import re

from sweeper.interfaces import SlotUnusable, WorkerDied
from sweeper.records import FailureClass

WORDS = 600  #: characters kept of what Ray says


def death_of(error: BaseException) -> WorkerDied:
    """Return what an error of Ray means for the call that ran: a lost worker, or a slot that never works."""
    from ray import exceptions

    if isinstance(error, exceptions.RuntimeEnvSetupError):
        return SlotUnusable(reason=f"Ray cannot set up runtime_env: {words(error.error_message)}")
    if isinstance(error, exceptions.ActorUnschedulableError | exceptions.TaskUnschedulableError):
        return SlotUnusable(reason=f"Ray cannot place the worker: {words(error)}")
    if isinstance(error, exceptions.OutOfMemoryError):
        return WorkerDied(reason="ended by Ray: its node ran out of memory", kind=FailureClass.OOM)
    if isinstance(error, exceptions.RayActorError):
        return _actor(error)
    return WorkerDied(reason=f"its Ray actor was lost: {words(error)}", kind=FailureClass.LOST)


def _actor(error: object) -> WorkerDied:
    said = words(getattr(error, "error_msg", error))
    if getattr(error, "actor_init_failed", False):
        return SlotUnusable(reason=f"the worker could not start: {said}")
    if "runtime_env" in said and "failed" in said.lower():
        return SlotUnusable(reason=f"Ray cannot set up runtime_env: {said}")
    if getattr(error, "preempted", False):
        return WorkerDied(reason="its node was preempted", kind=FailureClass.PREEMPTED)
    if "OutOfMemory" in said or "running low on memory" in said or "memory pressure" in said:
        return WorkerDied(reason="ended by Ray: its node ran out of memory", kind=FailureClass.OOM)
    return WorkerDied(reason=f"its node or its Ray actor was lost: {said}", kind=FailureClass.LOST)


def words(said: object) -> str:
    """Return what Ray said in one line: no colours, no list of facts, of a traceback the error; long text's end."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", str(said)).splitlines()
    if any("Traceback (most recent call last)" in line for line in lines):
        inside = [number for number, line in enumerate(lines) if line.startswith(" ")]
        lines = lines[inside[-1] + 1 :] if inside else lines
    text = " ".join(line.strip() for line in lines if line.strip() and not line.startswith("\t"))
    return text if len(text) <= WORDS else f"... {text[-WORDS:]}"
