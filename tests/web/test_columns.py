"""A block says what the trials say, to 7 digits, whatever they hold; the page's own code reads it so."""

from __future__ import annotations

import gzip
import json
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.records import RunState, SweepRecord, TrialRecord
from sweeper.store.sheets import from_records
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import sweep_record
from sweeper.web.cells import level_text
from sweeper.web.columns import load, pack
from sweeper.web.grid import STATES, Grid
from tests.web.conftest import PLANS, Kinds
from tests.web.tools import STATIC, node, run
from tests.web.unpacking import Block

SPACE: dict[str, Any] = {
    "lr": {"min": 1e-5, "max": 1e-1, "distribution": "log_uniform_values"},
    "depth": {"min": 1, "max": 9},
    "opt": {"values": ["adam", "sgd", None, True, 1, "1"]},
    "momentum": {"min": 0.0, "max": 1.0, "when": {"opt": "sgd"}},
    "epochs": {"value": 10},
    "task": {"value": "digits"},
}


def sweep_of(space: Mapping[str, Any] = SPACE, **changes: Any) -> SweepRecord:
    return sweep_record(space=space, **changes)


def trial(number: int, params: Mapping[str, Any], **changes: Any) -> TrialRecord:
    made = TrialRecord(f"{number:032x}", "s", number, RunState.COMPLETE, dict(params), (0.5,), {"accuracy": 0.5})
    return replace(made, **changes)


def grid_of(trials: Sequence[TrialRecord], sweep: SweepRecord | None = None, revision: int = 0) -> Grid:
    sweep = sweep or sweep_of()
    grid = Grid(sweep)
    grid.add(from_records(trials, sweep.goals), revision)
    return grid


def block_of(*params: Mapping[str, Any], space: Mapping[str, Any] = SPACE) -> Block:
    return Block(pack(grid_of([trial(i, each) for i, each in enumerate(params)], sweep_of(space))))


times = st.none() | st.floats(1.6e9, 1.9e9)
values = st.one_of(
    st.floats(allow_nan=False), st.integers(-(2**53), 2**53), st.booleans(), st.none(), st.text(max_size=5),
    st.just([1, "a"]),
)  # fmt: skip
trials = st.fixed_dictionaries(
    {
        "params": st.dictionaries(st.sampled_from("abcd"), values),
        "state": st.sampled_from(RunState),
        "started": times,
        "ended": times,
        "values": st.none() | st.tuples(st.floats()),
        "metrics": st.dictionaries(st.sampled_from(["accuracy", "loss", "a"]), st.floats()),
    }
)


@given(st.lists(st.lists(trials, max_size=6), max_size=4))
def test_a_block_says_what_the_trials_say(pages: list[list[dict[str, Any]]]) -> None:
    sweep = sweep_of({})
    grid, every = Grid(sweep), []
    for page in pages:
        records = [trial(len(every) + place, **facts) for place, facts in enumerate(page)]
        grid.add(from_records(records, sweep.goals))
        every += records

    block = Block(pack(grid))

    assert block.header["n"] == len(every)
    assert block.fact("number") == [each.number for each in every]
    assert block.states() == [str(each.state) for each in every]
    assert block.ids == [each.run_id for each in every]
    assert all(map(same, block.values("goal", "accuracy"), [each.values[0] if each.values else None for each in every]))
    for name in {name for each in every for name in each.params}:
        assert all(map(same, block.values("param", name), [each.params.get(name, UNSET) for each in every]))
    for name in {name for each in every for name in each.metrics} - {"accuracy"}:
        assert all(map(same, block.values("metric", name), [each.metrics.get(name) for each in every]))


UNSET: Any = float("nan")


def same(found: Any, value: Any) -> bool:
    """Whether a cell shows a value: numbers to 7 digits, choices by their text; NaN and a missing metric as not set."""
    if value is None and not isinstance(found, str):
        return found is None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value != value or found is None:
            return value != value and found is None
        return math.isclose(float(found), value, rel_tol=1.2e-7) or float(found) == value
    return bool(found == level_text(value))


def test_columns_lie_where_a_typed_array_can_look_at_them() -> None:
    block = block_of({"lr": 0.1, "depth": 3}, {"lr": 0.01}, {"depth": 300, "opt": "sgd"})

    assert block.begins % 8 == 0
    assert all(column["at"] % 8 == 0 for column in block.header["columns"])
    last = block.header["columns"][-1]
    assert block.size >= block.begins + last["at"] + last["bytes"]


def test_parameters_are_described_as_the_space_declares_them() -> None:
    block = block_of({"lr": 0.1, "depth": 3, "opt": "sgd", "momentum": 0.9, "epochs": 10, "task": "digits"})
    facts = {name: column for (role, name), column in block.columns.items() if role == "param"}

    assert list(facts) == list(SPACE)
    assert [facts["lr"][key] for key in ("kind", "low", "high", "log")] == ["float", 1e-5, 1e-1, True]
    assert [facts["depth"][key] for key in ("kind", "low", "high", "log")] == ["int", 1, 9, False]
    assert facts["opt"]["levels"] == ["adam", "sgd", "null", "true", "1", "1"]
    assert [facts["epochs"][key] for key in ("kind", "low", "constant")] == ["int", 10, True]
    assert [facts["task"][key] for key in ("kind", "levels", "constant")] == ["categorical", ["digits"], True]
    assert not facts["lr"]["constant"]


def test_a_distribution_without_ends_has_none() -> None:
    space = {
        "x": {"distribution": "normal", "mu": 0, "sigma": 1},
        "q": {"distribution": "q_uniform", "min": 0, "max": 9, "q": 2},
    }

    block = block_of({"x": 0.5, "q": 4}, space=space)

    assert [block.columns["param", "x"][key] for key in ("kind", "low", "high")] == ["float", None, None]
    assert [block.columns["param", "q"][key] for key in ("kind", "low")] == ["int", 0]


def test_choices_that_only_look_alike_stay_apart() -> None:
    block = block_of(*({"opt": value} for value in ("adam", "sgd", None, True, 1, "1")), {})

    assert block.cells["param", "opt"].tolist() == [0, 1, 2, 3, 4, 5, -1]


@pytest.mark.parametrize(
    ("cells", "dtype"),
    [
        ([1, 255], "u1"), ([0, 256], "u2"), ([0, 65536], "u4"), ([-1, 5], "i4"), ([0, 2**31], "u4"),
        ([-1, 2**31], "f8"), ([5, None], "f4"), ([2**24 + 1, None], "f8"), ([], "f4"),
    ],
)  # fmt: skip
def test_whole_numbers_take_as_little_as_they_need(cells: list[int | None], dtype: str) -> None:
    block = block_of(*({} if cell is None else {"n": cell} for cell in cells), space={"n": {"min": -9, "max": 2**40}})

    assert block.columns["param", "n"]["dtype"] == dtype
    assert block.values("param", "n") == cells


@pytest.mark.parametrize(
    ("cells", "dtype"),
    [
        ([0.1, 0.2], "f4"), ([0.99991, 0.99993], "f8"), ([1e-50, 1.0], "f8"), ([1e300, 1.0], "f8"),
        ([16777217.0, 5.0], "f8"), ([0.3, 0.3], "f4"), ([math.inf, 0.1], "f4"), ([0.0, -0.0], "f4"),
    ],
)  # fmt: skip
def test_floats_take_four_bytes_unless_one_would_see_it(cells: list[float], dtype: str) -> None:
    grid = grid_of([trial(i, {}, values=(cell,), metrics={"loss": cell}) for i, cell in enumerate(cells)])

    block = Block(pack(grid))

    assert block.columns["metric", "loss"]["dtype"] == dtype
    assert all(map(same, block.values("metric", "loss"), cells))
    assert block.columns["goal", "accuracy"]["dtype"] == "f8"
    assert block.values("goal", "accuracy") == cells


def test_many_choices_take_more_bytes() -> None:
    block = block_of(*({"word": f"w{i}"} for i in range(300)), {}, space={})

    assert block.columns["param", "word"]["dtype"] == "u2"
    assert block.values("param", "word") == [*(f"w{i}" for i in range(300)), None]


def test_times_are_seconds_after_the_first_start() -> None:
    grid = grid_of([
        trial(0, {}, started=1000.0, ended=1002.5), trial(1, {}, started=990.0), trial(2, {}, started=None),
        trial(3, {}, started=990.0 + 2**21, ended=991.0 + 2**21),
    ])  # fmt: skip

    block = Block(pack(grid))

    assert block.header["t0"] == 990.0
    assert block.fact("start")[0] == 10.0
    assert block.fact("start")[3] == 2**21
    assert block.columns["start", "start"]["dtype"] == "f8"
    assert block.fact("seconds")[0] == 2.5
    assert [math.isnan(each) for each in block.fact("seconds")] == [False, True, True, False]


def test_a_metric_that_counts_as_cost_has_its_own_column() -> None:
    sweep = sweep_of(config={"budget": {"cost": {"limit": 9, "metric": "euros"}}})

    block = Block(pack(grid_of([trial(0, {}, metrics={"euros": 0.25}), trial(1, {}, metrics={})], sweep)))

    assert block.fact("cost")[0] == 0.25
    assert math.isnan(block.fact("cost")[1])
    assert ("cost", "cost") not in block_of({}).columns


@given(st.lists(st.dictionaries(st.sampled_from("xyz"), st.sampled_from([0.0, 0.5, 1, 1.5, "a", None])), max_size=25))
def test_a_duplicate_names_the_first_trial_with_its_parameters(params: list[dict[str, Any]]) -> None:
    space = {"x": {"min": 0.0, "max": 2.0}}
    params = [{k: v for k, v in each.items() if k != "x" or isinstance(v, float)} for each in params]
    shuffled = [dict(random.Random(i).sample(list(each.items()), len(each))) for i, each in enumerate(params)]

    found = Block(pack(grid_of([trial(i, each) for i, each in enumerate(shuffled)], sweep_of(space)))).fact("dup")

    first = [params.index(each) for each in params]
    assert found == [-1 if place == i else place for i, place in enumerate(first)]


def test_an_increment_has_what_changed_since_and_nothing_else() -> None:
    grid = grid_of([trial(i, {"depth": i + 1}, state=RunState.RUNNING, values=None) for i in range(3)], revision=1)
    goals = grid.sweep.goals
    ended = trial(1, {"depth": 2}, started=5.0, ended=7.0, values=(0.9,), metrics={"loss": 2.0})

    unchanged = [trial(n, {}, state=RunState.RUNNING, values=None) for n in (0, 2)]

    assert grid.update(from_records(unchanged, goals), 2) == 0
    assert grid.update(from_records([ended], goals), 3) == 1
    grid.add(from_records([trial(3, {"depth": 2, "new": "a"}), trial(4, {"depth": 2})], goals), 4)
    block = Block(pack(grid, "e-4", since=1))

    assert block.header["rev"] == "e-4"
    assert not block.header["full"]
    assert block.fact("number") == [1, 3, 4]
    assert block.states() == ["complete"] * 3
    assert all(map(same, block.values("goal", "accuracy"), [0.9, 0.5, 0.5]))
    assert block.values("metric", "loss") == [2.0, None, None]
    assert block.values("param", "new") == [None, "a", None]
    assert block.fact("dup") == [-1, -1, 1]
    assert Block(pack(grid, since=3)).fact("number") == [3, 4]
    assert Block(pack(grid, since=4)).header["n"] == 0
    assert Block(pack(grid)).values("metric", "loss") == [None, 2.0, None, None, None]


def test_an_increment_names_the_choices_that_occur_in_it() -> None:
    grid = grid_of([trial(i, {"word": f"w{i:04}" * 9}) for i in range(3000)], sweep_of({}), revision=1)
    grid.add(
        from_records(
            [trial(3000, {"word": "new"}), trial(3001, {"word": "w0007" * 9}), trial(3002, {})], grid.sweep.goals
        ),
        2,
    )

    packed = pack(grid, since=1)

    block = Block(packed)
    assert block.values("param", "word") == ["new", "w0007" * 9, None]
    assert len(block.columns["param", "word"]["levels"]) == 2
    assert len(packed) < 3000


@pytest.mark.parametrize("kind", PLANS)
def test_a_database_and_its_records_give_the_same_block(store: SqlStore, sweep: Kinds, kind: str) -> None:
    record = sweep(kind)
    records = store.trials(record.id)
    other = Grid(record)
    other.add(from_records(records, record.goals))

    block = Block(pack(load(store, record)))

    assert pack(other) == pack(load(store, record))
    assert block.header["n"] == len(records)
    for place, goal in enumerate(record.goals):
        assert all(map(same, block.values("goal", goal.name), [t.values[place] if t.values else None for t in records]))


def test_a_report_holds_no_ids_and_little_else() -> None:
    rng = random.Random(1)
    made = [
        trial(
            i,
            {"lr": 10 ** rng.uniform(-5, -1), "depth": rng.randint(1, 9), "opt": rng.choice(["adam", "sgd"])},
            started=1e9 + i, ended=1e9 + i + rng.random(), values=(rng.random(),), metrics={},
        )
        for i in range(2000)
    ]  # fmt: skip
    packed = pack(grid_of(made), ids=False)

    assert Block(packed).ids is None
    assert len(gzip.compress(packed, 9)) < 20 * len(made)


SHOW = """import {readFileSync} from "node:fs";
import {unpack, merge, cell} from "CORE/columns.js";
const read = (path) => {
  const file = readFileSync(path);
  return unpack(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
};
const show = (made) => {
  const rows = [...made.number.keys()];
  const columns = [...made.params, ...made.goals, ...made.metrics];
  return {
    rev: made.rev, ids: made.ids, states: rows.map((row) => made.states[made.state[row]]),
    start: rows.map((row) => made.start[row] + made.t0), dup: [...made.dup],
    cells: Object.fromEntries(columns.map((column) => [column.name, rows.map((row) => cell(column, row))])),
  };
};
const files = process.argv.slice(2).map(read);
console.log(JSON.stringify(show(files.reduce(merge))));
"""


def as_a_page(folder: Path, *blocks: bytes) -> dict[str, Any]:
    """Return what the page's own code makes of blocks that come one after the other."""
    command, script = node(), folder / "show.mjs"
    script.write_text(SHOW.replace("CORE", (STATIC / "core").as_uri()))
    files = []
    for place, data in enumerate(blocks):
        files.append(folder / f"{place}.block")
        files[-1].write_bytes(data)
    ran = run(command, script, *files)
    assert ran.returncode == 0, ran.stderr
    shown: dict[str, Any] = json.loads(ran.stdout)
    return shown


@pytest.mark.parametrize("kind", ["ordinary", "conditional", "goals", "hostile", "empty"])
def test_the_page_reads_the_same(store: SqlStore, sweep: Kinds, kind: str, tmp_path: Path) -> None:
    data = pack(load(store, sweep(kind)), "e-1")
    expected = Block(data)

    shown = as_a_page(tmp_path, data)

    assert (shown["rev"], shown["states"], shown["ids"]) == ("e-1", expected.states(), expected.ids)
    named = [(role, name) for role, name in expected.cells if role in ("param", "goal", "metric")]
    wanted = {
        name: [None if isinstance(v, float) and math.isinf(v) else v for v in expected.values(role, name)]
        for role, name in named
    }
    assert shown["cells"] == wanted


def test_the_page_adds_increments_up_to_the_whole(tmp_path: Path) -> None:
    # given a page that has seen three trials, one of them running
    grid = grid_of(
        [
            trial(0, {"opt": "adam", "lr": 0.1}, started=100.0),
            trial(1, {"opt": "sgd"}, started=101.0),
            trial(2, {"word": "a"}, state=RunState.RUNNING, values=None, started=102.0),
        ],
        revision=1,
    )
    goals = grid.sweep.goals
    blocks = [pack(grid, "e-1")]

    # when it ends, and others come, with choices and a metric that were never seen
    grid.update(from_records([trial(2, {}, started=102.5, values=(0.9,), metrics={"loss": 2.0})], goals), 2)
    grid.add(from_records([trial(3, {"opt": True, "word": "b"}, started=99.0, values=None)], goals), 2)
    blocks.append(pack(grid, "e-2", since=1))
    grid.add(from_records([trial(4, {"word": "a", "lr": 0.5}), trial(5, {"word": "b", "opt": True})], goals), 3)
    blocks.append(pack(grid, "e-3", since=2))

    # then it has what one has who comes now
    assert as_a_page(tmp_path, *blocks) == as_a_page(tmp_path, pack(grid, "e-3"))


def test_states_are_those_of_trials() -> None:
    assert list(STATES) == [str(state) for state in RunState]
    assert np.uint8(len(STATES)) < 255
