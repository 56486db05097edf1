"""The controller dies, is told to stop, or meets another one."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import struct
import subprocess
import time

from tests.chaos.arena import Arena, wait_until
from tests.chaos.history import FAIL, OK
from tests.chaos.native import library


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


def signalled(arena: Arena) -> str:
    """R4: Ctrl-C once, twice, SIGTERM: ended in time, nothing running, no process and no file left, then resumed."""
    arena.sweep(trials=400, seconds=(0.1, 0.4))
    took = [
        _signal(arena, 5.0, [signal.SIGINT], 130),
        _signal(arena, 5.0, [signal.SIGTERM], 143),
    ]
    arena.environment["CHAOS_SECONDS"] = "[600.0, 600.0]"
    took.append(_signal(arena, 5.0, [signal.SIGINT, signal.SIGINT], 130))
    took.append(_signal(arena, 5.0, [signal.SIGTERM], 143, CHAOS_GRACE="1"))
    arena.environment["CHAOS_SECONDS"] = "[0.0, 0.01]"
    code, said = arena.run()
    assert code == 0, said
    findings = arena.check(total=400)
    return f"exits after {', '.join(f'{seconds:.1f}' for seconds in took)} s; {findings}"


def _signal(arena: Arena, limit: float, numbers: list[signal.Signals], expected: int, **environment: str) -> float:
    process = arena.start(**environment)
    path = arena.folder / "history" / f"controller-{process.pid}.jsonl"
    begun = arena.count("execute", "invoke")
    wait_until(lambda: path.exists() and arena.count("execute", "invoke") > begun + 1)
    began = time.monotonic()
    for number in numbers:
        process.send_signal(number)
        time.sleep(0.3)
    code, said = arena.finish(process)
    took = time.monotonic() - began
    assert code == expected, (code, said)
    assert "resume" in said, said
    assert took < limit, f"it took {took:.1f} s"
    wait_until(lambda: not arena.processes(), seconds=2.0)
    wait_until(lambda: not arena.leftovers(), seconds=10.0)
    assert not [row for row in arena.rows() if row.state == "running"]
    arena.check()
    return took


def orphaned(arena: Arena) -> str:
    """R5: ``kill -9`` of the controller: its workers are gone within 5 s, what they finished is not lost."""
    arena.sweep(trials=8, seconds=(1.0, 1.4))
    process = arena.start()
    wait_until(lambda: arena.count("start") >= 2 and arena.count("execute", "invoke") >= 2)
    time.sleep(0.3)
    arena.kill(process)
    began = time.monotonic()
    wait_until(lambda: not arena.processes(), seconds=5.0)
    gone = time.monotonic() - began
    returned = {record.key for record in arena.history() if (record.op, record.phase) == ("execute", OK)}
    told = {record.key for record in arena.history() if (record.op, record.phase) == ("end", OK)}
    kept = returned - told
    assert kept, "no worker finished after its controller"
    wait_until(lambda: not arena.leftovers(), seconds=10.0)
    code, said = arena.run()
    assert code == 0, said
    findings = arena.check(total=8)
    rows = {row.key: row for row in arena.rows()}
    assert all((rows[key].state, rows[key].attempts) == ("complete", 1) for key in kept), [rows[key] for key in kept]
    return f"workers gone after {gone:.1f} s, {len(kept)} results taken from the spool; {findings}"


def two(arena: Arena) -> str:
    """R6: a second controller is refused; one stopped past its lease is replaced, and refused when it wakes up."""
    arena.environment["CHAOS_LEASE"] = "3"
    arena.sweep(trials=60, seconds=(0.1, 0.2))
    first = arena.start()
    wait_until(lambda: arena.count("end") >= 4)
    code, said = arena.run("resume", "last")
    assert code == 4, (code, said)
    assert str(first.pid) in said, said
    wait_until(lambda: _stop_between_commits(arena, first))
    time.sleep(4.0)
    second = arena.start("resume", "last")
    wait_until(lambda: second.poll() is not None or arena.history(f"controller-{second.pid}.jsonl"))
    wait_until(lambda: second.poll() is not None or _ended(arena, second) >= 2)
    first.send_signal(signal.SIGCONT)
    code, said = arena.finish(first)
    assert code == 4, (code, said)
    assert "took over" in said, said
    code, said = arena.finish(second)
    assert code == 0, said
    findings = arena.check(total=60)
    assert not arena.processes()
    fences = {record.fence for record in arena.history() if record.op == "acquire"}
    refused = sum(record.phase == FAIL for record in arena.history(f"controller-{first.pid}.jsonl"))
    return f"fences {sorted(fences)}, the stale one left with 4, {refused} of its writes refused; {findings}"


def _stop_between_commits(arena: Arena, process: subprocess.Popen[str]) -> bool:
    """Stop a process that does not hold the lock of the file just then: a stopped one would keep it."""
    process.send_signal(signal.SIGSTOP)
    with contextlib.closing(sqlite3.connect(arena.url, isolation_level=None, timeout=0.5)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError:
            process.send_signal(signal.SIGCONT)
            time.sleep(0.1)
            return False
    return True


def _ended(arena: Arena, process: subprocess.Popen[str]) -> int:
    history = arena.history(f"controller-{process.pid}.jsonl")
    return sum((record.op, record.phase) == ("end", OK) for record in history)


def both(arena: Arena) -> str:
    """R6: two resume a sweep at the same moment whose controller was killed: one gets it, the history is clean."""
    arena.sweep(trials=40, seconds=(0.05, 0.1))
    process = arena.start()
    wait_until(lambda: arena.count("end") >= 4)
    arena.kill(process)
    rivals = [arena.start("resume", "last") for _ in range(2)]
    codes = sorted(arena.finish(rival)[0] for rival in rivals)
    assert codes in ([0, 4], [0, 0]), codes
    findings = arena.check(total=40)
    return f"exit codes {codes}; {findings}"


def blocked(arena: Arena) -> str:
    """R7: the store cannot be written for longer than a lease is renewed: nothing is lost, nobody is thrown out."""
    arena.environment["CHAOS_LEASE"] = "9"
    arena.sweep(trials=60, seconds=(0.05, 0.1))
    process = arena.start()
    wait_until(lambda: arena.count("end") >= 4)
    with contextlib.closing(sqlite3.connect(arena.url, isolation_level=None)) as connection:
        connection.execute("PRAGMA busy_timeout=10000")
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(4.0)
        connection.execute("ROLLBACK")
    code, said = arena.finish(process)
    assert code == 0, said
    findings = arena.check(total=60)
    assert all(row.attempts == 1 for row in arena.rows()), "a trial was taken for lost"
    return f"4 s without a write, lease of 9 s; {findings}"


def asleep(arena: Arena) -> str:
    """R16: the machine sleeps past the lease, the clock jumps by two days: nothing is taken for lost."""
    clock = arena.folder / "clock"
    clock.write_bytes(bytes(8))
    environment = {"LD_PRELOAD": str(library("clock")), "CHAOS_CLOCK": str(clock), "CHAOS_LEASE": "3"}
    arena.sweep(trials=120, seconds=(0.1, 0.2))
    process = arena.start(**environment)
    wait_until(lambda: arena.count("end") >= 4)
    for jump in (172_800, -172_800):
        clock.write_bytes(struct.pack("<q", jump))
        before = arena.count("end")
        wait_until(lambda: arena.count("end") >= before + 20)  # noqa: B023  # called at once
    clock.write_bytes(bytes(8))
    _freeze(arena, process.pid, 5.0)
    code, said = arena.finish(process)
    assert code == 0, said
    findings = arena.check(total=120)
    assert all(row.attempts == 1 for row in arena.rows()), "a trial was taken for lost"
    with arena.store() as store:
        (sweep,) = store.sweeps()
        lasted = [trial.ended - trial.started for trial in store.trials(sweep.id) if trial.ended and trial.started]
    assert len(lasted) == 120
    assert min(lasted) >= 0.0, f"a trial lasted {min(lasted):.1f} s"
    assert max(lasted) < 60.0, f"a trial lasted {max(lasted):.1f} s"
    span = f"{min(lasted):.2f} to {max(lasted):.2f} s"
    return f"+2 days, -2 days, 5 s asleep with a lease of 3 s: trials lasted {span}; {findings}"


def _freeze(arena: Arena, pid: int, seconds: float) -> None:
    """Stop every process of the arena and let them go on after a while: a laptop that is closed."""
    stopped = [pid, *arena.processes()]
    for each in stopped:
        os.kill(each, signal.SIGSTOP)
    time.sleep(seconds)
    for each in stopped:
        os.kill(each, signal.SIGCONT)
