"""The words of a command with W&B's macros filled in. What a macro may be called stands in ``config/objective.py``."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sweeper.trial.values import text

ENV = "/usr/bin/env"
_VARIABLE = re.compile(r"\$\{envvar:([^}]*)\}")


def expand(words: Sequence[str], program: str | None, params: Mapping[str, Any], params_file: str) -> list[str]:
    """Return the words as they are run.

    ``params`` are nested as an objective gets them; ``params_file`` holds them as JSON. A nested parameter is one
    argument with JSON as its value, and for Hydra one argument for each leaf.
    """
    done: list[str] = []
    for word in words:
        if word == "${env}":
            done.append(ENV)
        elif word == "${interpreter}":
            done.append(sys.executable)
        elif word == "${program}":
            done.append(program or "")
        elif word == "${args_json}":
            done.append(json.dumps(params))
        elif word == "${args_json_file}":
            done.append(params_file)
        elif word in _ARGUMENTS:
            done += _ARGUMENTS[word](params)
        else:
            done.append(_VARIABLE.sub(lambda found: os.environ.get(found[1], found[1]), word))
    return done


def flat(params: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the leaves of nested parameters, their names with dots."""
    for name, value in params.items():
        if isinstance(value, Mapping) and value:
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _pairs(params: Mapping[str, Any], before: str = "") -> list[str]:
    return [f"{before}{name}={text(value)}" for name, value in params.items()]


def _without_booleans(params: Mapping[str, Any]) -> list[str]:
    """A true parameter is a bare flag, a false one is left out."""
    return [
        f"--{name}" if value is True else f"--{name}={text(value)}"
        for name, value in params.items()
        if value is not False
    ]


def _apart(params: Mapping[str, Any]) -> list[str]:
    return [part for name, value in params.items() for part in (f"--{name}", text(value))]


_ARGUMENTS: dict[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "${args}": lambda params: _pairs(params, "--"),
    "${args_no_hyphens}": _pairs,
    "${args_no_boolean_flags}": _without_booleans,
    "${args_no_equals}": _apart,
    "${args_append_hydra}": lambda params: _pairs(dict(flat(params)), "+"),
    "${args_override_hydra}": lambda params: _pairs(dict(flat(params)), "++"),
}
