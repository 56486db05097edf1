"""Everything at once, for a while."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import time
from collections import Counter
from pathlib import Path

from tests.chaos.arena import Arena, wait_until
from tests.chaos.experiments.trials import executions, lives


def soak(arena: Arena, seconds: float = 40.0) -> str:
    """R20, short: controller and workers are killed and stopped, the store is blocked, at random for a while."""
    trials = int(seconds * 40)
    arena.environment["CHAOS_LEASE"] = "6"
    arena.sweep(trials=trials, seconds=(0.01, 0.08), retry={"signal": 20, "lost": 20})
    done: Counter[str] = Counter()
    end = time.monotonic() + seconds
    process = arena.start()
    while time.monotonic() < end:
        time.sleep(arena.random.uniform(0.1, 1.5))
        if process.poll() is not None:
            break
        what = arena.random.choices(("worker", "stop", "block", "controller"), (6, 2, 1, 1))[0]
        living = [record.facts for record in executions(arena)[-8:] if lives(record.facts)]
        if what == "controller":
            arena.kill(process)
            process = arena.start()
        elif what == "block":
            _block(arena, arena.random.uniform(0.5, 2.0))
        elif living:
            victim = arena.random.choice(living)
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL if what == "worker" else signal.SIGSTOP)
                if what == "stop":
                    time.sleep(0.5)
                    os.kill(victim, signal.SIGCONT)
        done[what] += 1
        if Path(arena.url).exists():
            arena.look()
    code, said = arena.finish(process, 120.0)
    assert code == 0, said
    findings = arena.check(total=trials)
    assert {row.state for row in arena.rows()} == {"complete"}
    wait_until(lambda: not arena.processes(), seconds=5.0)
    return f"{trials} trials, {', '.join(f'{what} {count}' for what, count in done.items())}; {findings}"


def steady(arena: Arena, seconds: float = 25.0) -> str:
    """R20: a controller whose workers are killed now and then does not grow: memory, open files."""
    trials = int(seconds * 25)
    arena.sweep(trials=trials, seconds=(0.04, 0.1), retry={"signal": 20})
    process = arena.start()
    wait_until(lambda: arena.count("end") >= trials // 5)
    before = after = _size(process.pid)
    while process.poll() is None and arena.count("end") < trials * 9 // 10:
        time.sleep(1.0)
        if living := [record.facts for record in executions(arena)[-4:] if lives(record.facts)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(arena.random.choice(living), signal.SIGKILL)
        if process.poll() is None:
            after = _size(process.pid)
    code, said = arena.finish(process)
    assert code == 0, said
    findings = arena.check(total=trials)
    grown = after[0] / before[0] - 1.0
    figure = f"memory {before[0] / 1e6:.0f} to {after[0] / 1e6:.0f} MB ({grown:+.1%}), files {before[1]} to {after[1]}"
    assert grown < 0.05, figure
    assert after[1] <= before[1] + 8, figure
    return f"{figure}; {findings}"


def _size(pid: int) -> tuple[int, int]:
    """Return the resident memory in bytes and the number of open files of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE"), len(os.listdir(f"/proc/{pid}/fd"))


def _block(arena: Arena, seconds: float) -> None:
    if not Path(arena.url).exists():
        return
    with contextlib.closing(sqlite3.connect(arena.url, isolation_level=None, timeout=10)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")
