"""How much one request may carry: MLflow's numbers, with its words."""

from __future__ import annotations

from sweeper.server.protocol.errors import Refused
from sweeper.server.protocol.fields import Fields

METRICS, PARAMS, TAGS, TOGETHER = 1000, 100, 100, 1000
RUNS_PAGE = EXPERIMENTS_PAGE = 50_000
HISTORY_PAGE = 25_000
BULK_RUNS = 100


def check_batch(metrics: int, params: int, tags: int) -> None:
    """Refuse a batch that is larger than any client sends."""
    for kind, count, most in (("metrics", metrics, METRICS), ("params", params, PARAMS), ("tags", tags, TAGS)):
        if count > most:
            raise Refused(f"A batch logging request can contain at most {most} {kind}. Got {count} {kind}.")
    if metrics + params + tags > TOGETHER:
        raise Refused(
            f"A batch logging request can contain at most {TOGETHER} metrics, params, and tags in total. "
            f"Got {metrics + params + tags}."
        )


def page(ask: Fields, default: int, most: int) -> int:
    """Return how many results are wanted."""
    wanted = ask.whole("max_results", default)
    if wanted is None or not 0 < wanted <= most:
        raise Refused(f"Invalid value {wanted} for parameter 'max_results' supplied: it must be from 1 to {most}.")
    return wanted
