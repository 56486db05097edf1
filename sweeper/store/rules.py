"""The rules for values as a table: what becomes of each kind at every entrance, on every database.

``python -m sweeper.store.rules`` writes it into ``docs/values.md``; tests send every example through every entrance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sweeper.store import names

DOCUMENT = Path(__file__).parents[2] / "docs" / "values.md"
BEGIN, END = "<!-- rules: begin -->", "<!-- rules: end -->"

KEPT, REFUSED = "kept", "refused"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of value. ``examples`` are Python expressions.

    ``metric``, ``param`` (a trial's own, with its type) and ``text`` (``log_param``, ``set_tag``) say what becomes of
    it: "kept", "refused", or the expression of what it is afterwards; "" where it does not apply.
    """

    kind: str
    examples: tuple[str, ...]
    metric: str
    param: str
    text: str


TEXTS = "its `str`"

VALUES = (
    Rule("float", ("0.1", "1e-300", "5e-324", "1.7976931348623157e308"), KEPT, KEPT, TEXTS),
    Rule("NaN", ("float('nan')",), KEPT, KEPT, TEXTS),
    Rule("infinity", ("float('inf')", "float('-inf')"), KEPT, KEPT, TEXTS),
    Rule("negative zero", ("-0.0",), KEPT, KEPT, TEXTS),
    Rule("whole number that a float holds", ("0", "-7", "2**53", "2**60"), "its `float`", KEPT, TEXTS),
    Rule("whole number that a float does not hold", ("2**53 + 1", "10**400"), REFUSED, KEPT, TEXTS),
    Rule("bool", ("True", "False"), "its `float`", KEPT, TEXTS),
    Rule("NumPy float64", ("np.float64(0.1)",), "its `float`", "its `float`", TEXTS),
    Rule("other NumPy number", ("np.float32(0.1)", "np.int64(3)", "np.bool_(True)"), "its `float`", REFUSED, TEXTS),
    Rule("array of one number", ("np.array([0.5])",), "its number", REFUSED, TEXTS),
    Rule("array of several numbers", ("np.array([0.5, 1.0])",), REFUSED, REFUSED, TEXTS),
    Rule("Decimal, Fraction", ("Decimal('0.1')", "Fraction(1, 3)"), "the nearest float", REFUSED, TEXTS),
    Rule("None", ("None",), REFUSED, KEPT, TEXTS),
    Rule("complex number", ("1j",), REFUSED, REFUSED, TEXTS),
    Rule("date, duration", ("date(2026, 1, 2)", "np.timedelta64(5, 'ns')"), REFUSED, REFUSED, TEXTS),
    Rule("bytes", ("b'1'",), REFUSED, REFUSED, TEXTS),
    Rule("text", ("'1.5'", "'é 漢字 🎉'", "'<script>'", "'a\\nb'", "''"), REFUSED, KEPT, KEPT),
    Rule("text with NUL", ("'a\\0b'",), REFUSED, REFUSED, REFUSED),
    Rule("half a character (lone surrogate)", ("'\\ud800'",), REFUSED, REFUSED, REFUSED),
    Rule("list, dict with text as keys", ("[1, 'a', None]", "{'a': [0.5, float('inf')]}"), REFUSED, KEPT, "JSON"),
    Rule("anything else", ("object", "{1, 2}"), REFUSED, REFUSED, TEXTS),
)

LIMITS = (
    ("name of a metric, parameter, tag", f"{names.KEY_LENGTH} characters", "letters, digits, spaces, `/ _ . - :`"),
    ("name of a run, sweep, experiment, worker", f"{names.NAME_LENGTH} characters", "any text"),
    ("parameter as text", f"{names.PARAM_LENGTH} characters", "any text"),
    ("tag", f"{names.TAG_LENGTH} characters", "any text"),
    ("step", "64 bits", "whole numbers of any kind: `3`, `3.0`, `np.int64(3)`"),
    ("whole number as parameter", f"{names.WIDEST} bits", "about 4,200 digits"),
    ("lists and dicts within one another", f"{names.DEEPEST} deep", ""),
    ("time", "a finite float", "seconds since the epoch"),
)  # fmt: skip


def tables() -> str:
    """Return the rules as two tables of Markdown."""
    return "\n".join([*_values(), "", *_limits()])


def _values() -> Iterator[str]:
    yield "| value | for example | as a metric | as a parameter of a trial | by `log_param`, `set_tag` |"
    yield "|---|---|---|---|---|"
    for rule in VALUES:
        shown = ", ".join(f"`{example}`" for example in rule.examples)
        yield f"| {rule.kind} | {shown} | {rule.metric} | {rule.param} | {rule.text} |"


def _limits() -> Iterator[str]:
    yield "| what | at most | allowed |"
    yield "|---|---|---|"
    for row in LIMITS:
        yield f"| {' | '.join(row)} |"


def documented(text: str) -> str:
    """Return a document with the tables put between the marks."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{tables()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    DOCUMENT.write_text(documented(DOCUMENT.read_text("utf-8")), "utf-8")
