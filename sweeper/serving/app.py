"""MLflow's scoring protocol: ``/invocations``, ``/ping``, ``/health``, ``/version``."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sweeper.serving.current import CurrentModel, Served

PATIENCE = 60.0  #: seconds that one prediction may take
LARGEST = 64 << 20  #: bytes of a request

log = logging.getLogger("sweeper.serving")


def make_app(current: CurrentModel, patience: float = PATIENCE) -> Starlette:
    """Return the application that answers with ``current``."""

    async def ping(request: Request) -> Response:
        return Response("\n", media_type="application/json")

    async def version(request: Request) -> Response:
        import mlflow

        return PlainTextResponse(mlflow.__version__)

    async def invocations(request: Request) -> Response:
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST:
                return _refused(413, "BAD_REQUEST", f"A request has at most {LARGEST} bytes.")
        kind = request.headers.get("content-type", "")
        try:
            return await asyncio.wait_for(run_in_threadpool(_predict, current.get(), body, kind), patience)
        except TimeoutError:
            return _refused(504, "DEADLINE_EXCEEDED", f"The prediction took longer than {patience:g} s.")

    return Starlette(
        routes=[
            Route("/ping", ping),
            Route("/health", ping),
            Route("/version", version),
            Route("/invocations", invocations, methods=["POST"]),
        ]
    )


def _predict(served: Served, body: bytes, kind: str) -> Response:
    """Answer one request; a mistake in it is 400 with a sentence, and no traceback leaves the server."""
    from mlflow.exceptions import MlflowException
    from mlflow.pyfunc import scoring_server

    scoring: Any = scoring_server
    data: Any = body if "csv" in kind or "parquet" in kind else body.decode("utf-8", "replace")
    try:
        answer = scoring.invocations(data, kind, served.model, served.model.metadata.get_input_schema())
    except MlflowException as error:
        status: int = error.get_http_status_code()  # type: ignore[no-untyped-call]  # MLflow has no types here
        if status >= 500:
            log.error("a prediction failed", exc_info=error)
        return _refused(status, error.error_code, error.message)
    except Exception as error:
        log.error("a prediction failed", exc_info=error)
        return _refused(400, "BAD_REQUEST", f"The model cannot take this input: {type(error).__name__}: {error}")
    return Response(answer.response, answer.status, media_type=answer.mimetype)


def _refused(status: int, code: str, message: str) -> Response:
    return Response(json.dumps({"error_code": code, "message": message}), status, media_type="application/json")
