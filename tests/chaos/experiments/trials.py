"""A trial breaks: it raises, exits, dies, hangs; or its worker is killed from outside."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable

from tests.chaos.arena import Arena, wait_until
from tests.chaos.history import INVOKE, Record

ENDS = {
    "segv": ("signal", None, signal.SIGSEGV),
    "kill": ("signal", None, signal.SIGKILL),
    "_exit": ("exit", 0, None),
    "sys.exit": ("exit", 3, None),
    "exception": ("exception", None, None),
}  #: fault -> class, exit code, signal
GRACE = 2.0  #: seconds between SIGTERM and SIGKILL


def broken(arena: Arena, trials: int = 100) -> str:
    """R2: five kinds of faults, each in 5 % of the trials: those fail with their class, all others complete."""
    share = max(trials // 20, 1)
    chosen = arena.random.sample(range(trials), share * len(ENDS))
    faults = {number: [*ENDS][index // share] for index, number in enumerate(chosen)}
    arena.sweep(trials=trials, faults=faults)
    code, said = arena.run()
    assert code == 0, said
    findings = arena.check(total=trials)
    with arena.store() as store:
        stored = store.trials(store.sweeps()[0].id)
    for trial in stored:
        expected = ENDS.get(faults.get(trial.number, ""))
        failure = trial.failure and (str(trial.failure.kind), trial.failure.exit_code, trial.failure.signal)
        assert failure == expected, (trial.number, faults.get(trial.number), trial.failure)
    states = Counter(str(trial.state) for trial in stored)
    assert states == {"complete": trials - len(faults), "failed": len(faults)}
    assert not arena.processes()
    wait_until(lambda: not arena.leftovers(), seconds=10.0)
    return f"{len(faults)} of {trials} trials broken in {len(ENDS)} ways, all others complete; {findings}"


def hanging(arena: Arena, trials: int = 100, timeout: float = 2.0) -> str:
    """R3: 5 % of the trials hang, some deaf to SIGTERM, some inside C: killed at the deadline, nothing else touched."""
    kinds = ("hang", "hang", "hang", "deaf", "busy")
    faults = {number: kinds[i % 5] for i, number in enumerate(arena.random.sample(range(trials), max(trials // 20, 2)))}
    arena.sweep(trials=trials, faults=faults, seconds=(0.1, 0.2), executor={"timeout": f"{timeout}s"})
    process = arena.start()
    wait_until(lambda: arena.count("execute", INVOKE))
    began, died = time.monotonic(), _watch(arena, process.poll)
    code, said = arena.finish(process)
    took = time.monotonic() - began
    assert code == 0, said
    findings = arena.check(total=trials)
    with arena.store() as store:
        stored = store.trials(store.sweeps()[0].id)
    failures = {trial.number: str(trial.failure.kind) for trial in stored if trial.failure}
    assert failures == dict.fromkeys(faults, "timeout"), failures
    late = [died[record.facts] - record.at for record in executions(arena) if record.number in faults]
    assert len(late) == len(faults)
    assert max(late) < timeout + GRACE + 1.0, f"a hung trial lived {max(late):.1f} s"
    assert all(row.attempts == 1 for row in arena.rows())
    assert not arena.processes()
    span = f"{min(late):.1f} to {max(late):.1f} s"
    return f"{len(faults)} of {trials} hung, each gone after {span}; {took:.0f} s in all; {findings}"


def executions(arena: Arena) -> list[Record]:
    return [record for record in arena.history("objective-*.jsonl") if record.phase == INVOKE]


def _watch(arena: Arena, over: Callable[[], int | None]) -> dict[int, float]:
    """Return when each worker process was gone, once the controller is."""
    died: dict[int, float] = {}
    while True:
        ended = over() is not None
        for path in (arena.folder / "history").glob("objective-*.jsonl"):
            pid = int(path.stem.partition("-")[2])
            if pid not in died and not lives(pid):
                died[pid] = time.monotonic()
        if ended:
            return died
        time.sleep(0.02)


def lives(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def killed_workers(arena: Arena, kills: int = 20) -> str:
    """R2: workers die by ``kill -9`` from outside, at random: with retries every trial completes."""
    trials = 10 * kills
    arena.sweep(trials=trials, seconds=(0.05, 0.15), retry={"signal": 10})
    process = arena.start()
    done = 0
    while done < kills and process.poll() is None:
        time.sleep(arena.random.uniform(0.0, 1.0))
        living = [record for record in executions(arena)[-4:] if lives(record.facts)]
        if living:
            victim = arena.random.choice(living).facts
            arena.recorder.note("kill", "ok", facts=victim)
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                continue
            done += 1
    code, said = arena.finish(process)
    assert code == 0, said
    findings = arena.check(total=trials)
    assert {row.state for row in arena.rows()} == {"complete"}
    assert not arena.processes()
    return f"{done} workers killed, {trials} trials complete; {findings}"
