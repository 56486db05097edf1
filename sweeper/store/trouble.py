"""What to do about a database that cannot be written now: how long to go on trying, and what to say meanwhile."""

from __future__ import annotations

import time
from enum import StrEnum

from sweeper.errors import UsageError

BUSY_SECONDS = 30.0  #: how long to wait for others: locks, deadlocks
RECONNECT_SECONDS = 60.0  #: how long to look for a server that is away, unless told otherwise
CLOSING_SECONDS = 10.0  #: how long a full disk is waited for when the store is to be closed
SAID_AFTER = 1.0  #: seconds before a lock or a lost connection is worth a word
LONGEST_PAUSE = 2.0  #: seconds between two tries at most
BUSY_PAUSE = 0.02  #: ... when others are in the way: who looks seldom never gets his turn


class Cause(StrEnum):
    """Why the same write may succeed when tried again."""

    BUSY = "busy"  #: another process is in the way: a lock, a deadlock
    LOST = "lost"  #: the connection broke, or the server is away or starting
    DISK = "disk"  #: the disk is full, or it does not read or write


class Patience:
    """Decides what becomes of a write that failed. Used by the writer's thread; ``text`` may be read by any.

    A full or broken disk is waited for without limit, a lost connection for ``reconnect`` seconds. What is waited for
    too long fails, and so does everything after it at its first try, until a write succeeds.
    """

    def __init__(self, reconnect: float) -> None:
        self.text = ""  #: what is wrong, in one sentence; "" while all is well
        self.closing = self._gave_up = False
        self._limits = {Cause.BUSY: BUSY_SECONDS, Cause.LOST: reconnect, Cause.DISK: float("inf")}
        self._cause: Cause | None = None
        self._since = self._pause = 0.0

    def pause(self, cause: Cause | None, error: BaseException) -> float | None:
        """Return how many seconds to wait before the next try; None: give up. ``error`` says in words what is wrong."""
        if cause is None:
            return None
        now = time.monotonic()
        if cause is not self._cause:
            self._cause, self._since, self._pause = cause, now, 0.005
        limit = self._limits[cause]
        if self.closing and cause is Cause.DISK:
            limit = 0.0 if self._gave_up else CLOSING_SECONDS
        waited = now - self._since
        if waited >= limit:
            self._gave_up = self.closing
            return None
        if cause is Cause.DISK or waited >= SAID_AFTER:
            self.text = str(error)
        self._pause = min(2 * self._pause, BUSY_PAUSE if cause is Cause.BUSY else LONGEST_PAUSE)
        return min(self._pause, limit - waited)

    def over(self) -> None:
        """A write succeeded."""
        if self._cause is not None:
            self._cause, self.text = None, ""


def seconds_of(text: str, name: str) -> float:
    """Return a number of seconds that somebody gave as text. Raises UsageError naming where it comes from."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise UsageError(f"{name}={text!r}: must be a number of seconds, for example 60")
    return seconds


def too_long(seconds: float) -> UsageError:
    """Return what is said of a query that took longer than it may."""
    return UsageError(f"this takes longer than {seconds:g} s: narrow the filter, or ask for less at once")
