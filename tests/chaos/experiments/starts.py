"""Many processes begin on an empty store, or write one file at once."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.chaos.arena import Arena, Skip
from tests.chaos.checker import check
from tests.store.servers import MariaDB, PostgreSQL, Server


@contextmanager
def server(kind: type[Server]) -> Iterator[Server]:
    """A server of a database for one experiment."""
    if missing := kind.missing():
        raise Skip(missing)
    made = kind()
    try:
        yield made
    finally:
        made.close()  # type: ignore[attr-defined]  # each kind has it


def cold(arena: Arena, processes: int = 8) -> str:
    """R8 on SQLite: processes that start at once on a store that is not there yet all succeed."""
    arena.sweep(trials=3, executor={"kind": "inline"}, workers=1)
    begun = [arena.start("run", str(arena.folder / "sweep.yaml"), "--new") for _ in range(processes)]
    ended = [arena.finish(process) for process in begun]
    assert [code for code, _ in ended] == [0] * processes, ended
    with arena.store() as store:
        counts = [sweep.counts["complete"] for sweep in store.sweeps()]
    assert counts == [3] * processes
    return f"{processes} of {processes}"


def cold_servers(arena: Arena) -> str:
    """R8 on PostgreSQL and MariaDB."""
    told = []
    for kind in (PostgreSQL, MariaDB):
        with server(kind) as database:
            arena.url = database.url  # type: ignore[attr-defined]  # each kind has it
            arena.environment["PGCONNECT_TIMEOUT"] = "10"
            arena.sweep(trials=3, executor={"kind": "inline"}, workers=1)
            command = ("run", str(arena.folder / "sweep.yaml"), "--new", "--artifacts", str(arena.folder / "artifacts"))
            begun = [arena.start(*command) for _ in range(8)]
            ended = [arena.finish(process) for process in begun]
            assert [code for code, _ in ended] == [0] * 8, (kind.__name__, ended)
            with arena.store() as store:
                assert [sweep.counts["complete"] for sweep in store.sweeps()] == [3] * 8
            told.append(f"{kind.__name__} 8 of 8")
    return ", ".join(told)


def crowd(arena: Arena, writers: int = 8, trials: int = 500) -> str:
    """R9: writers on one SQLite file, each with its own sweep, beside readers: no error, nobody waits long."""
    script = [sys.executable, "-m", "tests.chaos.writer", arena.url]
    began = time.monotonic()
    begun = [arena.popen([*script, "write", str(trials)]) for _ in range(writers)]
    reader = arena.popen([*script, "read", "0"])
    ended = [arena.finish(process) for process in begun]
    took = time.monotonic() - began
    reader.terminate()
    read = arena.finish(reader)
    assert [code for code, _ in ended] == [0] * writers, ended
    assert read[0] == 0, read
    waits = [float(wait) for _, said in ended for wait in said.split()]
    assert len(waits) == writers * trials
    with arena.store() as store:
        assert [sweep.counts["complete"] for sweep in store.sweeps()] == [trials] * writers
    assert max(waits) < 2.0, f"a write waited {max(waits):.2f} s"
    return (
        f"{writers} writers of {trials} trials each: 0 errors, {len(waits) / took:.0f} trials/s, "
        f"wait median {1000 * statistics.median(waits):.0f} ms, worst {1000 * max(waits):.0f} ms; {read[1].strip()}"
    )


def neighbours(arena: Arena, trials: int = 80) -> str:
    """R9: two sweeps, runs outside sweeps and a reader share one SQLite file: each has all of its own."""
    arena.sweep(trials=trials, seconds=(0.02, 0.06))
    writer = [sys.executable, "-m", "tests.chaos.writer", arena.url]
    names = ("one", "two")
    begun = [arena.start("run", str(arena.folder / "sweep.yaml"), "--new", "--name", name) for name in names]
    alone = arena.popen([*writer, "runs", "200"])
    for process in (*begun, alone):
        code, said = arena.finish(process)
        assert code == 0, said
    told = []
    for name, process in zip(names, begun, strict=True):
        history = [*arena.history(f"controller-{process.pid}.jsonl"), *arena.history("objective-*.jsonl")]
        findings = check(history, arena.rows(name), trials)
        assert not findings.bad, findings.bad
        told.append(f"{name}: {findings}")
    with arena.store() as store:
        runs = store.runs(kinds=["run"], limit=1000)
        assert len(runs) == 200
        assert {str(run.state) for run in runs} == {"complete"}
    return f"2 sweeps of {trials} trials and 200 runs; {'; '.join(told)}"
