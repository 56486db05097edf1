"""The controller dies, is told to stop, or meets another one."""

from __future__ import annotations

import random
import subprocess
import time

from tests.chaos.arena import Arena, wait_until


def killed(arena: Arena, kills: int = 50) -> str:
    """R1: ``kill -9`` of the controller at random moments, each time resumed; in the end there are exactly N."""
    trials = 10 * kills
    arena.sweep(trials=trials, seconds=(0.01, 0.12))
    for _ in range(kills):
        process = arena.start()
        fate(arena.random, arena, process)
        assert process.poll() is None, f"it ended before it was killed: {arena.finish(process)}"
        arena.kill(process)
        if (arena.folder / "runs.db").exists():
            arena.look()
    code, said = arena.run()
    assert code == 0, said
    findings = arena.check(total=trials)
    assert not arena.processes()
    return f"{kills} kills, {trials} trials: {findings}"


def fate(chance: random.Random, arena: Arena, process: subprocess.Popen[str]) -> None:
    """Return at the moment at which the controller is to die: soon after its start, or so many writes later."""
    if chance.random() < 0.2:
        time.sleep(chance.uniform(0.0, 2.0))
        return
    path = arena.folder / "history" / f"controller-{process.pid}.jsonl"
    lines = chance.randrange(1, 60)
    wait_until(lambda: process.poll() is not None or (path.exists() and path.read_bytes().count(b"\n") >= lines))
    time.sleep(chance.uniform(0.0, 0.05))
