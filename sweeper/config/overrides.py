"""``--set a.b=value``: one value of a sweep file replaced or added from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sweeper.config.places import Place, Places
from sweeper.config.wording import shown
from sweeper.errors import ConfigError, Problem
from sweeper.space.yaml import load

FLAG = "--set"


def apply_overrides(data: dict[str, Any], places: Places, overrides: Sequence[str]) -> list[Problem]:
    """Change ``data`` and ``places`` in place; return what could not be applied.

    The value is read as YAML. Names with dots in them are found by the longest match with what is there.
    """
    problems = []
    for text in overrides:
        path, equals, value = text.partition("=")
        if not equals or not path.strip():
            problems.append(Problem(f"must look like budget.trials=50, got {text!r}", file=FLAG))
            continue
        try:
            parts = _put(data, path.strip().split("."), load(value))
        except ConfigError:
            problems.append(Problem(f"{value!r} is not a YAML value; quote it for YAML, too", path, file=FLAG))
        except LookupError as error:
            problems.append(Problem(str(error.args[0]), path, file=FLAG))
        else:
            places.moved(".".join(parts), Place(FLAG))
    return problems


def _put(data: Any, words: list[str], value: Any) -> list[str]:
    """Set ``value`` below ``data`` and return the keys that led there. LookupError with a sentence."""
    at, keys = data, list[str]()
    while True:
        key, words = _step(at, words)
        keys.append(str(key))
        if not words:
            at[key] = value
            return keys
        if isinstance(at, dict) and at.get(key) is None:
            at[key] = {}
        at = at[key]
        if not isinstance(at, dict | list):
            raise LookupError(f"{'.'.join(keys)} is {shown(at)}, so there is no {'.'.join(words)!r} in it")


def _step(at: dict[str, Any] | list[Any], words: list[str]) -> tuple[Any, list[str]]:
    """Return the next key and the words left over."""
    if isinstance(at, list):
        if words[0].isdecimal() and int(words[0]) < len(at):
            return int(words[0]), words[1:]
        raise LookupError(f"{words[0]!r} must be a place in a list of {len(at)}: 0 to {len(at) - 1}")
    for length in range(len(words), 0, -1):
        if (key := ".".join(words[:length])) in at:
            return key, words[length:]
    return words[0], words[1:]
