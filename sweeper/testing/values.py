"""What every store must do with values: the table of :mod:`sweeper.store.rules`, sent through every entrance."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from sweeper.errors import UsageError
from sweeper.events import AttemptEnded, Event, ParamsLogged, PointsLogged, RunStarted, TagsSet, TrialCreated
from sweeper.interfaces import ArtifactStore, Store
from sweeper.records import Point, Run, RunState, new_id
from sweeper.store.rules import KEPT, REFUSED, TEXTS, VALUES, Rule
from sweeper.testing.cases import case
from sweeper.testing.sweeps import START, add_run, add_sweep, add_trial
from sweeper.trial.handle import RunHandle
from sweeper.wire import decode, dumps, encode

EXAMPLES = [(rule, example) for rule in VALUES for example in rule.examples]
NAMES = {"np": np, "date": date, "Decimal": Decimal, "Fraction": Fraction}


class Records:
    """Takes what a handle logs, over the wire and back."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def emit(self, event: Event) -> None:
        self.events.append(decode(json.loads(dumps(encode(event)))))

    def artifacts(self) -> ArtifactStore:
        raise NotImplementedError


def value_of(example: str) -> Any:
    return eval(example, {**NAMES})


def same(one: Any, other: Any) -> bool:
    """Equal, of the same type, and the same about NaN and the sign of zero."""
    if isinstance(one, float) and isinstance(other, float):
        both_nan = math.isnan(one) and math.isnan(other)
        return both_nan or (one == other and math.copysign(1, one) == math.copysign(1, other))
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return isinstance(other, dict) and list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and bool(one == other)


def attempt(write: Callable[[], Any], wanted: str) -> bool:
    """Do it; return whether there is something to be read. What has to be refused is refused in words."""
    if wanted != REFUSED:
        write()
        return True
    with pytest.raises(UsageError) as refused:
        write()
    assert len(str(refused.value)) > 20
    return False


class ValueConformance:
    """The rules for values, one entrance a test."""

    @pytest.fixture
    def store(self) -> Any:
        raise NotImplementedError

    def test_values_as_metrics(self, store: Store) -> None:
        for rule, example in EXAMPLES:
            with case(f"{rule.kind}: {example}"):
                self._as_metric(store, rule, example)

    def _as_metric(self, store: Store, rule: Rule, example: str) -> None:
        value, run_id = value_of(example), add_run(store)
        sweep = add_sweep(store)
        trial = add_trial(store, sweep, 0)
        handle = RunHandle(run_id, records := Records())
        wanted = rule.metric

        def logged() -> None:
            handle.log_metric("logged", value)
            store.write(*records.events).result()

        entrances: tuple[Callable[[], Any], ...] = (
            logged,
            lambda: store.write(PointsLogged(run_id, (Point("written", value, 0, START),))).result(),
            lambda: store.write(RunStarted(Run(new_id(), "with", parent_id=run_id, metrics={"m": value}))).result(),
            lambda: store.write(
                AttemptEnded(sweep.id, trial, 1, START + 9, RunState.COMPLETE, values=(0.5,), metrics={"m": value})
            ).result(),
        )
        taken = [attempt(entrance, wanted) for entrance in entrances]
        if any(taken):
            number = float(value.item() if hasattr(value, "item") else value)
            found = [point.value for point in store.points([run_id])[run_id]]
            found += [*store.children(run_id)[0].metrics.values(), store.trials(sweep.id)[0].metrics["m"]]
            assert len(found) == 4
            assert all(same(number, each) for each in found)

    def test_values_as_parameters_of_trials(self, store: Store) -> None:
        for rule, example in EXAMPLES:
            with case(f"{rule.kind}: {example}"):
                self._as_parameter(store, rule, example)

    def _as_parameter(self, store: Store, rule: Rule, example: str) -> None:
        value, sweep = value_of(example), add_sweep(store)
        created = TrialCreated(sweep.id, new_id(), 0, {"p": value}, 1, START)
        if attempt(lambda: store.write(created).result(), rule.param):
            wanted = value if rule.param == KEPT else float(value)
            assert same(store.trials(sweep.id)[0].params["p"], wanted)
        else:
            assert store.trials(sweep.id) == []

    def test_values_as_text(self, store: Store) -> None:
        for rule, example in EXAMPLES:
            with case(f"{rule.kind}: {example}"):
                self._as_text(store, rule, example)

    def _as_text(self, store: Store, rule: Rule, example: str) -> None:
        value, run_id = value_of(example), add_run(store)
        handle = RunHandle(run_id, records := Records())

        def logged() -> None:
            handle.log_param("p", value)
            handle.set_tag("t", value)
            store.write(*records.events).result()

        if attempt(logged, rule.text):
            found = store.run(run_id)
            wanted = str(value) if rule.text in (TEXTS, KEPT) else found.params["p"]
            assert (found.params["p"], found.tags["t"]) == (wanted, wanted)
            if rule.text == "JSON":
                assert same(json.loads(wanted), value)
        elif isinstance(value, str):
            for event in (ParamsLogged(run_id, {"p": value}), TagsSet(run_id, {"t": value})):
                with pytest.raises(UsageError):
                    store.write(event).result()
            assert (store.run(run_id).params, store.run(run_id).tags) == ({}, {})

    def test_whole_numbers_of_64_bits_are_steps(self, store: Store) -> None:
        steps: tuple[Any, ...] = (0, -3, 2**63 - 1, -(2**63), 3.0, np.int64(7))
        for step in steps:
            run_id = add_run(store)
            with case(step):
                store.write(PointsLogged(run_id, (Point("m", 0.5, step, START),))).result()
                assert same(store.points([run_id])[run_id][0].step, int(step))

    def test_nothing_else_is_a_step(self, store: Store) -> None:
        run_id = add_run(store)
        wrong: tuple[Any, ...] = (2**63, -(2**63) - 1, 0.5, float("nan"), float("inf"), "3", None)
        for step in wrong:
            with case(step), pytest.raises(UsageError, match="whole number of 64 bits"):
                store.write(PointsLogged(run_id, (Point("m", 0.5, step, START),))).result()
        assert store.points([run_id])[run_id] == []

    def test_a_whole_number_too_long_to_be_written_is_refused(self, store: Store) -> None:
        sweep = add_sweep(store)
        for value in (10**5000, [10**5000]):
            with pytest.raises(UsageError, match="bits"):
                store.write(TrialCreated(sweep.id, new_id(), 0, {"p": value}, 1, START)).result()
