"""``report.md``: the report where HTML cannot be opened, such as a code review."""

from __future__ import annotations

from collections.abc import Mapping

from sweeper.report.drawings import Section
from sweeper.report.page import Page, Table
from sweeper.report.text import code_block, line, markdown

HEADINGS = {
    "importance": "What matters",
    "history": "History",
    "pareto": "Pareto front",
    "slices": "Each parameter",
    "ranges": "Ranges over past sweeps",
    "parallel": "All parameters at once",
    "curves": "Metric curves",
    "failures": "Failures",
    "timeline": "Timeline",
}


def report_markdown(page: Page, sections: Mapping[str, Section], suffix: str | None) -> str:
    """Return the report as Markdown; its pictures are the files beside it with ``suffix``, if there are any."""
    blocks = [f"# {markdown(page.title)}", markdown(page.subtitle)]
    if page.warning:
        blocks.append(f"> **{markdown(page.warning, 500)}**")
    blocks += ["## Best parameters", markdown(page.headline), markdown(page.reason)]
    if page.best:
        blocks += [_table(page.best), code_block(page.best_yaml, "yaml")]
    blocks += ["Next:", code_block(page.next_command, "sh")]
    blocks.append("\n".join(f"- {markdown(label)}: {_code(command)}" for label, command in page.commands[1:]))
    blocks += ["## Facts", _table(Table(("fact", "value"), page.facts))]
    for name, section in sections.items():
        blocks.append(f"## {HEADINGS[name]}")
        blocks += [f"![{markdown(drawing.title)}]({drawing.name}.{suffix})" for drawing in section.drawings if suffix]
        blocks += [markdown(note, 500) for note in section.notes]
        blocks += _tables(name, page)
    blocks += ["## Search space", _table(page.space), "## Config", code_block(page.config, "yaml")]
    if page.source:
        blocks += ["As written:", code_block(page.source, "yaml")]
    if page.environment.rows:
        blocks += ["## Environment", _table(page.environment)]
    blocks.append(f"Written {page.written}. Every trial: trials.csv.")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _tables(section: str, page: Page) -> list[str]:
    if section == "importance":
        several = len(page.importances) > 1
        return [
            block for table in page.importances for block in ([markdown(table.caption)] * several + [_table(table)])
        ]
    if section == "history" and page.top:
        return ["### Best trials", _table(page.top)]
    if section == "ranges" and page.ranges:
        return [_table(page.ranges)]
    if section == "pareto" and page.front:
        return [_table(page.front)]
    if section == "failures" and page.causes:
        header = ("trials", "class", "message", "code", "region of the space", "numbers")
        rows = tuple((f"{c.size:,}", c.kind, c.message, c.place, c.region, c.trials) for c in page.causes)
        return [_table(Table(header, rows, frozenset({0})))]
    return []


def _table(table: Table) -> str:
    rule = ["---:" if i in table.numeric else "---" for i in range(len(table.header))]
    lines = [[markdown(cell) for cell in table.header], rule, *([markdown(cell) for cell in row] for row in table.rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _code(text: str) -> str:
    """A command on one line as code; the backticks outnumber those inside."""
    text = line(text, 500)
    return f"`{text}`" if "`" not in text else f"`` {text} ``" if "``" not in text else markdown(text, 500)
