"""Text that came from anywhere, made harmless where it is shown: on a terminal, and in the comments of a file."""

from __future__ import annotations

import unicodedata


def inert(text: str) -> str:
    """``text`` on one line that no terminal obeys: control, format and surrogate characters are escaped."""
    if text.isprintable():
        return text
    return "".join(_escaped(char) if not char.isprintable() else char for char in text)


def block(text: str) -> str:
    """Like :func:`inert` for text of several lines: line ends and tabs stay."""
    return "\n".join("    ".join(inert(part) for part in line.split("\t")) for line in text.splitlines())


def _escaped(char: str) -> str:
    if unicodedata.category(char) in ("Zs", "Zl", "Zp") and ord(char) > 0x7F:
        return " "
    code = ord(char)
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char) or (
        f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    )
