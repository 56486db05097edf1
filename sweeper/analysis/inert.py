"""Text that came from anywhere, made harmless where it is shown: on a terminal, and in the comments of a file."""

from __future__ import annotations

import shlex
import unicodedata

OBEYED = ("Cc", "Cf", "Zl", "Zp", "Cs")  #: categories of characters that a terminal obeys, or that turn what is read


def inert(text: str) -> str:
    """``text`` on one line that no terminal obeys: control, format and surrogate characters are escaped."""
    if text.isprintable():
        return text
    return "".join(_escaped(char) if not char.isprintable() else char for char in text)


def block(text: str) -> str:
    """Like :func:`inert` for text of several lines: line ends and tabs stay."""
    return "\n".join("    ".join(inert(part) for part in line.split("\t")) for line in text.splitlines())


def word(text: str) -> str:
    """``text`` as one word of a command line to copy: quoted where a shell needs it, control characters spelled.

    Quotes alone are not enough: a terminal obeys control characters that are pasted, whatever stands around them.
    """
    if not any(unicodedata.category(char) in OBEYED for char in text):
        return shlex.quote(text)
    return "$'" + "".join(map(_spelled, text)) + "'"


def _spelled(char: str) -> str:
    if unicodedata.category(char) in OBEYED:
        return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "replace"))
    return f"\\{char}" if char in "'\\" else char


def _escaped(char: str) -> str:
    if unicodedata.category(char) in ("Zs", "Zl", "Zp") and ord(char) > 0x7F:
        return " "
    code = ord(char)
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char) or (
        f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    )
