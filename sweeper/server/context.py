"""What every handler works with: the store, the files of runs, and who asks."""

from __future__ import annotations

from dataclasses import dataclass

from sweeper.interfaces import ArtifactStore
from sweeper.server.security.tokens import Caller
from sweeper.store.store import SqlStore

MLFLOW = "3.17.2"  #: the version of MLflow whose protocol is spoken: clients look at it before they use a route


@dataclass(frozen=True, slots=True)
class Context:
    """One request's surroundings."""

    store: SqlStore
    files: ArtifactStore
    caller: Caller
