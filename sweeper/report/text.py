"""Text that came from anywhere, made fit to show."""

from __future__ import annotations

import re

_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#+!|~$<>&@])")


def clean(text: str) -> str:
    """Return ``text`` without what is no text: control characters, lone surrogates, direction overrides."""
    return _INVISIBLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def clip(text: str, longest: int) -> str:
    """Return ``text`` cut to ``longest`` characters, saying how many there were."""
    return text if len(text) <= longest else f"{text[:longest].rstrip()}… ({len(text):,} characters)"


def line(text: str, longest: int = 200) -> str:
    """Return ``text`` cleaned, on one line, and cut."""
    return clip(" ".join(clean(text).split()), longest)


def markdown(text: str, longest: int = 200) -> str:
    """Return ``text`` on one line so that Markdown shows it as it is: no markup, HTML, mathematics or mentions."""
    return _MARKDOWN.sub(
        lambda match: f"&#{ord(match[0])};" if match[0] in "<>&@$|" else f"\\{match[0]}", line(text, longest)
    )


def code_block(text: str, language: str = "") -> str:
    """Return ``text`` as a fenced block; the fence is longer than any run of backticks inside."""
    text = clean(text).rstrip("\n")
    runs = [len(run) for run in re.findall(r"`+", text)]
    fence = "`" * max(3, 1 + max(runs, default=0))
    return f"{fence}{language}\n{text}\n{fence}"
