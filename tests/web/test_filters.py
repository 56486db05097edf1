"""A filter is the same text everywhere, and selects the same trials in Python as in the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.errors import UsageError
from sweeper.records import RunState
from sweeper.web.columns import pack
from sweeper.web.filters import Among, Condition, Span, Unset, format_filter, mask, ordered, parse
from sweeper.web.grid import Grid
from tests.web.test_columns import grid_of, sweep_of, trial
from tests.web.tools import STATIC, node, run

names = st.text(min_size=1, max_size=8)
ends = st.none() | st.floats(allow_nan=False, allow_infinity=False)
conditions = st.one_of(
    st.builds(Span, names, ends, ends).filter(lambda span: (span.low, span.high) != (None, None)),
    st.builds(Among, names, st.lists(st.text(max_size=6), min_size=1, max_size=4).map(tuple)),
    st.builds(Unset, names),
)


@given(st.lists(conditions, max_size=5))
def test_what_is_written_is_read_again(wanted: list[Condition]) -> None:
    read = parse(format_filter(wanted))

    assert [each if each != Among(each.name, ("", "")) else Among(each.name, ("",)) for each in read] == [
        each if each != Among(each.name, ("", "")) else Among(each.name, ("",)) for each in wanted
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        (None, []),
        ("lr:1e-4..1e-2", [Span("lr", 1e-4, 1e-2)]),
        ("lr:..0.5;loss:-3..", [Span("lr", None, 0.5), Span("loss", -3.0, None)]),
        ("opt:adam,lion;depth:;", [Among("opt", ("adam", "lion")), Unset("depth")]),
        ("a%3Ab:x%2Cy%3Bz%25%2E", [Among("a:b", ("x,y;z%.",))]),
        ("state:failed,pruned", [Among("state", ("failed", "pruned"))]),
    ],
)
def test_a_filter_is_read(text: str | None, wanted: list[Condition]) -> None:
    assert parse(text) == wanted


@pytest.mark.parametrize(
    ("text", "word"),
    [("lr", "NAME:LOW..HIGH"), (":1..2", "NAME:LOW..HIGH"), ("lr:..", "no end"), ("lr:a..b", "'a' is not a number"),
     ("lr:1..1e", "'1e' is not a number"), ("lr:nan..1", "'nan'"), ("x" * 200_000, "200000 characters")],
)  # fmt: skip
def test_what_means_nothing_is_refused_in_words(text: str, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        parse(text)


SPACE = {
    "lr": {"min": 1e-5, "max": 1.0, "distribution": "log_uniform_values"},
    "depth": {"min": 1, "max": 9},
    "opt": {"values": ["adam", "sgd", "", "a;b"]},
    "batch": {"values": [16, 32]},
}
ROWS: list[dict[str, Any]] = [
    {"lr": 0.1, "depth": 1, "opt": "adam", "batch": 16},
    {"lr": 0.2, "depth": 5, "opt": "sgd", "batch": 32},
    {"lr": 0.7, "opt": "", "batch": 16},
    {"lr": 0.3, "depth": 9, "opt": "a;b", "batch": 32},
    {"lr": 0.1, "depth": 1, "opt": "adam", "batch": 16},
]
CASES = {
    "lr:0.1..0.3": [0, 1, 3, 4],
    "lr:0.7..": [2],
    "lr:..0.1": [0, 4],
    "lr:0.2,0.7": [1, 2],
    "depth:": [2],
    "depth:1,9": [0, 3, 4],
    "depth:2..;opt:sgd,a%3Bb": [1, 3],
    "opt:,": [2],
    "opt:none": [],
    "batch:16": [0, 2, 4],
    "state:failed,running": [1, 3],
    "accuracy:0.25..": [2, 4],
    "accuracy:": [1, 3],
    "seconds:2..3": [2, 3],
    "start:..1": [0, 1],
    "number:1..2": [1, 2],
    "dup:0": [4],
    "dup:..-1": [0, 1, 2, 3],
    "nobody:1..2": [0, 1, 2, 3, 4],
    "": [0, 1, 2, 3, 4],
}


def example() -> Grid:
    states = [RunState.COMPLETE, RunState.FAILED, RunState.COMPLETE, RunState.RUNNING, RunState.COMPLETE]
    made = []
    for i, (params, state) in enumerate(zip(ROWS, states, strict=True)):
        values = (i / 8,) if state is RunState.COMPLETE else None
        made.append(trial(i, params, state=state, started=100.0 + i, ended=100.0 + 2 * i, values=values, metrics={}))
    return grid_of(made, sweep_of(SPACE))


@pytest.mark.parametrize("text", CASES)
def test_a_filter_selects(text: str) -> None:
    assert np.flatnonzero(mask(example(), parse(text))).tolist() == CASES[text]


def test_the_page_selects_the_same(tmp_path: Path) -> None:
    command, block, script = node(), tmp_path / "block", tmp_path / "select.mjs"
    block.write_bytes(pack(example()))
    core = (STATIC / "core").as_uri()
    script.write_text(
        f"""import {{readFileSync}} from "node:fs";
        import {{unpack}} from "{core}/columns.js";
        import {{apply}} from "{core}/selection.js";
        import {{parse, format}} from "{core}/filter.js";
        const file = readFileSync({json.dumps(str(block))});
        const made = unpack(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
        const texts = {json.dumps(list(CASES))};
        const rows = (text) => [...apply(made, parse(text)).entries()].filter((each) => each[1]).map((each) => each[0]);
        console.log(JSON.stringify(texts.map((text) => [rows(text), rows(format(parse(text)))])));"""
    )

    ran = run(command, script)

    assert ran.returncode == 0, ran.stderr
    found = dict(zip(CASES, json.loads(ran.stdout), strict=True))
    assert {text: rows for text, (rows, _) in found.items()} == CASES
    assert {text: rows for text, (_, rows) in found.items()} == CASES


@pytest.mark.parametrize(
    ("sort", "wanted"),
    [
        ("", [0, 1, 2, 3, 4]), ("lr", [0, 4, 1, 3, 2]), ("-lr", [2, 3, 1, 0, 4]), ("depth", [0, 4, 1, 3, 2]),
        ("-depth", [3, 1, 0, 4, 2]), ("-accuracy", [4, 2, 0, 1, 3]), ("opt", [0, 4, 1, 2, 3]),
        ("-number", [4, 3, 2, 1, 0]), ("state", [3, 0, 2, 4, 1]),
    ],
)  # fmt: skip
def test_rows_are_ordered_by_a_column_and_what_is_not_set_comes_last(sort: str, wanted: list[int]) -> None:
    grid = example()

    assert ordered(grid, mask(grid, []), sort).tolist() == wanted
    assert ordered(grid, mask(grid, parse("opt:adam")), "-number").tolist() == [4, 0]


def test_an_order_by_nothing_known_is_refused_with_what_there_is() -> None:
    with pytest.raises(UsageError, match=r"'loss'.*lr, depth, opt, batch, accuracy, number"):
        ordered(example(), mask(example(), []), "-loss")
