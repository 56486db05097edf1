"""Rules for names in the model registry: MLflow's, the same on every store. Too long is refused, never cut."""

from __future__ import annotations

import posixpath
import re

from sweeper.errors import UsageError, suggest
from sweeper.records import STAGES
from sweeper.store.names import check_key, check_text, shown

MODEL_NAME_LENGTH = 256
ALIAS_LENGTH = 255
DESCRIPTION_LENGTH = 5000
TAG_LENGTH = 100_000
SOURCE_LENGTH = 10_000
ACTIVE = ("Staging", "Production")  #: stages whose other versions may be archived

_ALIAS = re.compile(r"[\w\-]+")
_NUMBERED = re.compile(r"[vV]\d+")
_STAGES = {stage.lower(): stage for stage in STAGES}


def check_model_name(name: object) -> str:
    """Return the name of a registered model if it is allowed."""
    if not isinstance(name, str) or not name.strip():
        raise UsageError(f"model name {name!r}: must be text that is not empty")
    check_text(name, "model name", MODEL_NAME_LENGTH)
    if "/" in name or ":" in name:
        raise UsageError(f"model name {shown(name)}: '/' and ':' are not allowed, they part models:/NAME/VERSION")
    if posixpath.normpath(name) != name or name == "." or name.startswith(".."):
        raise UsageError(f"model name {shown(name)}: '.' and names that begin with '..' are not allowed")
    return name


def check_alias(alias: object, *, new: bool = False) -> str:
    """Return an alias if it is allowed; ``new``: also as one that is set (``latest`` and ``v1`` are kept)."""
    if not isinstance(alias, str) or not _ALIAS.fullmatch(alias):
        raise UsageError(f"alias {alias!r}: must be letters, digits, '_' and '-'")
    check_text(alias, "alias", ALIAS_LENGTH)
    if new and (alias.lower() == "latest" or _NUMBERED.fullmatch(alias)):
        raise UsageError(f"alias {alias!r}: 'latest' and names like 'v1' are kept for versions; choose another one")
    return alias


def check_stage(stage: object) -> str:
    """Return a stage as it is written; upper and lower case are the same. Raises UsageError with the choices."""
    known = _STAGES.get(stage.lower()) if isinstance(stage, str) else None
    if known is None:
        raise UsageError(f"no stage {stage!r}; {suggest(str(stage), STAGES)}")
    return known


def check_others(others: object, stage: str) -> str | None:
    """Return where the other versions of a stage go; None: nowhere. Only Staging and Production can be cleared."""
    if others is None:
        return None
    if stage not in ACTIVE:
        raise UsageError(
            f"versions in {stage} cannot be moved out of it by another one: only those in {' and '.join(ACTIVE)} can"
        )
    known = check_stage(others)
    if known in ACTIVE:
        raise UsageError(f"versions cannot be moved to {known} by another one: only to Archived or None")
    return known


def check_model_tag(key: object, value: object) -> tuple[str, str]:
    """Return a tag of a model or a version if it is allowed."""
    name = check_key(key, "tag")
    if not isinstance(value, str):
        raise UsageError(f"tag {name!r}: the value {shown(value)} must be text")
    return name, check_text(value, f"tag {name!r}:", TAG_LENGTH)


def check_description(text: str) -> str:
    return check_text(text, "description", DESCRIPTION_LENGTH)
