"""Answers of the pages' API: JSON that may hold NaN and infinities, as MLflow's strings."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from sweeper.web.plain import to_json


def said(value: Any, status: int = 200) -> Response:
    """Return page data as a JSON response."""
    return Response(to_json(value).encode("ascii"), status, media_type="application/json")
