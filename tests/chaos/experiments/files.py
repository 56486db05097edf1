"""The disk: the power goes, writes fail, no room is left, a file is torn."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from sweeper import wire
from sweeper.events import RunEnded
from sweeper.records import RunState
from sweeper.store import open_store
from sweeper.trial import frames, spool
from tests.chaos.arena import Arena, Skip, wait_until
from tests.chaos.native import library
from tests.chaos.power import cuts, operations

FILES = ("runs.db", "runs.db-wal")

COMPLETE = """
SELECT number, (SELECT count(*) FROM sweeper_params WHERE run_id = id), (SELECT count(*) FROM sweeper_points
WHERE run_id = id), (SELECT count(*) FROM sweeper_attempts WHERE run_id = id)
FROM sweeper_runs WHERE kind = 'trial' AND state = 'complete'
"""


def stored(path: Path) -> set[int]:
    """Return the numbers of the complete trials of a store; nothing in it may be damaged or half there."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = connection.execute(COMPLETE).fetchall()
    assert all(row[1:] == (8, 10, 1) for row in rows), f"a trial is torn: {rows}"
    return {row[0] for row in rows}


def power(arena: Arena, count: int = 500, trials: int = 150) -> str:
    """R10: the power goes at a random moment, again and again: what was acknowledged is there, nothing is damaged."""
    disk, log, after = arena.folder / "disk", arena.folder / "log", arena.folder / "after"
    disk.mkdir()
    shim = {"LD_PRELOAD": str(library("disk")), "CHAOS_DISK": str(disk), "CHAOS_DISK_LOG": str(log)}
    command = [sys.executable, "-m", "tests.chaos.writer", str(disk / "runs.db"), "log", str(trials)]
    code, said = arena.finish(arena.popen(command, **shim))
    assert (code, said.split()) == (0, ["alive"]), said
    written = list(operations(log))
    syncs = sum(operation.kind == "s" for operation in written)
    assert syncs >= trials, f"{syncs} syncs for {trials} acknowledged trials"
    bad = [_after_cut(after, *cut) for cut in cuts(written, FILES, "acks", count, arena.random)]
    assert not any(bad), [each for each in bad if each][:5]
    unsynced = [operation for operation in written if operation.kind != "s"]
    control = [_after_cut(after, *cut) for cut in cuts(unsynced, FILES, "acks", 20, arena.random)]
    assert any(control), "the simulation finds nothing wrong with a disk that never syncs: it cannot find anything"
    return (
        f"{count} cuts in {len(written)} operations with {syncs} syncs: 0 acknowledged lost, 0 corrupt, 0 torn "
        f"(control without syncs: {sum(map(bool, control))} of 20 lose or break something)"
    )


def _after_cut(folder: Path, files: dict[str, bytes], acknowledged: list[int]) -> str:
    """Return what is wrong with a store that a power cut left, "" when nothing is."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    try:
        missing = {*acknowledged} - stored(folder / "runs.db")
    except (sqlite3.DatabaseError, AssertionError) as error:
        return f"after {len(acknowledged)} acknowledged trials: {type(error).__name__}: {error}"[:300]
    return f"{len(missing)} of {len(acknowledged)} acknowledged trials are lost" if missing else ""


INJECTIONS = [
    ("fdatasync", "EIO", 7),
    ("pwrite64", "EIO", 120),
    ("pwrite64", "ENOSPC", 120),
    ("pwrite64", "EINTR", 30),
]  #: call, error, and about how many calls go well between two that fail: a trial is about 25 writes and one sync


def errors(arena: Arena, trials: int = 100) -> str:
    """R11: every so many-th system call of the disk fails: the process lives, what it acknowledged is there."""
    if shutil.which("strace") is None:
        raise Skip("strace is not installed")
    told = []
    for call, error, rate in INJECTIONS:
        folder = arena.folder / f"{call}-{error}"
        folder.mkdir()
        first, step = arena.random.randrange(rate, 2 * rate), arena.random.randrange(rate, 2 * rate)
        output = folder / "strace"
        trace = ["strace", "-f", "-qq", "-o", str(output), "-e", f"trace={call}"]
        inject = ["-e", f"inject={call}:error={error}:when={first}+{step}"]
        open_store(str(folder / "runs.db")).close()
        command = [sys.executable, "-m", "tests.chaos.writer", str(folder / "runs.db"), "log", str(trials)]
        code, said = arena.finish(arena.popen([*trace, *inject, *command]))
        injected = output.read_text().count("(INJECTED)")
        if injected == 0 and "ptrace" in said + output.read_text():
            raise Skip(f"strace cannot trace here: {said[:200]}")
        assert injected > 0, said
        assert (code, said.splitlines()[-1:]) == (0, ["alive"]), (call, error, said[-1000:])
        acknowledged = {int(line) for line in (folder / "acks").read_text().split()}
        missing = acknowledged - stored(folder / "runs.db")
        assert not missing, f"{call} {error}: acknowledged and lost: {missing}"
        told.append(f"{call} {error} {injected} times: {len(acknowledged)} of {trials} acknowledged, all there")
    return "; ".join(told)


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system in memory of a given size."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if made.returncode:
        raise Skip(f"a tmpfs cannot be mounted: {made.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(path: Path) -> None:
    """Write until there is no room."""
    with path.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))


def full(arena: Arena, trials: int = 80) -> str:
    """R12: the disk gets full in the middle of a sweep and has room again later: it waits, says so, and ends with N."""
    with small_disk(arena.folder / "disk", 256) as disk:
        arena.url = str(disk / "runs.db")
        arena.sweep(trials=trials, seconds=(0.05, 0.1))
        process = arena.start()
        wait_until(lambda: arena.count("end") >= 4)
        ballast = Path(f"{arena.url}-ballast").exists()
        stopped = _until_it_stops(arena, disk / "filler")
        assert process.poll() is None, arena.finish(process)
        assert stopped < trials, "it never noticed"
        time.sleep(2.0)
        assert process.poll() is None, arena.finish(process)
        assert arena.count("end") == stopped
        (disk / "filler").unlink()
        code, said = arena.finish(process)
        assert code == 0, said
        assert "full" in said or "space" in said, f"it did not say so: {said}"
        findings = arena.check(total=trials)
        executed = {record.key for record in arena.history() if record.op == "execute"}
        assert len(executed) == trials
    return f"full after {stopped} of {trials} acknowledged (ballast: {ballast}), then went on; {findings}"


def _until_it_stops(arena: Arena, filler: Path) -> int:
    """Keep the disk full until nothing is acknowledged any more; return how many results are."""
    before, since = -1, time.monotonic()
    while time.monotonic() - since < 3.0:
        fill(filler)
        time.sleep(0.2)
        if (now := arena.count("end")) != before:
            before, since = now, time.monotonic()
    return before


def ended(run_id: str) -> RunEnded:
    return RunEnded(run_id, RunState.FAILED, 1.0)


def torn(arena: Arena) -> str:
    """R18: a spool that ends anywhere, or has any byte changed: whole frames before it are read, nothing is made up."""
    pieces = [frames.pack(f"run{i}", 1, i + 1, 0, [wire.encode(ended(f"run{i}"))]) for i in range(5)]
    path = spool.write(arena.folder / "spool", "worker", pieces)
    assert path is not None
    body = path.read_bytes()
    head = len(body) // 5 - len(pieces[0])
    ends = [sum(len(piece) + head for piece in pieces[:count]) for count in range(6)]
    assert ends[-1] == len(body)
    whole = [frames.unpack(piece) for piece in pieces]
    for length in range(ends[2], len(body) + 1):
        path.write_bytes(body[:length])
        assert list(spool.read(path)) == whole[: sum(end <= length for end in ends[1:])]
    for at in range(ends[2], len(body)):
        path.write_bytes(body[:at] + bytes([body[at] ^ 0x20]) + body[at + 1 :])
        found = list(spool.read(path))
        assert found == whole[: len(found)]
        assert len(found) == sum(end <= at for end in ends[1:])
    size = len(body) - ends[2]
    return f"{size + 1} lengths, {size} changed bytes: every frame before is read, none after"
