"""What pydantic found, as sentences for people: what is wrong, what is allowed, and the nearest known key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sweeper.config.models import Block, SweepFile
from sweeper.config.places import Places
from sweeper.config.wording import near, nearest, shown
from sweeper.errors import Problem

REFUSED = {
    "job": "W&B Launch jobs are not run here; use program with command, or objective: file.py:function",
    "image_uri": "container images are not started here; use command with your container tool, or objective",
    "scheduler": "W&B's scheduler block runs code of its own; choose a method instead, such as tpe",
}


def model_problems(error: ValidationError, places: Places) -> Iterator[Problem]:
    """Yield each thing a model found wrong, at its place in the file."""
    for detail in error.errors(include_url=False):
        path = ".".join(str(part) for part in detail["loc"])
        yield places.problem(path, _sentence(detail))


def _sentence(detail: ErrorDetails) -> str:
    kind, value, loc = detail["type"], detail["input"], detail["loc"]
    context = detail.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(str(loc[-1]), loc[:-1])
    if kind == "invalid_key":
        return f"a key must be text, got {shown(value)}"
    if kind == "missing":
        return f"is missing, write for example {_model_at(loc[:-1]).example}"
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return f"must be {context['expected']}, got {shown(value)}"
    if kind == "list_type":
        return f"must be a list, got {shown(value)}"
    if kind == "model_type":
        return f"must be a mapping such as {_model_at(loc).example}, got {shown(value)}"
    return f"{detail['msg']}, got {shown(value)}"


def _unknown_key(key: str, loc: Sequence[int | str]) -> str:
    if not loc and key in REFUSED:
        return REFUSED[key]
    known = _model_at(loc).known_keys()
    elsewhere = {f"{home}.{inner}": inner for home, block in _blocks().items() for inner in block.known_keys()}
    if loc:
        elsewhere = {name: name for name in SweepFile.known_keys()} | elsewhere
    best = near(key, [*known, *elsewhere.values()])[:1]
    homes = [path for path, inner in elsewhere.items() if [inner] == best and inner not in known]
    if homes:
        return f"unknown key {key!r} here; did you mean {' or '.join(homes[:2])}?"
    return f"unknown key {key!r}; {nearest(key, known)}"


def _blocks() -> dict[str, type[Block]]:
    """Return the blocks of the file by name; of those that hold the same keys, the first."""
    found: dict[str, type[Block]] = {}
    for name, field in SweepFile.model_fields.items():
        if (block := _block_in(field.annotation)) and block not in found.values():
            found[name] = block
    return found


def _model_at(loc: Sequence[int | str]) -> type[Block]:
    """Return the model of the block at ``loc``: the deepest one on the way."""
    model: type[Block] = SweepFile
    for part in loc:
        by_key = {field.alias or name: field for name, field in model.model_fields.items()}
        if isinstance(part, str) and part in by_key and (inner := _block_in(by_key[part].annotation)):
            model = inner
    return model


def _block_in(annotation: Any) -> type[Block] | None:
    if isinstance(annotation, type) and issubclass(annotation, Block):
        return annotation
    for argument in get_args(annotation):
        if inner := _block_in(argument):
            return inner
    return None
