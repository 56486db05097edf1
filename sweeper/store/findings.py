"""What an examination of a store finds: one line each, with what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Repair = Callable[[], object]


class Verdict(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"  #: it works; something should be done
    FAIL = "fail"  #: it does not work, or data is in danger


@dataclass(frozen=True, slots=True)
class Finding:
    """``check`` is one word, ``text`` a sentence, ``advice`` what to do. ``repair`` does what is safe to be done."""

    check: str
    verdict: Verdict
    text: str
    advice: str = ""
    repair: Repair | None = None


def ok(check: str, text: str) -> Finding:
    return Finding(check, Verdict.OK, text)


def warn(check: str, text: str, advice: str, repair: Repair | None = None) -> Finding:
    return Finding(check, Verdict.WARN, text, advice, repair)


def fail(check: str, text: str, advice: str, repair: Repair | None = None) -> Finding:
    return Finding(check, Verdict.FAIL, text, advice, repair)
