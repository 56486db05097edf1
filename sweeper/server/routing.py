"""The table of routes: every way into the server, each with the role it needs and the body it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sweeper.server.security.tokens import Role

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Body = Literal["query", "json", "bytes"]
JSON_LIMIT = 2 << 20  #: bytes of a JSON body, unless the route says otherwise


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path. ``handler(ctx, ask)`` is called in a thread; ``body`` is where its fields come from.

    Routes with the body "bytes" are called with the request itself and stream: ``await handler(ctx, request)``.
    """

    method: Method
    path: str
    handler: Callable[..., Any]
    role: Role = Role.READ
    body: Body = "json"
    limit: int = JSON_LIMIT


def get(path: str, handler: Callable[..., Any]) -> Route:
    """Return a route that only reads and takes its fields from the query."""
    return Route("GET", path, handler, Role.READ, "query")


def post(path: str, handler: Callable[..., Any], role: Role = Role.WRITE, limit: int = JSON_LIMIT) -> Route:
    """Return a route that takes a JSON body."""
    return Route("POST", path, handler, role, limit=limit)


def below(prefixes: Sequence[str], routes: Sequence[Route]) -> list[Route]:
    """Return the routes at each of several places: the same handler and the same rules everywhere."""
    return [
        Route(route.method, f"{prefix}/{route.path}".rstrip("/"), route.handler, route.role, route.body, route.limit)
        for prefix in prefixes
        for route in routes
    ]
