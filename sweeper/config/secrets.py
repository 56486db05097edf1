"""Passwords in URLs: what is shown, stored or reported has them masked."""

from __future__ import annotations

import re
from typing import Any

MASK = "***"

_PORT = r"""(?!\d+(?:[/?#\s'"]|$))"""
_LONGEST = 2000  #: characters of a password: what is longer would be looked for again and again
_PASSWORD = re.compile(
    rf"""(://[^\s/:@'"]{{0,200}}:){_PORT}(?:[^\s'"/]{{0,{_LONGEST}}}|[^\s'"@]{{0,{_LONGEST}}})(?=@)"""
)
_TOKEN_AS_USER = re.compile(rf"""((?:git\+)?https?://)[^\s/:@'"]{{1,{_LONGEST}}}(?=@)""", re.IGNORECASE)
_QUERY = re.compile(
    r"""([?&](?:[\w.-]*(?:password|passwd|secret|token|api_?key|access_?key|signature)|pwd|sig)=)[^\s&#'"]+""",
    re.IGNORECASE,
)


def mask_urls(text: str) -> str:
    """Return ``text`` with every password, token or signature inside a URL replaced by ``***``."""
    for pattern in (_PASSWORD, _TOKEN_AS_USER, _QUERY):
        text = pattern.sub(rf"\1{MASK}", text)
    return text


def mask_all(value: Any) -> Any:
    """Return the same plain JSON value with every text in it masked."""
    if isinstance(value, str):
        return mask_urls(value)
    if isinstance(value, dict):
        return {key: mask_all(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [mask_all(item) for item in value]
    return value
