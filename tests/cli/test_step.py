"""``sweeper step`` on its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Sweeper

PROJECT = """
name: tiny
entry_points:
  main: {command: "echo hello"}
  measure:
    parameters: {rows: float, kind: {default: a}}
    command: "echo '{{\\"rows\\": {rows}}}'; echo {kind} > $SWEEPER_ARTIFACTS/kind.txt"
  broken: {command: "echo oh no >&2; exit 3"}
"""


@pytest.fixture(autouse=True)
def _project(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SWEEPER_CHANNEL", "SWEEPER_RUN_ID", "SWEEPER_PROJECT", "SWEEPER_METRICS_FILE"):
        monkeypatch.delenv(name, raising=False)
    (here / "MLproject").write_text(PROJECT)


def test_a_step_says_what_it_measured_and_where_its_files_are(sweeper: Sweeper) -> None:
    ran = sweeper("step", "measure", "-P", "rows=20", "--param", "kind=b c", "--name", "mine")

    assert ran.code == 0
    facts = dict(line.split(maxsplit=1) for line in ran.lines)
    assert facts["rows"] == "20"
    assert (Path(facts["artifacts"]) / "kind.txt").read_text() == "b c\n"
    assert '{"rows": 20}' in ran.err
    (run,) = sweeper("step", "measure", "-P", "rows=1", "--json").json
    assert run["metrics"] == {"rows": 1.0}


def test_the_main_entry_point_is_the_default_and_need_not_measure_anything(sweeper: Sweeper) -> None:
    ran = sweeper("step")

    assert (ran.code, ran.err) == (0, "hello\n")
    assert [line.split()[0] for line in ran.lines] == ["run", "artifacts"]


def test_a_step_that_fails(sweeper: Sweeper) -> None:
    ran = sweeper("step", "broken")

    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "oh no\nerror: tiny broken exited with code 3: oh no\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nope"], "error: project tiny has no entry point 'nope'; choose from: main, measure, broken"),
        (["measure"], "error: entry point measure needs a value for 'rows'"),
        (["measure", "-P", "rows=many"], "error: rows must be a number (type float), got 'many'"),
        (["measure", "-P", "rows"], "error: -P rows: write NAME=VALUE"),
        (["main", "-P", "rows=3"], "error: entry point main declares no parameter 'rows'; there are none"),
        (["main", "--project", "elsewhere"], "there is no folder"),
    ],
)
def test_a_step_that_cannot_be_is_told_and_nothing_is_made(
    sweeper: Sweeper, here: Path, words: list[str], said: str
) -> None:
    ran = sweeper("step", *words)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert [path.name for path in here.iterdir()] == ["MLproject"]
