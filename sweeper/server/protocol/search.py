"""Finding runs, and the histories of their metrics."""

from __future__ import annotations

from sweeper.server.context import Context
from sweeper.server.protocol import shapes
from sweeper.server.protocol.answers import Answer, message
from sweeper.server.protocol.errors import Refused
from sweeper.server.protocol.experiments import view_of
from sweeper.server.protocol.fields import Fields
from sweeper.server.protocol.limits import BULK_RUNS, HISTORY_PAGE, RUNS_PAGE, page
from sweeper.server.protocol.paging import offset, token
from sweeper.server.protocol.runs import run_id_of
from sweeper.server.routing import Route, get, post
from sweeper.server.security.tokens import Role
from sweeper.store import queries, tracking
from sweeper.store.sql import Session

DEFAULT_PAGE = 1000


def search(ctx: Context, ask: Fields) -> Answer:
    experiments = [_number(text) for text in ask.texts("experiment_ids")]
    deleted = view_of(ask, "run_view_type")
    wanted, place = page(ask, DEFAULT_PAGE, RUNS_PAGE), offset(ask)
    where, order_by = ask.text("filter"), ask.texts("order_by")
    if not experiments:
        return {}

    def read(session: Session) -> tuple[list[tracking.Tracked], bool]:
        ids = queries.run_ids(
            session,
            where or None,
            experiments=experiments,
            deleted=deleted,
            order_by=order_by,
            latest=("start_time DESC", "run_id ASC"),
            limit=wanted + 1,
            offset=place,
        )
        return tracking.tracked(session, ids[:wanted]), len(ids) > wanted

    found, more = ctx.store.read(read)
    runs = [shapes.run(record, ctx.store.artifacts) for record in found]
    return message(runs=runs, next_page_token=token(place + wanted) if more else None)


def history(ctx: Context, ask: Fields) -> Answer:
    run_id, key = run_id_of(ask), ask.text("metric_key", required=True)
    wanted, place = page(ask, HISTORY_PAGE, HISTORY_PAGE), offset(ask)
    found = ctx.store.read(lambda session: tracking.history(session, run_id, key, wanted + 1, place))
    more = token(place + wanted) if "max_results" in ask and len(found) > wanted else None
    return message(metrics=[shapes.metric(value) for value in found[:wanted]], next_page_token=more)


def history_of_many(ctx: Context, ask: Fields) -> Answer:
    ids, key = _few(ask.texts("run_id")), ask.text("metric_key", required=True)
    wanted = page(ask, HISTORY_PAGE, HISTORY_PAGE)
    metrics: list[Answer] = []
    for run_id in ids:
        metrics += _points(ctx, run_id, key, wanted - len(metrics))
    return message(metrics=metrics)


def history_in_interval(ctx: Context, ask: Fields) -> Answer:
    """Of each run an even sample of at most ``max_results`` points, the first and the last among them."""
    ids, key = _few(ask.texts("run_ids")), ask.text("metric_key", required=True)
    wanted = page(ask, 320, 2500)
    first, last = ask.whole("start_step"), ask.whole("end_step")
    if (first is None) != (last is None):
        raise Refused("If either start step or end step are specified, both must be specified.")
    if first is not None and last is not None and first > last:
        raise Refused(f"end_step must be greater than start_step. Found start_step={first} and end_step={last}.")
    metrics: list[Answer] = []
    for run_id in ids:
        points = _points(ctx, run_id, key, HISTORY_PAGE)
        if first is not None and last is not None:
            points = [point for point in points if first <= point["step"] <= last]
        metrics += sample(points, wanted)
    return message(metrics=metrics)


def sample(points: list[Answer], count: int) -> list[Answer]:
    """Return at most ``count`` of the points, evenly, with both ends."""
    if len(points) <= count or count < 2:
        return points[:count]
    step = (len(points) - 1) / (count - 1)
    return [points[round(at * step)] for at in range(count)]


def _points(ctx: Context, run_id: str, key: str, count: int) -> list[Answer]:
    if count <= 0:
        return []
    found = ctx.store.read(lambda session: tracking.history(session, run_id, key, count))
    return [{**shapes.metric(value), "run_id": run_id} for value in found]


def _few(ids: list[str]) -> list[str]:
    if not ids:
        raise Refused("GetMetricHistoryBulk request must specify at least one run_id.")
    if len(ids) > BULK_RUNS:
        raise Refused(f"Metric histories of at most {BULK_RUNS} runs can be asked for at once. Got {len(ids)}.")
    return ids


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise Refused(f"Invalid experiment ID {text[:80]!r}: it must be a whole number as text.")
    return int(text)


ROUTES: tuple[Route, ...] = (
    post("runs/search", search, Role.READ),
    get("metrics/get-history", history),
    get("metrics/get-history-bulk", history_of_many),
    get("metrics/get-history-bulk-interval", history_in_interval),
)
