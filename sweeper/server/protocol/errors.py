"""Errors as MLflow's clients expect them: a code they branch on, and a status that does not make them try again.

Clients repeat 408, 429 and 5xx for minutes, so what is a person's mistake never gets one of these.
"""

from __future__ import annotations

from sweeper.errors import AlreadyExists, NotFound, Outdated, StoreError, SweeperError

INVALID = "INVALID_PARAMETER_VALUE"
MISSING = "RESOURCE_DOES_NOT_EXIST"
EXISTS = "RESOURCE_ALREADY_EXISTS"
NO_ROUTE = "ENDPOINT_NOT_FOUND"
CONFLICT = "RESOURCE_CONFLICT"

STATUS = {
    INVALID: 400,
    "BAD_REQUEST": 400,
    EXISTS: 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    MISSING: 404,
    NO_ROUTE: 404,
    CONFLICT: 409,
    "INTERNAL_ERROR": 500,
    "NOT_IMPLEMENTED": 501,
    "TEMPORARILY_UNAVAILABLE": 503,
}


class Refused(SweeperError):
    """A request that is answered with an error code and a sentence."""

    def __init__(self, message: str, code: str = INVALID) -> None:
        self.code = code
        super().__init__(message)

    @property
    def status(self) -> int:
        return STATUS[self.code]


def translate(error: Exception) -> Refused:
    """Return what a client is told of an error that a handler raised; nothing of it shows SQL or a path."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, AlreadyExists):
        return Refused(str(error), EXISTS)
    if isinstance(error, Outdated):
        return Refused(str(error), CONFLICT)
    if isinstance(error, NotFound):
        return Refused(str(error), MISSING)
    if isinstance(error, StoreError):
        return Refused("The store cannot be reached at the moment. Try again later.", "TEMPORARILY_UNAVAILABLE")
    if isinstance(error, SweeperError):
        return Refused(str(error))
    return Refused("The server failed at this request. Its log says why.", "INTERNAL_ERROR")
