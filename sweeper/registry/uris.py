"""``models:/NAME/3``, ``models:/NAME@alias``, ``models:/NAME/Staging``, ``models:/NAME/latest``, ``runs:/ID/path``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sweeper.artifacts.paths import split
from sweeper.errors import UsageError
from sweeper.store.model_names import check_alias, check_model_name, check_stage

FORMS = "models:/NAME/VERSION, models:/NAME@ALIAS, models:/NAME/STAGE, models:/NAME/latest or runs:/RUN_ID/PATH"
LATEST = "latest"
LONGEST_NUMBER = 10  #: digits that no number of a version has
_LOGGED = re.compile(r"m-[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class ModelUri:
    """A version of a registered model: by number, alias or stage; all None is the latest of all."""

    name: str
    number: int | None = None
    alias: str | None = None
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class RunUri:
    """Files of a run, below ``path`` of its artifacts."""

    run_id: str
    path: str


@dataclass(frozen=True, slots=True)
class LoggedUri:
    """A model that an MLflow client logged, by its id."""

    model_id: str


def is_uri(text: str) -> bool:
    return text.startswith(("models:", "runs:"))


def parse_uri(text: str) -> ModelUri | RunUri | LoggedUri:
    """Return what a URI names. Raises UsageError with the forms there are, and for a path that leads out of a run."""
    scheme, _, rest = text.partition(":/")
    rest = rest.lstrip("/")
    if scheme == "models" and _LOGGED.fullmatch(rest):
        return LoggedUri(rest)
    if scheme == "models" and rest:
        return _model(text, rest)
    if scheme == "runs":
        run_id, _, path = rest.partition("/")
        if run_id and path:
            return RunUri(run_id, "/".join(split(path.rstrip("/"))))
    raise UsageError(f"model {text!r}: write {FORMS}")


def _model(text: str, rest: str) -> ModelUri:
    name, slash, suffix = rest.partition("/")
    if slash:
        if "/" in suffix or not suffix.strip():
            raise UsageError(f"model {text!r}: write {FORMS}")
        check_model_name(name)
        if suffix.isdecimal() and len(suffix) < LONGEST_NUMBER:
            return ModelUri(name, number=int(suffix))
        return ModelUri(name) if suffix.lower() == LATEST else ModelUri(name, stage=check_stage(suffix))
    name, at, alias = rest.rpartition("@")
    if not at:
        raise UsageError(f"model {text!r}: says no version; write models:/{alias}/1, models:/{alias}@ALIAS or "
                         f"models:/{alias}/{LATEST}")  # fmt: skip
    check_model_name(name)
    return ModelUri(name) if alias.lower() == LATEST else ModelUri(name, alias=check_alias(alias))
