"""Every route of the pages: one line for each module, in the order of its name."""

from __future__ import annotations

from sweeper.server.api import (
    artifacts,
    columns,
    compare,
    control,
    drafts,
    live,
    ranges,
    registry,
    report,
    runs,
    sweep,
    sweeps,
    tables,
    trials,
)
from sweeper.server.api.words import in_words
from sweeper.server.routing import Route

_MODULES = (
    artifacts, columns, compare, control, drafts, live, ranges, registry, report, runs, sweep, sweeps, tables, trials,
)  # fmt: skip
ROUTES: tuple[Route, ...] = tuple(in_words(route) for module in _MODULES for route in module.ROUTES)
