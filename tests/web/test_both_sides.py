"""Python and the page's own code say the same of the same trials: what is selected, in which order, what is best."""

from __future__ import annotations

import json
import math
import random
from typing import Any

import numpy as np
import pytest

from sweeper.records import RunState, SweepRecord, TrialRecord
from sweeper.store.sheets import from_records
from sweeper.web.columns import layout, pack
from sweeper.web.filters import Among, Condition, Span, Unset, format_filter, mask, ordered, parse
from sweeper.web.grid import STATES, Grid
from tests.web.test_columns import sweep_of, trial
from tests.web.tools import STATIC, node, run

CASES = 60
PARAMS: dict[str, Any] = {
    "lr": {"min": 1e-9, "max": 1.0, "distribution": "log_uniform_values"},
    "zero": {"min": 0, "max": 5},
    "big": {"min": 0, "max": 2**60},
    "flag": {"values": [True, False, "true", 1, "1", None]},
    "sizes": {"values": [128, 16, 32]},
    "words": {"values": ["1e3", "20", "", "0x10", "a;b,c:d.%"]},
    "nested": {"values": [[1, 2], {"a": 1}, [1, 2, 3]]},
    "none": {"value": 3},
    "__proto__": {"min": 0.0, "max": 1.0},
    "state": {"values": ["failed", "ok"]},
    "number": {"min": 0, "max": 9},
    "many": {"values": [f"level {i}" for i in range(300)]},
}
FACTS = ["start", "seconds", "cost", "dup", "trial.state", "trial.number", "nobody"]
TEXTS = ["1", "true", "null", "", "16", "0x10", "2", "failed", "complete", "[1, 2]", "0.1", "abc", "NaN", " 5", "0.7"]
LOOSE = ("undeclared", "seconds", "constructor")  #: that no space declares
SHOW = """import {readFileSync} from "node:fs";
import {unpack, merge, ranked} from "CORE/columns.js";
import {parse, format} from "CORE/filter.js";
import {apply} from "CORE/selection.js";
import {fieldsOf} from "CORE/../charts/table-fields.js";
import {order} from "CORE/../charts/order.js";
const read = (path) => {
  const file = readFileSync(path);
  return unpack(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
};
const rows = (mask) => [...mask.entries()].filter((each) => each[1]).map((each) => each[0]);
const cases = JSON.parse(readFileSync(process.argv[2], "utf-8"));
console.log(JSON.stringify(cases.map(({blocks, filters, sorts}) => {
  const columns = blocks.map(read).reduce((known, more) => merge(known, more));
  const fields = fieldsOf({columns, params: columns.params});
  return {
    filters: filters.map((text) => rows(apply(columns, parse(text)))),
    again: filters.map((text) => format(parse(text))).map((text) => rows(apply(columns, parse(text)))),
    sorts: sorts.map(([key, descending]) => [...order(fields.find((field) => field.key === key).values(), descending)]),
    best: columns.goals.map((_, goal) => [false, true].map((maximize) => [...ranked(columns, goal, maximize)])),
    goals: columns.goals.map(({values}) => [...values].map(String)),
  };
})));
"""


def number_of(rng: random.Random) -> float:
    made = [0.1, 0.7, 1.0, 0.0, -0.0, 1e-300, 3e38, math.inf, 1 / 3, rng.random(), 1 - rng.random() * 1e-9, 16777217.0]
    return rng.choice(made)


def params_of(rng: random.Random) -> dict[str, Any]:
    params: dict[str, Any] = {}
    for name, spec in PARAMS.items():
        if rng.random() < 0.2:
            continue
        if "values" in spec:
            params[name] = rng.choice(spec["values"])
        elif isinstance(spec.get("max"), int):
            params[name] = rng.choice([0, 1, 5, spec["max"], rng.randint(0, spec["max"])])
        else:
            params[name] = spec.get("value", rng.choice([1e-9, 0.1, 0.7, rng.random()]))
    for name in LOOSE:
        if rng.random() < 0.5:
            params[name] = rng.choice([1, 2, 0.5, "2", None, True])
    return params


def trial_of(rng: random.Random, number: int, made: dict[str, Any] | None = None) -> TrialRecord:
    state = rng.choice([*RunState, RunState.COMPLETE, RunState.COMPLETE])
    started = None if state is RunState.QUEUED else 1e9 + rng.randrange(50) / 8 + number
    done = state in (RunState.COMPLETE, RunState.PRUNED)
    loss = rng.choice([math.nan, number_of(rng), number_of(rng)])
    return trial(
        number, params_of(rng) if made is None else made, state=state, started=started,
        ended=started + rng.randrange(40) / 7 if started and state.ended else None,
        values=(number_of(rng), loss) if done and rng.random() < 0.9 else None,
        metrics={"euros": number_of(rng), "odd name": loss} if done else {},
    )  # fmt: skip


def sweep() -> SweepRecord:
    goals = sweep_of({}).goals
    second = type(goals[0])("loss", "minimize")
    return sweep_of(PARAMS, goals=(goals[0], second), config={"budget": {"cost": {"limit": 9, "metric": "euros"}}})


def grown(rng: random.Random) -> tuple[Grid, list[bytes]]:
    """Return trials that came and ended bit by bit, and the blocks that a page got meanwhile."""
    record = sweep()
    grid, records = Grid(record), dict[int, TrialRecord]()
    blocks: list[bytes] = []
    written: dict[Any, Any] = {}
    for revision in range(1, rng.randint(2, 6)):
        ended = [
            trial_of(rng, number, dict(each.params))
            for number, each in records.items()
            if not each.state.ended and rng.random() < 0.6
        ]
        new = [trial_of(rng, len(records) + i) for i in range(rng.randrange(25))]
        if ended:
            grid.update(from_records(ended, record.goals), revision)
        grid.add(from_records(new, record.goals), revision)
        records.update({each.number: each for each in (*ended, *new)})
        before, written = written, layout(grid)
        whole = not blocks or any(written.get(name) != each for name, each in before.items())
        blocks.append(pack(grid, f"e-{revision}", since=None if whole else revision - 1))
    return grid, blocks


def conditions_of(rng: random.Random, grid: Grid) -> list[Condition]:
    names = [*(column.name for column in grid.columns), *FACTS]
    found: list[Condition] = []
    for _ in range(rng.randint(1, 2)):
        name = rng.choice(names)
        low, high = sorted([number_of(rng), rng.choice([number_of(rng), 2.0, 4.0])])
        found.append(rng.choice([
            Unset(name), Among(name, tuple(rng.sample(TEXTS, rng.randint(1, 4)))), Span(name, low, None),
            Span(name, low, high), Span(name, None, high),
        ]))  # fmt: skip
    return found


def ranked(grid: Grid, name: str, *, maximize: bool) -> list[int]:
    values = grid.goals[name].array
    rows = [row for row in range(len(grid)) if STATES[grid.state[row]] == "complete" and values[row] == values[row]]
    return sorted(rows, key=lambda row: (-values[row] if maximize else values[row], row))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Grid, dict[str, Any], dict[str, Any]]]:
    """Trials as Python has them, what was asked, and what the page said."""
    folder, rng = tmp_path_factory.mktemp("both"), random.Random(7)
    command, script = node(), folder / "both.mjs"
    script.write_text(SHOW.replace("CORE", (STATIC / "core").as_uri()))
    grids, cases = [], []
    for case in range(CASES):
        grid, blocks = grown(rng)
        if case % 2:  # one that comes late gets the whole
            blocks = [pack(grid, "e-9")]
        files = [folder / f"{case}-{place}" for place in range(len(blocks))]
        for file, data in zip(files, blocks, strict=True):
            file.write_bytes(data)
        names = [*(column.name for column in grid.columns), "trial.state", "trial.number", "cost", "dup"]
        sorts = [(name, rng.random() < 0.5) for name in names if name != "dup" or (grid.duplicates() >= 0).any()]
        filters = [format_filter(conditions_of(rng, grid)) for _ in range(25)]
        grids.append(grid)
        cases.append({"blocks": list(map(str, files)), "filters": filters, "sorts": sorts})
    (folder / "cases.json").write_text(json.dumps(cases))
    ran = run(command, script, folder / "cases.json")
    assert ran.returncode == 0, ran.stderr
    return list(zip(grids, cases, json.loads(ran.stdout), strict=True))


Both = list[tuple[Grid, dict[str, Any], dict[str, Any]]]


def test_filters_select_the_same_trials(both: Both) -> None:
    some = 0
    for grid, asked, said in both:
        for text, rows, again in zip(asked["filters"], said["filters"], said["again"], strict=True):
            found = np.flatnonzero(mask(grid, parse(text))).tolist()
            assert rows == found, text
            assert again == found, text
            some += 0 < len(found) < len(grid)
    assert some > CASES


def test_columns_sort_the_same(both: Both) -> None:
    for grid, asked, said in both:
        for (name, descending), rows in zip(asked["sorts"], said["sorts"], strict=True):
            found = ordered(grid, mask(grid, []), ("-" if descending else "") + name)
            assert rows == found.tolist(), name


def test_trials_rank_by_all_digits_of_their_values(both: Both) -> None:
    for grid, _, said in both:
        for name, found, values in zip(grid.goals, said["best"], said["goals"], strict=True):
            assert found == [ranked(grid, name, maximize=maximize) for maximize in (False, True)]
            assert [float(each) for each in values] == pytest.approx(grid.goals[name].array, rel=0, abs=0, nan_ok=True)
