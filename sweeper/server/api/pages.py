"""Every route of the pages: one line for each module, in the order of its name."""

from __future__ import annotations

from sweeper.server.routing import Route

ROUTES: tuple[Route, ...] = ()
