"""The report as Markdown: its structure, and that hostile text breaks none of it."""

from __future__ import annotations

import re

import pytest

from tests.report.conftest import PLANS, Reported


def text(report: Reported, kind: str) -> str:
    return (report(kind).folder / "report.md").read_text(encoding="utf-8")


def outside_fences(markdown: str) -> str:
    return re.sub(r"^(`{3,})[a-z]*\n.*?^\1$", "", markdown, flags=re.DOTALL | re.MULTILINE)


def test_the_headings_of_an_ordinary_sweep(report: Reported) -> None:
    made = outside_fences(text(report, "ordinary"))

    assert re.findall(r"^#+ .*$", made, re.MULTILINE) == [
        "# digits-forest", "## Best parameters", "## Facts", "## What matters", "## History", "### Best trials",
        "## Each parameter", "## All parameters at once", "## Metric curves", "## Failures", "## Timeline",
        "## Search space", "## Config", "## Environment",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", PLANS)
def test_pictures_are_files_beside_it_and_tables_are_even(report: Reported, kind: str) -> None:
    made = text(report, kind)

    pictures = re.findall(r"^!\[.*\]\(([^()]*)\)$", made, re.MULTILINE)
    assert all((report(kind).folder / name).is_file() for name in pictures)
    assert len(pictures) == len(list(report(kind).folder.glob("*.png")))
    for block in outside_fences(made).split("\n\n"):
        if block.startswith("|"):
            assert len({line.count("|") for line in block.splitlines()}) == 1


def test_the_best_parameters_can_be_copied(report: Reported) -> None:
    made = text(report, "ordinary")

    assert "Trial 19: accuracy 0.9506" in made
    assert "```yaml\nn_estimators: 28\n" in made
    assert re.search(r"```sh\nsweeper run \S+best_params.yaml\n```", made)


def test_hostile_text_is_no_markup(report: Reported) -> None:
    made = outside_fences(text(report, "hostile"))

    assert "<script" not in made
    assert not re.search(r"(?<!\\)\[x(?<!\\)\]", made)
    assert "$" not in made
    assert "\u202e" not in made


def test_a_warning_is_quoted(report: Reported) -> None:
    assert "> **This sweep is not over" in text(report, "running")
