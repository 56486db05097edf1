"""How error messages quote a value, and the nearest known name to one that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

MOST = 12  #: choices listed when nothing is near


def shown(value: object) -> str:
    """Return a value as a message quotes it: on one line, and not for ever."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def near(name: str, known: Iterable[str], cutoff: float = 0.6) -> list[str]:
    """Return at most two known names like ``name``, whatever the case and the hyphens."""
    folded = {_fold(choice): choice for choice in known}
    return [folded[match] for match in difflib.get_close_matches(_fold(name), folded, n=2, cutoff=cutoff)]


def nearest(name: str, known: Iterable[str]) -> str:
    """Return "did you mean 'x'?", or the choices when none is like ``name``."""
    choices = list(known)
    if found := near(name, choices):
        return "did you mean " + " or ".join(map(repr, found)) + "?"
    if not choices:
        return "there are none"
    return "choose from: " + ", ".join(choices[:MOST]) + (", ..." if len(choices) > MOST else "")


def _fold(name: str) -> str:
    return name.casefold().replace("_", "-")
