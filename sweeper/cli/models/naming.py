"""How a person names a version of a model, and how large its files are, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sweeper.errors import NotFound, UsageError
from sweeper.records import ModelVersion

if TYPE_CHECKING:
    from sweeper.registry.registry import Registry


def named_version(registry: Registry, text: str, name: str = "") -> ModelVersion:
    """Return the version that a person names: ``NAME/3``, ``NAME@alias``, ``NAME/Staging``, ``NAME/latest``.

    With ``name`` the name may be left out: ``3``, ``@alias``, ``Staging``.
    """
    text = text.removeprefix("models:/")
    if name and "/" not in text and (text.startswith("@") or "@" not in text):
        text = f"{name}{text}" if text.startswith("@") else f"{name}/{text}"
    version = registry.resolve(f"models:/{text}").version
    assert version is not None
    return version


def named(registry: Registry, text: str) -> tuple[str, ModelVersion | None]:
    """Return the model that a person names, and the version if they name one. A model's own name may have an ``@``.

    Raises UsageError where ``a@b`` is both a model and an alias of another one.
    """
    short = text.removeprefix("models:/")
    if "/" not in short and ("@" not in short or short == text):
        try:
            name = registry.get(short).name
        except NotFound:
            if "@" not in short:
                raise
        else:
            if "@" in short and _is_alias(registry, short):
                raise UsageError(f"{short!r} is a model, and an alias of one: write models:/{short} for the alias")
            return name, None
    version = named_version(registry, short)
    return version.name, version


def _is_alias(registry: Registry, text: str) -> bool:
    try:
        named_version(registry, text)
    except (NotFound, UsageError):
        return False
    return True


def size_text(size: int) -> str:
    """``512 bytes``, ``56 kB``, ``1.2 MB``."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= factor:
            return f"{size / factor:.3g} {unit}"
    return f"{size} bytes"
