"""Tags of a sweep: its own, and what W&B's file says that means nothing to us but may to a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sweeper.config.wording import shown

_KEPT = ("entity", "kind", "apiVersion", "search_space")


def read_tags(data: Mapping[str, Any]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return tags as text by name, mappings in them flattened with dots; and problems as (path, sentence)."""
    tags = {key: data[key] for key in _KEPT if isinstance(data.get(key), str)}
    problems = []
    match data.get("controller"):
        case {"type": str(kind)}:
            tags["controller"] = kind
    for name, value in _leaves(data.get("tags"), ""):
        if isinstance(value, list):
            problems.append((f"tags.{name}", f"must be text, or a mapping of texts, got {shown(value)}"))
        else:
            tags[name] = tag_text(value)
    return tags, problems


def _leaves(block: object, prefix: str) -> Iterator[tuple[str, Any]]:
    if isinstance(block, Mapping):
        for key, value in block.items():
            name = f"{prefix}{key}"
            yield from _leaves(value, f"{name}.") if isinstance(value, Mapping) else [(name, value)]


def tag_text(value: object) -> str:
    """Return a tag's value as YAML writes it: true, not True."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
