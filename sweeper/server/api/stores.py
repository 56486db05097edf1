"""The store for controllers and readers on other machines: its methods by name, its events in batches.

What a method takes and gives is read from the hints of :class:`sweeper.interfaces.Store`: both ends speak of the same
records. A batch is answered after its commit; events that come again change nothing, so a client may repeat one.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any, get_type_hints

from starlette.responses import Response

from sweeper import wire
from sweeper.errors import LeaseError, SweeperError, UsageError
from sweeper.events import Event, RunStarted, SweepCreated, TrialCreated
from sweeper.interfaces import Models, Store
from sweeper.records import Fence
from sweeper.server.context import Context
from sweeper.server.protocol.errors import translate
from sweeper.server.protocol.fields import Fields
from sweeper.server.routing import Route, get
from sweeper.server.security.tokens import Role

READING = (
    "find_sweep", "sweeps", "trials", "find_trial", "attempts", "run", "children", "runs", "points", "artifacts_of",
    "lease", "control",
)  # fmt: skip
CHANGING = ("experiment", "acquire", "renew", "release")
OF_MODELS = ("find", "version", "version_by_id", "versions", "changes", "search", "search_versions", "logged")
LIMIT = 64 << 20  #: bytes of a batch: an event may hold a whole output or a large history
MOST = 1000  #: writes in one batch
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")  #: of a run: it stands in addresses, and in commands to copy


def about(ctx: Context, ask: Fields) -> Response:
    return _said({"artifacts": ctx.store.artifacts})


def write(ctx: Context, ask: Fields) -> Response:
    """Write a batch: a list of (events, fence); answered by a list of nulls and errors, in the same order."""
    items = ask.raw("items")
    if not isinstance(items, list) or len(items) > MOST:
        raise UsageError(f"'items' has to be a list of at most {MOST} writes")
    waiting = []
    for item in items:
        try:
            events = [wire.decode(event) for event in item["events"]]
            _check_ids(events)
            fence = None if item.get("fence") is None else wire.restore(Fence, item["fence"])
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError(f"a write cannot be read: {error}") from None
        waiting.append(ctx.store.write(*events, fence=fence))
    return _said([_outcome(future.exception()) for future in waiting])


def _check_ids(events: list[Event]) -> None:
    for event in events:
        match event:
            case RunStarted(run):
                made = run.id
            case SweepCreated(sweep):
                made = sweep.id
            case TrialCreated():
                made = event.run_id
            case _:
                continue
        if not _ID.fullmatch(made):
            raise UsageError(f"{made[:80]!r} is no id of a run: 1 to 64 letters, digits, - and _ are allowed")


def _outcome(error: BaseException | None) -> Any:
    if error is None:
        return None
    if not isinstance(error, Exception):
        raise error
    return _words(error)


def _words(error: Exception) -> dict[str, str]:
    """Return an error so that the other end can raise it again; what is not ours is told without details."""
    known = error if isinstance(error, SweeperError) else translate(error)
    return {"error": type(known).__name__ if isinstance(error, SweeperError) else "StoreError", "message": str(known)}


def _method(owner: type, name: str, of: Callable[[Context], Any]) -> Callable[[Context, Fields], Response]:
    hints = get_type_hints(getattr(owner, name))
    hints.pop("return")
    signature = inspect.signature(getattr(owner, name))

    def call(ctx: Context, ask: Fields) -> Response:
        given, order = ask.raw("arguments") or {}, ask.texts("order")
        try:
            arguments = {key: wire.restore(hints[key], value) for key, value in given.items()}
            signature.bind(None, **arguments)
        except (KeyError, AttributeError, TypeError, ValueError) as error:
            raise UsageError(f"{name} does not take this: {error}") from None
        positional = [arguments.pop(key) for key in order if key in arguments]
        try:
            return _said(getattr(of(ctx), name)(*positional, **arguments))
        except SweeperError as error:
            status = 409 if isinstance(error, LeaseError) else 400
            return Response(wire.dumps(_words(error)), status, media_type="application/json")

    return call


def _said(value: Any) -> Response:
    return Response(wire.dumps({"value": wire.plain(value)}), media_type="application/json")


def _routes() -> tuple[Route, ...]:
    made = [get("store", about), Route("POST", "store/batch", write, Role.WRITE, limit=LIMIT)]
    for names, role in ((READING, Role.READ), (CHANGING, Role.WRITE)):
        for name in names:
            made.append(Route("POST", f"store/{name}", _method(Store, name, lambda ctx: ctx.store), role))
    for name in OF_MODELS:
        made.append(Route("POST", f"models/{name}", _method(Models, name, lambda ctx: ctx.store.models), Role.READ))
    return tuple(made)


ROUTES = _routes()
