"""The ranges of one group of sweeps on the terminal: a table, and the evidence in words below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sweeper.analysis.numbers import count, number, value_text
from sweeper.analysis.ranges.groups import Group
from sweeper.analysis.ranges.shape import best_text, extent_text, range_text
from sweeper.analysis.ranges.survey import ParameterRange
from sweeper.cli.session import Session
from sweeper.cli.tables import GAP, Column, draw, fit, widths
from sweeper.cli.text import inert, tail

if TYPE_CHECKING:
    from rich.text import Text

BARS = " ▁▂▃▄▅▆▇█"
CELLS = 12  #: of a density on the screen
SHORT = {
    "edge": "edge",
    "unexplored": "gap",
    "unimportant": "no effect",
    "conflict": "conflict",
    "kinds": "kinds differ",
}
STYLES = {"TRIED": "blue", "GOOD": "green", "FLAGS": "yellow", "SEARCH NEXT": "bold"}


def show_group(session: Session, group: Group, parameters: Sequence[ParameterRange]) -> None:
    """Print one group."""
    trials = sum(sum(sweep.counts.values()) for sweep in group.sweeps)
    sweeps = count(len(group.sweeps), "sweep")
    named = [f"{sweep.name} {tail(sweep.id)}" for sweep in group.sweeps[:4]]
    more = f" and {len(group.sweeps) - 4} more" if len(group.sweeps) > 4 else ""
    session.show(f"{inert(group.title)}: {sweeps}, {count(trials, 'trial')}")
    session.hint(f"  {inert(', '.join(named))}{more}")
    for line in group.differences:
        session.say(f"  note: {inert(line)}")
    width = session.console.width
    kept, left_out = fit(_columns(parameters), width)
    session.show("", _styled(kept, width))
    if left_out:
        session.hint(f"not shown, the terminal is narrow: {', '.join(left_out)}")
    session.show("", *evidence_lines(parameters), *declared_lines(parameters))


def _styled(columns: Sequence[Column], width: int) -> Text:
    """The table, with a style for some columns below their title."""
    drawn = draw(columns, width)
    starts, start = [], 0
    for room in widths(columns, width):
        starts.append((start, start + room))
        start += room + GAP
    offset = 0
    for number_of_line, line in enumerate(drawn.plain.split("\n")):
        for column, (begin, end) in zip(columns, starts, strict=True):
            if number_of_line and column.title in STYLES:
                begin, end = (_characters(line, place) for place in (begin, end))
                drawn.stylize(STYLES[column.title], offset + begin, offset + end)
        offset += len(line) + 1
    return drawn


def _characters(line: str, cells: int) -> int:
    """How many characters of the line take so many columns of the terminal: wide ones take two."""
    from rich.cells import cell_len

    place = min(cells, len(line))
    while place and cell_len(line[:place]) > cells:
        place -= 1
    return place


def _columns(parameters: Sequence[ParameterRange]) -> list[Column]:
    numeric = [not found.evidence.choices for found in parameters]
    tops = [extent_text(found.top, is_number) for found, is_number in zip(parameters, numeric, strict=True)]
    flags = [", ".join(dict.fromkeys(SHORT[flag.kind] for flag in found.flags)) for found in parameters]
    return [
        Column("PARAMETER", [found.name for found in parameters], keep=True, flexible=True, least=12),
        Column(
            "DECLARED", [range_text(found.recommendation.declared) for found in parameters], flexible=True, least=14
        ),
        Column("TRIED", [bars(found.tried) for found in parameters]),
        Column("GOOD", [bars(found.good) for found in parameters]),
        Column("TOP 20 %", tops, flexible=True, least=12),
        Column("BEST", [best_text(found) for found in parameters], flexible=True, least=10),
        *([Column("FLAGS", flags)] if any(flags) else []),
        Column("SEARCH NEXT", [next_text(found) for found in parameters], keep=True, flexible=True, least=14),
    ]


def bars(shares: Any) -> str:
    """A density as blocks: nothing where nothing is, the full block at its peak."""
    values = [float(value) for value in shares]
    if len(values) == 2 * CELLS:
        values = [one + other for one, other in zip(values[::2], values[1::2], strict=True)]
    peak = max(values, default=0.0)
    if peak <= 0:
        return ""
    blocks = [BARS[0] if value <= 0 else BARS[max(1, round(8 * value / peak))] for value in values]
    return "".join(block.replace(" ", "·") for block in blocks)


def next_text(found: ParameterRange) -> str:
    """The recommended range; ``=`` where it stays as it is."""
    advice = found.recommendation
    return range_text(advice.parameter) if advice.changed else "="


def evidence_lines(parameters: Sequence[ParameterRange]) -> list[str]:
    """What is recommended, and why: changed parameters first, then those that stay, by reason."""
    lines = []
    for found in parameters:
        advice = found.recommendation
        if advice.changed:
            size = f", {_percent(advice.share)} of its range" if abs(advice.share - 1) >= 0.005 else ""
            lines.append(f"{inert(found.name)}: {advice.action} to {inert(range_text(advice.parameter))}{size}")
            lines.append(f"  because {inert(advice.reason)}")
            lines.append(f"  {_used(found)}")
            if text := focus_text(found):
                lines.append(f"  {text}")
        lines += [f"  ! {inert(flag.text)}" for flag in found.flags] if advice.changed else []
    kept: dict[str, list[str]] = {}
    for found in parameters:
        if not found.recommendation.changed:
            kept.setdefault(found.recommendation.reason, []).append(inert(found.name))
    for reason, names in kept.items():
        lines.append(f"{', '.join(names)}: {inert(reason)}")
    for found in parameters:
        if not found.recommendation.changed:
            lines += [f"  ! {inert(found.name)}: {inert(flag.text)}" for flag in found.flags]
    return lines


def declared_lines(parameters: Sequence[ParameterRange]) -> list[str]:
    """For each parameter that sweeps declare differently: what, and how many."""
    lines = []
    for found in parameters:
        told: dict[str, int] = {}
        for lane in reversed(found.evidence.lanes):
            text = "not declared" if lane.declared is None else range_text(lane.declared)
            told[text] = told.get(text, 0) + 1
        if len(told) > 1:
            parts = [f"{inert(text)} in {count(amount, 'sweep')}" for text, amount in told.items()]
            more = f"; and {len(parts) - 4} others" if len(parts) > 4 else ""
            lines.append(f"{inert(found.name)} was declared as {'; '.join(parts[:4])}{more}")
    return lines


def focus_text(found: ParameterRange) -> str:
    """Where half of the good trials lie."""
    focus = found.recommendation.focus
    if focus is None:
        return ""
    if focus.shares:
        ordered = sorted(focus.shares, key=lambda pair: -pair[1])
        told = [f"{value_text(value)} {_percent(share)}" for value, share in ordered if share > 0]
        return f"of the good trials: {', '.join(told)}"
    low, high, centre = (number(value) for value in (focus.low, focus.high, focus.centre))
    return f"focus: half of the good trials lie in {low} .. {high}, their middle is {centre}"


def _used(found: ParameterRange) -> str:
    advice = found.recommendation
    text = f"from {count(advice.sweeps, 'sweep')} and {count(advice.trials, 'trial')}"
    if advice.action in ("shrink", "move") and advice.coverage is not None:
        text += f"; leaving each out, the others' range holds its best in {_percent(advice.coverage)} of the sweeps"
        if advice.regret is not None:
            text += f", and loses {number(round(100 * advice.regret, 2))} % of the gap between median and best"
    return text


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
