"""Who owns a running sweep: a lease judged by the database's clock, and a fencing token that only grows.

(The token after Gray and Cheriton, "Leases", 1989, and the fencing of distributed locks.)
"""

from __future__ import annotations

import json
from dataclasses import asdict

from sweeper.errors import LeaseHeld, LeaseLost, NotFound
from sweeper.records import Fence, Holder
from sweeper.store.sql import Session


def acquire(session: Session, sweep_id: str, holder: Holder, seconds: float, *, dead: Holder | None) -> Fence:
    """Take the lease inside a write transaction, which sees one holder from its first look to its end."""
    found = list(session.rows_in("load_status", [sweep_id]))
    if not found:
        raise NotFound("sweep", sweep_id)
    other, left = found[0][15], found[0][16]
    if other is not None and left is not None and left > 0 and (now := Holder(**json.loads(other))) != dead:
        raise LeaseHeld(held(now, sweep_id, left))
    session.run("acquire_lease", json.dumps(asdict(holder)), seconds, sweep_id)
    return Fence(sweep_id, session.rows("read_lease", sweep_id)[0][2])


def renew(session: Session, fence: Fence, seconds: float) -> None:
    if not session.run("renew_lease", seconds, fence.sweep_id, fence.token):
        raise LeaseLost(f"another controller took over sweep {fence.sweep_id}")


def release(session: Session, fence: Fence) -> None:
    session.run("release_lease", fence.sweep_id, fence.token)


def held(holder: Holder, sweep_id: str, seconds: float) -> str:
    """Return the sentence about a live holder."""
    return (
        f"sweep {sweep_id} is run by process {holder.pid} on {holder.host} "
        f"(its lease runs {max(0.0, seconds):.0f} s more unless renewed)"
    )
