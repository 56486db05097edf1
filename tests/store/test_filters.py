"""The search grammar: what it reads, and that SQL finds what plain Python finds."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sweeper.errors import UsageError
from sweeper.events import PointsLogged, RunStarted, TagsSet
from sweeper.records import Point, Run, new_id
from sweeper.store import open_store
from sweeper.store.filters import Comparison, Either, Every, Node, parse
from sweeper.store.store import SqlStore

COMPARE: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "!=": ne, ">": gt, ">=": ge, "<": lt, "<=": le}
ENTITIES = {"metric": "metrics", "param": "params", "tag": "tags", "attribute": "attributes"}

TEXTS = ["a", "A", "ab", "a%b", "a_b", "", "it's", 'say "x"', "größe", "GRÖSSE", "1", "1.0", "2", "x/y", "x\\y", "☃"]
NUMBERS = [0.0, -0.0, 1.0, -1.0, 1.5, 2.0, 1e300]
METRICS = [*NUMBERS, math.nan, math.inf, -math.inf]
KEYS = ["a", "b c", "d.e"]




@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("metrics.a > 1", Comparison("metric", "a", ">", 1.0)),
        ("metric.`a b` <= -1.5e-3", Comparison("metric", "a b", "<=", -1.5e-3)),
        ('params."a.b" = "it"', Comparison("param", "a.b", "=", "it")),
        ("parameters.optimizer.lr == '1'", Comparison("param", "optimizer.lr", "=", "1")),
        ("status = 'FINISHED'", Comparison("attribute", "status", "=", "FINISHED")),
        ("attr.`Run Name` LIKE 'a%'", Comparison("attribute", "run_name", "LIKE", "a%")),
        ("tags.x is not null", Comparison("tag", "x", "IS NOT NULL", None)),
        ("tags.x NOT in ('a','b')", Comparison("tag", "x", "NOT IN", ("a", "b"))),
        ("tag.x <> 'it''s'", Comparison("tag", "x", "!=", "it's")),
        ("metrics.a=1 AND metrics.b=2 and metrics.c=3", Every(tuple(Comparison("metric", k, "=", v) for k, v in
                                                                    (("a", 1.0), ("b", 2.0), ("c", 3.0))))),
        ("metrics.a=1 or metrics.b=2 and metrics.c=3", Either((Comparison("metric", "a", "=", 1.0), Every((
            Comparison("metric", "b", "=", 2.0), Comparison("metric", "c", "=", 3.0)))))),
        ("((metrics.and = 1))", Comparison("metric", "and", "=", 1.0)),
        ("  ", None),
    ],
)  # fmt: skip
def test_a_filter_is_read(text: str, expected: Node | None) -> None:
    assert parse(text) == expected


def test_an_error_shows_the_place() -> None:
    with pytest.raises(UsageError, match=re.escape("a number for 'a' is expected at position 13, not \"'x'\"")):
        parse("metrics.a = 'x'")


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("metricsparam.ab =<>!'\"`()1,ANDORINLIKEULt\0\ud800-"), max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse(text)
    except UsageError:
        pass


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SqlStore, dict[str, Run]]]:
    """A store of 40 runs with all kinds of values, and the same runs by id."""
    path: Path = tmp_path_factory.mktemp("filters") / "runs.db"
    store = open_store(str(path))
    runs: dict[str, Run] = {}
    for n in range(40):
        params = {key: TEXTS[(n * 7 + k * 5) % len(TEXTS)] for k, key in enumerate(KEYS) if (n >> k) % 3}
        tags = {key: TEXTS[(n * 3 + k) % len(TEXTS)] for k, key in enumerate(KEYS) if (n >> k) % 2}
        metrics = {key: METRICS[(n + k * 3) % len(METRICS)] for k, key in enumerate(KEYS) if (n + k) % 4}
        run = Run(new_id(), TEXTS[n % len(TEXTS)], started=float(n), params=params, metrics=metrics, tags=tags)
        points = tuple(Point(key, value) for key, value in metrics.items())
        store.write(RunStarted(Run(run.id, run.name, started=run.started, params=params)))
        store.write(TagsSet(run.id, tags), PointsLogged(run.id, points))
        runs[run.id] = run
    store.flush()
    yield store, runs
    store.close()


def quoted(text: str) -> st.SearchStrategy[str]:
    single, double = "'" + text.replace("'", "''") + "'", '"' + text.replace('"', '""') + '"'
    return st.sampled_from([single, double])


def leaves() -> st.SearchStrategy[Node]:
    text_values, keys = st.sampled_from(TEXTS), st.sampled_from([*KEYS, "missing"])
    texts: st.SearchStrategy[str] = st.sampled_from(["param", "tag"])
    like = st.lists(st.sampled_from([*"abAit%_/\\1", "größe"]), max_size=4).map("".join)
    return st.one_of(
        st.builds(Comparison, st.just("metric"), keys, st.sampled_from([*COMPARE]), st.sampled_from(NUMBERS)),
        st.builds(Comparison, st.just("metric"), keys, st.sampled_from(["IN", "NOT IN"]),
                  st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=3).map(tuple)),
        st.builds(Comparison, st.just("param"), keys, st.sampled_from([*COMPARE]), st.sampled_from(NUMBERS)),
        st.builds(Comparison, texts, keys, st.sampled_from(["=", "!="]), text_values),
        st.builds(Comparison, texts, keys, st.sampled_from(["LIKE", "ILIKE"]), like),
        st.builds(Comparison, texts, keys, st.sampled_from(["IN", "NOT IN"]),
                  st.lists(text_values, min_size=1, max_size=3).map(tuple)),
        st.builds(Comparison, st.sampled_from(["param", "tag", "metric"]), keys,
                  st.sampled_from(["IS NULL", "IS NOT NULL"]), st.none()),
        st.builds(Comparison, st.just("attribute"), st.just("run_name"), st.sampled_from(["=", "!="]), text_values),
        st.builds(Comparison, st.just("attribute"), st.just("start_time"), st.sampled_from([*COMPARE]),
                  st.integers(0, 40).map(lambda n: n * 1000.0)),
    )  # fmt: skip


TREES: st.SearchStrategy[Node] = st.recursive(
    leaves(),
    lambda inner: st.one_of(
        st.builds(Every, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Either, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


@st.composite
def spelled(draw: st.DrawFn, node: Node) -> str:
    """Return one of the ways to write a tree."""
    if isinstance(node, Comparison):
        mark = draw(st.sampled_from("`\""))
        key = node.key if re.fullmatch(r"[\w.]+", node.key) else f"{mark}{node.key}{mark}"
        value = node.value
        if value is None:
            spelling = ""
        elif isinstance(value, tuple):
            spelling = "(" + ", ".join(draw(quoted(v)) if isinstance(v, str) else repr(v) for v in value) + ")"
        else:
            spelling = draw(quoted(value)) if isinstance(value, str) else repr(value)
        operator = draw(st.sampled_from([node.operator, node.operator.lower()]))
        return f"{ENTITIES[node.entity]}.{key} {operator} {spelling}"
    word = draw(st.sampled_from([" AND ", " and "] if isinstance(node, Every) else [" OR ", "\nor "]))
    return word.join(f"({draw(spelled(part))})" for part in node.parts)


def holds(node: Node, run: Run) -> bool:
    """The meaning of a filter, said in Python."""
    if isinstance(node, Every):
        return all(holds(part, run) for part in node.parts)
    if isinstance(node, Either):
        return any(holds(part, run) for part in node.parts)
    found: Any = {
        "metric": run.metrics, "param": run.params, "tag": run.tags,
        "attribute": {"run_name": run.name, "start_time": (run.started or 0.0) * 1000},
    }[node.entity]  # fmt: skip
    value = found.get(node.key)
    if node.operator == "IS NULL":
        return value is None
    if node.operator == "IS NOT NULL" or value is None:
        return value is not None
    if node.operator in ("IN", "NOT IN"):
        assert isinstance(node.value, tuple)
        return (value in node.value) == (node.operator == "IN")
    if node.operator in ("LIKE", "ILIKE"):
        pattern = "".join({"%": ".*", "_": "."}.get(char, re.escape(char)) for char in str(node.value))
        flags = re.DOTALL | (re.IGNORECASE | re.ASCII if node.operator == "ILIKE" else 0)
        return re.fullmatch(pattern, value, flags) is not None
    if node.entity == "param" and isinstance(node.value, float):
        if not re.fullmatch(r"[\d.]+", value):
            return False
        value = float(value)
    return COMPARE[node.operator](value, node.value)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), node=TREES)
def test_sql_finds_what_python_finds(
    searched: tuple[SqlStore, dict[str, Run]], data: st.DataObject, node: Node
) -> None:
    store, runs = searched
    where = data.draw(spelled(node))
    assert {run.id for run in store.runs(where)} == {run.id for run in runs.values() if holds(node, run)}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("descending", [False, True])
def test_sorting_puts_nan_and_then_what_is_missing_last(
    searched: tuple[SqlStore, dict[str, Run]], key: str, descending: bool
) -> None:
    store, runs = searched
    order = f"metrics.`{key}` {'DESC' if descending else 'ASC'}"
    found = [run.metrics.get(key) for run in store.runs(order_by=[order])]
    numbers = [value for value in found if value is not None and value == value]
    assert numbers == sorted(numbers, reverse=descending)
    nans = sum(1 for run in runs.values() if run.metrics.get(key, 0.0) != run.metrics.get(key, 0.0))
    missing = sum(1 for run in runs.values() if key not in run.metrics)
    assert [value != value for value in found[len(numbers) : len(numbers) + nans]] == [True] * nans
    assert found[len(numbers) + nans :] == [None] * missing
