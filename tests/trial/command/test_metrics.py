"""What counts as a metric in the output of a command."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.records import FailureClass
from sweeper.trial.command.metrics import LONGEST, Lines, MetricReader, MetricsFile
from sweeper.trial.values import CommandFailed

Logged = list[tuple[dict[str, float], int | None]]


class Reading:
    """A reader for the goal ``loss`` and what it was told."""

    def __init__(self, *goals: str) -> None:
        self.logged: Logged = []
        self.notes: list[str] = []
        self.reader = MetricReader(
            goals or ("loss",), lambda metrics, step: self.logged.append((metrics, step)), self.notes.append
        )

    def lines(self, *texts: str) -> Reading:
        for place, text in enumerate(texts, 1):
            self.reader.line(text, f"line {place} of its output")
        return self

    def complaint(self) -> str:
        with pytest.raises(CommandFailed) as failed:
            self.reader.result()
        assert failed.value.failure.kind is FailureClass.INVALID_VALUE
        return str(failed.value)


@pytest.mark.parametrize(
    ("line", "logged"),
    [
        ('{"loss": 0.5}', ({"loss": 0.5}, None)),
        ('  {"loss": 0.5, "step": 3, "lr": 1e-5}  ', ({"loss": 0.5, "lr": 1e-5}, 3)),
        ('{"loss": 1, "_step": 2.0}', ({"loss": 1.0}, 2)),
        ('INFO:train:{"loss": 0.5, "step": 3} done', ({"loss": 0.5}, 3)),
        ('{"accuracy": 0.5, "epoch": 3}', ({"accuracy": 0.5, "epoch": 3.0}, None)),
        ('{"loss": 0.5, "ok": true, "name": "a", "deep": {"loss": 3}}', ({"loss": 0.5}, None)),
        ('{"loss": 0.5, "a@b": 1}', ({"loss": 0.5}, None)),
    ],
)
def test_a_line_with_metrics(line: str, logged: tuple[dict[str, float], int | None]) -> None:
    assert Reading().lines(line).logged == [logged]


@pytest.mark.parametrize(
    "line",
    ["", "loss: 0.5", "{", "{}", '{"a": "b"}', "[1, 2]", 'config {"lr": 0.1}', "{'lr': 0.1}", "}{", "7"],
)
def test_a_line_without(line: str) -> None:
    reading = Reading().lines(line)

    assert (reading.logged, reading.notes) == ([], [])
    assert "wrote no 'loss', the metric of this sweep: have it print a line such as" in reading.complaint()
    assert '{"loss": 0.93}' in reading.complaint()
    assert "SWEEPER_METRICS_FILE" in reading.complaint()


@pytest.mark.parametrize("line", ["loss: 0.5", '  "loss": 0.5,'], ids=["text", "json-of-several-lines"])
def test_a_line_that_nearly_is_one_is_quoted(line: str) -> None:
    reading = Reading().lines("{", line, "}", "loss again")

    assert reading.complaint().endswith(f"; line 2 of its output is no JSON object: {line.strip()!r}")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{'loss': 0.5}", "line 2 of its output is no JSON: \"{'loss': 0.5}\"; JSON has double quotes"),
        ('{"loss": 0.5', "line 2 of its output is no JSON: '{\"loss\": 0.5'; it does not end in }"),
        ('{"loss": high}', "line 2 of its output is no JSON"),
        ('{"loss": "high"}', "line 2 of its output: metric 'loss' must be a number, not 'high' (str)"),
        ('{"loss": true}', "metric 'loss' must be a number, not true"),
        ('{"loss": null}', "metric 'loss' must be a number, not None"),
        ('{"loss": 0.5, "step": 1.5}', "a step of metric 'loss' must be a whole number of 64 bits, not 1.5"),
        ('{"loss": 0.5, "step": "one"}', "must be a whole number of 64 bits, not 'one'"),
    ],
)
def test_a_line_that_names_the_goal_and_cannot_be_read_is_quoted(line: str, said: str) -> None:
    reading = Reading().lines('{"loss": 1.0}', line)

    assert said in reading.complaint()
    reading.lines('{"loss": 0.25}')
    assert reading.reader.result() == {"loss": 0.25}


def test_the_last_value_is_the_final_one_unless_a_summary_says_otherwise() -> None:
    reading = Reading("loss", "seconds").lines('{"loss": 3, "step": 0}', '{"seconds": 1, "other": 2}', '{"loss": 4}')
    assert reading.reader.result() == {"loss": 4.0, "seconds": 1.0}

    reading.lines('{"summary": {"loss": 3, "epochs": 9}}')
    assert reading.reader.result() == {"loss": 3.0, "seconds": 1.0, "epochs": 9.0}
    assert len(reading.logged) == 3


def test_not_a_number_is_kept_as_it_is() -> None:
    reading = Reading().lines('{"loss": NaN, "up": Infinity}')

    assert math.isnan(reading.reader.result()["loss"])
    assert reading.logged[0][0]["up"] == math.inf


def test_what_is_left_out_is_told_once() -> None:
    reading = Reading().lines(*['{"loss": 1, "a@b": 1}'] * 3)

    (note,) = reading.notes
    assert "not kept: metric name 'a@b': only letters" in note


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"))), st.data())
def test_lines_come_whole_however_they_are_cut(texts: list[str], data: st.DataObject) -> None:
    taken: list[tuple[str, int]] = []
    lines, rest = Lines(lambda text, number: taken.append((text, number))), "\n".join(texts).encode()
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        lines.feed(rest[:size])
        rest = rest[size:]
    lines.end()

    wanted = [(text, number) for number, text in enumerate(texts, 1)]
    assert taken == (wanted if not texts or texts[-1] else wanted[:-1])


def test_a_progress_bar_and_a_line_without_end_do_no_harm() -> None:
    taken: list[str] = []
    lines = Lines(lambda text, number: taken.append(f"{number} {text}"))

    lines.feed(b"10%\r20%\rdone\r\n")
    for _ in range(3):
        lines.feed(b"x" * LONGEST)
    lines.feed(b"end\nnext\n")

    assert taken == ["1 done", "3 next"]


def in_file(tmp_path: Path, *pieces: str, goals: tuple[str, ...] = ("loss",)) -> Reading:
    """Write the pieces one after another, looking at the file after each."""
    reading, path = Reading(*goals), tmp_path / "metrics.jsonl"
    watched = MetricsFile(path, reading.reader)
    watched.poll()
    for piece in pieces:
        with path.open("a") as file:
            file.write(piece)
        watched.poll()
    watched.end()
    return reading


def test_a_file_that_grows_is_read_as_it_does(tmp_path: Path) -> None:
    reading = in_file(tmp_path, '{"loss": 1, "step": 0}\n{"lo', 'ss": 2, "step": 1}\n', '{"loss": 3}')

    assert reading.logged == [({"loss": 1.0}, 0), ({"loss": 2.0}, 1), ({"loss": 3.0}, None)]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("content", [{"loss": 0.5, "n": 3}, [{"loss": 1.0}, {"loss": 0.5, "n": 3}]])
def test_a_file_written_at_the_end_may_be_any_json(tmp_path: Path, content: Any, indent: int | None) -> None:
    reading = in_file(tmp_path, json.dumps(content, indent=indent))

    assert reading.reader.result() == {"loss": 0.5}
    assert reading.logged[-1] == ({"loss": 0.5, "n": 3.0}, None)
    assert len(reading.logged) == (1 if isinstance(content, dict) else 2)


def test_a_file_that_is_rewritten_is_read_again(tmp_path: Path) -> None:
    reading, path = Reading(), tmp_path / "metrics.jsonl"
    watched = MetricsFile(path, reading.reader)
    for text in ('{"loss": 1, "step": 0}\n', '{"loss": 2}\n'):
        path.write_text(text)
        watched.poll()
    watched.end()

    assert [metrics["loss"] for metrics, _ in reading.logged] == [1.0, 2.0]


def test_a_malformed_line_of_a_file_is_named(tmp_path: Path) -> None:
    assert "line 2 of the metrics file is no JSON" in in_file(tmp_path, '\n{"loss": oops}\n').complaint()


def test_a_file_that_is_never_written_holds_nothing(tmp_path: Path) -> None:
    assert "wrote no 'loss'" in in_file(tmp_path).complaint()
