"""The sweep file: read, checked with every problem at once, and made into a frozen :class:`SweepConfig`.

``load_config`` reads a file or a bundled sweep, ``parse_config`` a mapping made in code; both give the same config.
``json_schema`` describes the file to editors. Pydantic is imported when one of these is first called.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from sweeper.config.secrets import mask_urls
from sweeper.config.sweep import UNLIMITED, Budget, ExecutorConfig, ObjectiveSpec, SweepConfig
from sweeper.config.units import parse_duration, parse_memory

__all__ = [
    "UNLIMITED",
    "Budget",
    "ExecutorConfig",
    "ObjectiveSpec",
    "SweepConfig",
    "json_schema",
    "load_config",
    "mask_urls",
    "parse_config",
    "parse_duration",
    "parse_memory",
]

_LAZY = {"json_schema": "schema", "load_config": "load", "parse_config": "load"}

if TYPE_CHECKING:
    from sweeper.config.load import load_config, parse_config
    from sweeper.config.schema import json_schema


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(importlib.import_module(f"sweeper.config.{_LAZY[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
