"""Facts about processes of this host: who this one is, and whether another still lives."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import tempfile
from pathlib import Path

from sweeper.records import Holder


def this_process() -> Holder:
    """Return who would hold a lease taken now."""
    return Holder(
        host=socket.gethostname(),
        pid=os.getpid(),
        started=start_time(os.getpid()) or 0.0,
        boot_id=_read("/proc/sys/kernel/random/boot_id"),
        pid_namespace=_link("/proc/self/ns/pid"),
    )


def is_gone(holder: Holder) -> bool:
    """Return whether the holder's process is known to be dead: it ran on this host and is there no more."""
    me = this_process()
    if holder.host != me.host:
        return False
    if holder.boot_id and me.boot_id and holder.boot_id != me.boot_id:
        return True
    if holder.pid_namespace != me.pid_namespace:
        return False
    started = start_time(holder.pid)
    return started is None or (bool(holder.started) and abs(started - holder.started) > 0.02)


def start_time(pid: int) -> float | None:
    """Return when a process started, in seconds since boot; None when there is none (zombies count as gone)."""
    content = _read(f"/proc/{pid}/stat")
    fields = content.rpartition(")")[2].split()
    if len(fields) < 20 or fields[0] in ("Z", "X"):
        return None if Path("/proc/self").exists() or not _alive(pid) else 0.0
    return int(fields[19]) / os.sysconf("SC_CLK_TCK")


def group_memory(leader: int) -> int:
    """Return the resident memory in bytes of all processes of a leader's group and session (0 without /proc)."""
    pages = 0
    for entry in os.listdir("/proc") if Path("/proc").is_dir() else []:
        if entry.isdigit() and len(fields := _read(f"/proc/{entry}/stat").rpartition(")")[2].split()) > 21:
            pages += int(fields[21]) if leader in (int(fields[2]), int(fields[3])) else 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def out_of_memory_kills() -> int:
    """Return how many processes the kernel of this host has killed for memory since boot."""
    for line in _read("/proc/vmstat").splitlines():
        if line.startswith("oom_kill "):
            return int(line.split()[1])
    return 0


def runtime_folder() -> Path:
    """Make a folder for what this process and its workers share; those that nobody is left to use are removed.

    Its path is short: a Unix socket's may have about 100 bytes.
    """
    usual = Path(tempfile.gettempdir())
    root = Path("/tmp") if len(str(usual)) > 50 and Path("/tmp").is_dir() else usual
    me = this_process()
    space = "".join(filter(str.isdigit, me.pid_namespace)) or "0"  # other containers' processes cannot be seen
    for path in root.glob(f"sweeper-{space}-*-*-*"):
        pid, started = path.name.split("-")[2:4]
        if pid.isdigit() and f"{start_time(int(pid)) or 0.0:.2f}" != started:
            remove_unused(path)
    return Path(tempfile.mkdtemp(prefix=f"sweeper-{space}-{me.pid}-{me.started:.2f}-", dir=root))


def use(folder: Path) -> int:
    """Keep a runtime folder that is not this process's own until it ends; return the descriptor that does so."""
    lock = os.open(folder, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


def remove_unused(folder: Path) -> None:
    """Remove a runtime folder, unless some process uses it."""
    try:
        lock = os.open(folder, os.O_RDONLY)
    except OSError:
        return  # gone already, or somebody else's
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        return
    finally:
        os.close(lock)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _read(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""


def _link(path: str) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""
