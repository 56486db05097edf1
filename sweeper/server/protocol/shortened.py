"""Values longer than a store keeps: MLflow's server cuts them, so its clients send them. Here the cut can be seen."""

from __future__ import annotations

from sweeper.store.names import PARAM_LENGTH, TAG_LENGTH

MARK = "... [shortened]"


def param_value(value: str) -> str:
    """Return a param's value, at most as long as the store keeps it; what is cut ends with a mark."""
    return _cut(value, PARAM_LENGTH)


def tag_value(value: str) -> str:
    """Return a tag's value, at most as long as the store keeps it; what is cut ends with a mark."""
    return _cut(value, TAG_LENGTH)


def _cut(value: str, limit: int) -> str:
    return value if len(value) <= limit else value[: limit - len(MARK)] + MARK
