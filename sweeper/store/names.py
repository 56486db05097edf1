"""Limits on names, keys and values: MLflow's, the same on every store. Too long is refused, never cut."""

from __future__ import annotations

import json
import math
import posixpath
import re
import sys
from collections.abc import Mapping
from typing import Any

from sweeper.errors import UsageError

KEY_LENGTH = 250
PARAM_LENGTH = 6000
TAG_LENGTH = 8000
NAME_LENGTH = 500
STEP_LIMIT = 2**63
SHOWN = 80  #: characters of a value in a message
WIDEST = 14_000  #: bits of a whole number: about 4,200 digits, what Python turns into text and back
DEEPEST = 50  #: lists and dicts within one another

_NUMBERS = (float, int)
_NOT_NUMBERS = (str, bytes, bytearray, complex)
_LARGEST = sys.float_info.max
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_SCALARS = frozenset((float, int, str, bool, type(None)))
_KEY = re.compile(r"[/\w.\- :]+")
_known_keys: set[str] = set()
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def check_key(key: Any, kind: str) -> str:
    """Return the key of a param, metric or tag if it is allowed."""
    if key in _known_keys:
        return key  # type: ignore[no-any-return]  # it is text: only text is known
    if not isinstance(key, str) or not key:
        raise UsageError(f"{kind} name {key!r}: must be text that is not empty")
    if len(key) > KEY_LENGTH:
        raise UsageError(f"{kind} name {shown(key)}: {len(key)} characters, at most {KEY_LENGTH} are allowed")
    check_text(key, f"{kind} name")
    if not _KEY.fullmatch(key):
        raise UsageError(
            f"{kind} name {key!r}: only letters, digits, spaces and the characters / _ . - : are allowed"
        )
    if posixpath.normpath(key) != key or key.startswith(("/", "..")) or key == ".":
        raise UsageError(f"{kind} name {key!r}: must read like a clean relative path, without '//', '.' or '..' parts")
    if len(_known_keys) < 10_000:
        _known_keys.add(key)
    return key


def check_text(text: str, what: str, limit: int | None = None) -> str:
    """Return ``text`` if every database keeps it as it is: no NUL, no lone surrogate, not too long."""
    if limit is not None and len(text) > limit:
        raise UsageError(f"{what} {shown(text)}: {len(text)} characters, at most {limit} are allowed")
    if "\0" in text:
        raise UsageError(f"{what} {shown(text)}: holds a NUL character, which databases cannot keep")
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise UsageError(
                f"{what} {shown(text)}: holds half a character (a lone surrogate) at position {error.start}"
            ) from None
    return text


def check_name(name: Any, what: str) -> str:
    """Return the name of a run, sweep or experiment if it is allowed."""
    if not isinstance(name, str):
        raise UsageError(f"{what} {name!r}: must be text")
    return check_text(name, what, NAME_LENGTH)


def tag_value(key: str, value: Any) -> str:
    """Return the value of a tag if it is allowed."""
    if not isinstance(value, str):
        raise UsageError(f"tag {key!r}: the value {shown(value)} must be text")
    return check_text(value, f"tag {key!r}:", TAG_LENGTH)


def param_text(key: str, value: Any) -> str:
    """Return a typed parameter as the text that MLflow would show: ``0.1``, ``True``, ``None``; lists as JSON."""
    kind = type(value)
    if kind is float or kind is int:
        return repr(value)
    if kind is str:
        return check_text(value, f"param {key!r}:", PARAM_LENGTH)
    text = str(value) if value is None or kind is bool else _json(value)
    return check_text(text, f"param {key!r}:", PARAM_LENGTH)


def param_number(value: Any) -> float | None:
    """Return a typed parameter as the number that filters compare; None when it is none or not finite."""
    kind = type(value)
    if kind is float:
        return value if -_LARGEST <= value <= _LARGEST else None
    if kind is int:
        return float(value) if -_LARGEST <= value <= _LARGEST else None
    return None


def text_number(text: str) -> float | None:
    """Return the number that a logged parameter spells; None when it spells none or is not finite."""
    if not _NUMBER.fullmatch(text):
        return None
    return param_number(float(text))


def to_json(value: Any, what: str) -> str:
    """Return JSON text that gives back exactly the same value; anything else is refused."""
    check_plain(value, what)
    return check_text(_json(value), what)


def params_json(params: Mapping[str, Any], what: str) -> str:
    """Return the JSON text of typed parameters; the same as :func:`to_json`, faster for plain ones."""
    for key, value in params.items():
        if type(value) not in _SCALARS or (type(value) is int and value.bit_length() > WIDEST):
            check_plain(value, f"{what}, {key!r}")
    return check_text(_json(params), what)


def check_plain(value: Any, what: str, depth: int = 0) -> None:
    """Raise UsageError unless the value is made of numbers, text, bools, None, lists and dicts with text as keys."""
    if depth > DEEPEST:
        raise UsageError(f"{what}: lists and dicts are nested deeper than {DEEPEST}")
    if isinstance(value, str):
        check_text(value, what)
    elif isinstance(value, list):
        for item in value:
            check_plain(item, what, depth + 1)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise UsageError(f"{what}: the key {shown(key)} of a dict must be text")
            check_plain(key, what, depth + 1)
            check_plain(item, what, depth + 1)
    elif isinstance(value, int) and value.bit_length() > WIDEST:
        raise UsageError(f"{what}: a whole number of {value.bit_length()} bits; at most {WIDEST} are allowed")
    elif value is not None and not isinstance(value, _NUMBERS):
        raise UsageError(
            f"{what}: {shown(value)} is a {type(value).__name__}; only numbers, text, true, false, null, "
            "lists and dicts can be stored"
        )


def metric_value(key: str, value: Any) -> float:
    """Return the float of a metric: Python and NumPy numbers, Decimal, bools and one-element arrays; NaN allowed.

    Raises UsageError for text, dates, None, complex numbers, arrays of another size, and ints that a float cannot hold
    exactly.
    """
    if type(value) is float:
        return value
    try:
        plain = value.item() if hasattr(value, "item") else value
        if isinstance(plain, _NOT_NUMBERS) or getattr(getattr(value, "dtype", None), "kind", "f") in "mM":
            raise TypeError
        found = float(plain)
    except (TypeError, ValueError):
        raise UsageError(f"metric {key!r} must be a number, not {shown(value)} ({type(value).__name__})") from None
    except OverflowError:
        raise UsageError(f"metric {key!r} is {shown(value)}, too large for a float") from None
    if isinstance(plain, int) and int(found) != plain:
        raise UsageError(f"metric {key!r} is {shown(value)}, which a float cannot hold exactly")
    return found


def step_value(key: str, step: Any) -> int:
    """Return the step of a point as an int of 64 bits: whole numbers of any kind. Raises UsageError for others."""
    try:
        found = int(step)
        if found == step and -STEP_LIMIT <= found < STEP_LIMIT and not isinstance(step, _NOT_NUMBERS):
            return found
    except (TypeError, ValueError, OverflowError):
        pass
    raise UsageError(f"a step of metric {key!r} must be a whole number of 64 bits, not {shown(step)}")


def whole(value: Any, what: str, bits: int = 64) -> int:
    """Return a whole number that the column of ``bits`` can hold."""
    if type(value) is int and -(1 << bits - 1) <= value < 1 << bits - 1:
        return value
    raise UsageError(f"{what}: {shown(value)} is not a whole number of {bits} bits")


def time_value(what: str, time: Any) -> float:
    """Return seconds since the epoch as a finite float."""
    if type(time) is float and -_LARGEST <= time <= _LARGEST:
        return time
    if isinstance(time, bool) or not isinstance(time, (int, float)) or not math.isfinite(time):
        raise UsageError(f"{what}: time {shown(time)} is not a number of seconds since the epoch")
    return float(time)


def plain_metrics(metrics: Mapping[str, float] | None) -> str | None:
    """Return the JSON text of an outcome's metrics."""
    if not metrics:
        return None
    return _json({check_key(key, "metric"): metric_value(key, value) for key, value in metrics.items()})


def shown(value: Any) -> str:
    """Return a short ``repr`` for a message; never raises."""
    try:
        short = repr(value)
    except Exception as error:
        short = f"<{type(value).__name__} whose repr raises {type(error).__name__}>"
    return short if len(short) <= SHOWN else short[: SHOWN - 3] + "..."
