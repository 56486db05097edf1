"""Keeps the lease and listens for wishes, in a thread that outlives errors of the database."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

from sweeper.errors import LeaseLost
from sweeper.interfaces import Control, Store
from sweeper.records import Fence, Holder

LEASE_SECONDS = 30.0
RENEW_SECONDS = 10.0
LOOK_SECONDS = 0.5


class Guard:
    """``on_wish(control)`` is called once per new wish, ``on_lost(error)`` once when another controller took over."""

    def __init__(
        self,
        store: Store,
        fence: Fence,
        on_wish: Callable[[Control], None],
        on_lost: Callable[[LeaseLost], None],
    ) -> None:
        self._store, self._fence = store, fence
        self._on_wish, self._on_lost = on_wish, on_lost
        self._since = time.time() if (last := store.control(fence.sweep_id)) is None else last.time
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="sweeper-guard", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(10)

    def _watch(self) -> None:
        renewed = time.monotonic()
        while not self._stop.wait(LOOK_SECONDS):
            try:
                if time.monotonic() - renewed >= RENEW_SECONDS:
                    self._store.renew(self._fence, LEASE_SECONDS)
                    renewed = time.monotonic()
                self._look()
            except LeaseLost as error:
                self._on_lost(error)
                return
            except Exception:
                continue  # the database is away for a moment: the next round tries again

    def _look(self) -> None:
        control = self._store.control(self._fence.sweep_id)
        if control is not None and control.time > self._since:
            self._since = control.time
            self._on_wish(control)


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
