"""Bad and odd values through every entrance: on every store the same result, and what is kept is what was given."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from sweeper.api.decorator import build_config
from sweeper.api.running import run_sweep
from sweeper.interfaces import Store
from sweeper.records import RunState
from sweeper.space import Int
from sweeper.store import open_store
from tests.chaos.arena import Arena, Skip
from tests.chaos.experiments.starts import server
from tests.store.servers import MariaDB, PostgreSQL

NUMBERS: list[Any] = [
    0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, 1.7976931348623157e308, 0.1 + 0.2, 2**53, 2**53 + 1, 10**400,
    True, False, None, "1.5", "abc", "", b"1", 1 + 2j, [1.0], (1.0, 2.0), {"a": 1.0}, object(), Decimal("0.1"),
    Decimal("NaN"), Decimal("1e999"), np.float32(0.1), np.float64(math.nan), np.int64(2**62 + 1), np.bool_(True),
    np.array(3.0), np.array([3.0]), np.array([1.0, 2.0]), np.datetime64("2026-01-01"),
]  # fmt: skip
TEXTS: list[Any] = [
    "", " padded ", "Zoë 🦀", "é", "e\u0301", "a\0b", "\ud800", "\x07\x1b[31m", "line\nbreak\ttab",
    "<script>alert(1)</script>", "'; DROP TABLE sweeper_runs; --", "=1+1", "x" * 6000, "x" * 6001, "x" * 8000,
    "x" * 8001, 1, 1.5, math.nan, None, True, [1, "a"], {"k": None},
]  # fmt: skip
NAMES: list[Any] = [
    "a b", "a/b", "a//b", "../a", "/a", "a\\b", "", "x" * 250, "x" * 251, "Zoë", "A", "a", "n\0l", "\ud800", "<b>", 3,
]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """What an objective does in one trial, how the stored run is read, and what it then must say if all was taken."""

    name: str
    act: Callable[[Any], Any]
    see: Callable[[Any], Any]
    given: Any = None


def cases() -> Iterator[Case]:
    for value in NUMBERS:
        kept = _number(value)
        yield Case(f"returned {value!r}", lambda _, value=value: {"loss": 1.0, "m": value}, _metric, kept)
        yield Case(f"logged {value!r}", lambda trial, value=value: trial.log_metric("m", value) or 1.0, _metric, kept)
        one = value[0] if isinstance(value, list) else value  # a sequence has one number per goal
        yield Case(f"goal {value!r}", lambda _, value=value: value, _value, _number(one))
        yield Case(f"step {value!r}", lambda trial, value=value: trial.log_metric("m", 1.0, step=value) or 1.0, _metric)
    for text in TEXTS:
        kept = text if isinstance(text, str) else None
        name = f"{str(text)[:40]!a}, {len(str(text))} long"
        yield Case(f"param {name}", lambda trial, text=text: trial.log_param("p", text) or 1.0, _param, kept)
        yield Case(f"tag {name}", lambda trial, text=text: trial.set_tag("p", text) or 1.0, _tag, kept)
        yield Case(f"raised {name}", lambda _, text=text: _raise(text), _nothing)
    for key in NAMES:
        name = f"{str(key)[:40]!a}, {len(str(key))} long"
        yield Case(f"param named {name}", lambda trial, key=key: trial.log_param(key, "v") or 1.0, _names)
        yield Case(f"metric named {name}", lambda trial, key=key: trial.log_metric(key, 2.0) or 1.0, _names)
        yield Case(f"tag named {name}", lambda trial, key=key: trial.set_tag(key, "v") or 1.0, _names)
        yield Case(f"returned as {name}", lambda _, key=key: {"loss": 1.0, key: 2.0}, _names)


def _number(value: Any) -> str | None:
    """Return the float that a value has to become, if it becomes one."""
    try:
        return exact(float(value.item() if hasattr(value, "item") else value))
    except (TypeError, ValueError, OverflowError):
        return None


def _raise(text: Any) -> None:
    raise ValueError(text)


def _nothing(run: Any) -> None:
    return None


def _metric(run: Any) -> Any:
    return exact(run.metrics.get("m"))


def _value(run: Any) -> Any:
    return exact(run.metrics.get("loss"))


def _param(run: Any) -> Any:
    return run.params.get("p")


def _tag(run: Any) -> Any:
    return run.tags.get("p")


def _names(run: Any) -> Any:
    return sorted(run.params), sorted(run.metrics), sorted(tag for tag in run.tags if not tag.startswith("mlflow."))


def exact(value: float | None) -> str:
    """Return a float so that -0.0 and NaN compare."""
    return "none" if value is None else "nan" if math.isnan(value) else value.hex()


def bad(arena: Arena) -> str:
    """R17: the table on SQLite, PostgreSQL and MariaDB, through a real sweep each."""
    found: dict[str, list[Any]] = {}
    missing = []
    with ExitStack() as open_things:
        urls = {"SQLite": str(arena.folder / "runs.db")}
        for kind in (PostgreSQL, MariaDB):
            try:
                made = open_things.enter_context(server(kind))
                urls[kind.__name__] = made.url  # type: ignore[attr-defined]  # each kind has it
            except Skip as reason:
                missing.append(str(reason))
        for name, url in urls.items():
            store = open_things.enter_context(_opened(url, arena))
            found[name] = told(store)
    known = list(cases())
    for name in found:
        for case, one, other in zip(known, found["SQLite"], found[name], strict=True):
            assert one == other, f"{case.name}: SQLite {one}, {name} {other}"
    for case, (state, failure, seen) in zip(known, found["SQLite"], strict=True):
        assert state in (RunState.COMPLETE, RunState.FAILED), (case, state)
        assert (failure is None) == (state is RunState.COMPLETE), (case, state, failure)
        assert state is RunState.FAILED or case.given is None or seen == case.given, (case, seen)
    if missing:
        raise Skip("; ".join(missing))
    refused = sum(state is RunState.FAILED for state, _, _ in found["SQLite"])
    return f"{len(known)} cases on {', '.join(found)}: the same on each, {refused} refused in words, the others exact"


class _opened:  # noqa: N801  # reads as a word
    def __init__(self, url: str, arena: Arena) -> None:
        self._store = open_store(url, artifacts=str(arena.folder / "artifacts"))

    def __enter__(self) -> Store:
        return self._store

    def __exit__(self, *error: object) -> None:
        self._store.close()


def told(store: Store) -> list[Any]:
    """Run every case as one trial; return the state, the failure and what is stored, case by case."""
    table = list(cases())

    def objective(case: int, trial: Any) -> Any:
        return table[case].act(trial)

    config = build_config(
        objective,
        {"space": {"case": Int(0, len(table) - 1)}, "method": "grid", "executor": "inline", "metric": "loss"},
        {"failures": 10_000},
    )
    result = run_sweep(config, store=store, function=objective, report=False)
    assert len(result.trials) == len(table)
    runs = {run.id: run for run in store.children(result.sweep.id)}
    ordered = sorted(result.trials, key=lambda trial: int(trial.params["case"]))
    return [
        (
            trial.state,
            trial.failure and (str(trial.failure.kind), trial.failure.message),
            table[case].see(runs[trial.run_id]),
        )
        for case, trial in enumerate(ordered)
    ]
