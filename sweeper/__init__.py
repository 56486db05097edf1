"""Hyperparameter sweeps with nested-run tracking.

``objective`` decorates a function, ``Float``, ``Int``, ``Categorical`` and the others describe its space, ``start_run``
tracks a run outside sweeps, ``open`` reads what is stored. Names are loaded when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from sweeper.errors import Pruned
from sweeper.version import __version__

if TYPE_CHECKING:
    from sweeper.api.compare import compare
    from sweeper.api.decorator import Objective, objective
    from sweeper.api.outside import Book, start_run
    from sweeper.api.outside import open_book as open  # noqa: A004
    from sweeper.api.ranges import ranges
    from sweeper.api.registry import load_model, register
    from sweeper.api.result import Result
    from sweeper.api.running import resume_sweep, run_sweep
    from sweeper.api.steps import run_project
    from sweeper.space import Beta, Categorical, Constant, Float, Int, LogNormal, Normal, SearchSpace
    from sweeper.trial.trial import Trial
    from sweeper.trial.values import CommandFailed

_PLACES = {
    "objective": "api.decorator",
    "Objective": "api.decorator",
    "run_sweep": "api.running",
    "resume_sweep": "api.running",
    "run_project": "api.steps",
    "Result": "api.result",
    "Book": "api.outside",
    "compare": "api.compare",
    "start_run": "api.outside",
    "ranges": "api.ranges",
    "register": "api.registry",
    "load_model": "api.registry",
    "open": "api.outside:open_book",
    "Trial": "trial.trial",
    "CommandFailed": "trial.values",
    **dict.fromkeys(("Float", "Int", "Categorical", "Constant", "Normal", "LogNormal", "Beta", "SearchSpace"), "space"),
}

__all__ = [
    "Beta",
    "Book",
    "Categorical",
    "CommandFailed",
    "Constant",
    "Float",
    "Int",
    "LogNormal",
    "Normal",
    "Objective",
    "Pruned",
    "Result",
    "SearchSpace",
    "Trial",
    "__version__",
    "compare",
    "load_model",
    "objective",
    "open",
    "ranges",
    "register",
    "resume_sweep",
    "run_project",
    "run_sweep",
    "start_run",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'sweeper' has no attribute {name!r}")
    module, _, attribute = _PLACES[name].partition(":")
    found = getattr(importlib.import_module(f"sweeper.{module}"), attribute or name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
