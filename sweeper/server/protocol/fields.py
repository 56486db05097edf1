"""The fields of a request, from a query or a JSON body, with the tolerance of proto3's JSON.

Both ``run_id`` and ``runId`` are read, whole numbers as numbers or text; unknown fields are ignored, ``null`` is
absent.
A body with both spellings of one field is refused: who checks it and who uses it might read different ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from sweeper.server.protocol.errors import Refused

_UPPER = re.compile(r"(?<=[a-z0-9])([A-Z])")
_SPECIAL = {"nan": math.nan, "infinity": math.inf, "-infinity": -math.inf, "inf": math.inf, "-inf": -math.inf}
_TRUE, _FALSE = ("true", "1"), ("false", "0", "")
INT64 = 2**63


class Fields:
    """Typed access to named values. ``path`` is put before names in messages: ``metrics[0].``."""

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self._path = path
        self._values: dict[str, Any] = {}
        for name, value in values.items():
            plain = _UPPER.sub(lambda found: "_" + found[1].lower(), name)
            if plain in self._values and value is not None:
                raise Refused(f"The field {plain!r} is given twice, in two spellings.")
            if value is not None:
                self._values[plain] = value

    def raw(self, name: str) -> Any:
        """Return a value as it came."""
        return self._values.get(name)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str = "", *, required: bool = False) -> str:
        """Return text; numbers are read as their text, as R sends and expects them."""
        value = self._one(name)
        if value is None or (required and value == ""):
            if required:
                raise self._missing(name)
            return default
        if isinstance(value, str):
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        raise self._invalid(name, value)

    def whole(self, name: str, default: int | None = None) -> int | None:
        """Return a whole number of 64 bits."""
        value = self._one(name)
        if value is None or value == "":
            return default
        try:
            if isinstance(value, bool):
                raise ValueError
            found = int(value)
            if float(value) != found and not isinstance(value, str):
                raise ValueError
        except (TypeError, ValueError, OverflowError):
            raise self._invalid(name, value) from None
        if not -INT64 <= found < INT64:
            raise self._invalid(name, value)
        return found

    def number(self, name: str) -> float | None:
        """Return a float: a number, its text, "NaN" or "Infinity"."""
        value = self._one(name)
        if value is None:
            return None
        try:
            if isinstance(value, bool):
                raise ValueError
            return _SPECIAL.get(value.lower()) or float(value) if isinstance(value, str) else float(value)
        except (AttributeError, TypeError, ValueError, OverflowError):
            raise self._invalid(name, value) from None

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._one(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        if str(value).lower() in _TRUE + _FALSE:
            return str(value).lower() in _TRUE
        raise self._invalid(name, value)

    def texts(self, name: str) -> list[str]:
        """Return a list of text; a single value is a list of one."""
        value = self._values.get(name)
        if value is None:
            return []
        items = value if isinstance(value, list) else [value]
        if any(isinstance(item, (dict, list)) or item is None for item in items):
            raise self._invalid(name, value)
        return [str(item) for item in items]

    def items(self, name: str) -> list[Fields]:
        """Return a list of messages."""
        value = self._values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self._invalid(name, value)
        return [Fields(item, f"{self._path}{name}[{at}].") for at, item in enumerate(value)]

    def message(self, name: str) -> Fields:
        """Return one message; an empty one when it is absent."""
        value = self._values.get(name, {})
        if not isinstance(value, dict):
            raise self._invalid(name, value)
        return Fields(value, f"{self._path}{name}.")

    def tags(self, name: str = "tags") -> dict[str, str]:
        """Return a list of ``{"key", "value"}`` as a dict; of equal keys the last."""
        return {item.text("key", required=True): item.text("value") for item in self.items(name)}

    def at(self, name: str) -> str:
        """Return how a field is called in messages."""
        return f"{self._path}{name}"

    def _one(self, name: str) -> Any:
        value = self._values.get(name)
        return value[-1] if isinstance(value, list) and len(value) == 1 and not isinstance(value[0], dict) else value

    def _missing(self, name: str) -> Refused:
        return Refused(
            f"Missing value for required parameter '{self.at(name)}'. "
            "See the API docs for more information about request parameters."
        )

    def _invalid(self, name: str, value: Any) -> Refused:
        shown = repr(value)
        shown = shown if len(shown) <= 80 else shown[:77] + "..."
        return Refused(
            f"Invalid value {shown} for parameter '{self.at(name)}' supplied. "
            "See the API docs for more information about request parameters."
        )
