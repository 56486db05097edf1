"""Where trials fail is told on evidence, and only then."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from sweeper.analysis import TrialTable
from sweeper.analysis.regions import Region, between, failing_region, log_tails
from sweeper.records import Params
from tests.analysis.conftest import sampled

SPACE = {
    "lr": {"min": 1e-5, "max": 1e-1, "distribution": "log_uniform_values"},
    "batch": {"values": [16, 32, 64, 128]},
    "depth": {"min": 2, "max": 32},
    "kind": {"values": ["a", "b"]},
    "momentum": {"min": 0.0, "max": 1.0},
}


def failing(when: Callable[[Params, int], bool], count: int = 100) -> TrialTable:
    return sampled(SPACE, lambda params, number: None if when(params, number) else 1.0, count)


def region(table: TrialTable) -> Region | None:
    return failing_region(table, tuple(table.number[table.state == "failed"].tolist()))


def test_one_condition() -> None:
    found = region(failing(lambda p, n: p["lr"] > 0.03))

    assert found is not None
    assert [condition.text for condition in found.conditions] == ["lr > 0.03"]
    assert (found.failed, found.others_failed) == (found.total, 0)
    assert found.total + found.others == 100


def test_two_conditions() -> None:
    found = region(failing(lambda p, n: p["batch"] == 128 and p["lr"] > 3e-3, 200))

    assert found is not None
    assert {condition.name for condition in found.conditions} == {"batch", "lr"}
    assert "batch=128" in found.text
    assert found.failed == found.total
    assert found.text.endswith(f"elsewhere 0 of {found.others}")


def test_two_ends_of_one_parameter() -> None:
    found = region(failing(lambda p, n: 10 <= p["depth"] <= 14, 300))

    assert found is not None
    assert sorted(condition.text for condition in found.conditions) == ["depth <= 14", "depth >= 10"]


def test_a_few_that_live_do_not_hide_it() -> None:
    found = region(failing(lambda p, n: (p["kind"] == "b") == (n % 10 != 3)))

    assert found is not None
    assert found.conditions[0].text == "kind=b"
    assert found.failed < found.total
    assert found.others_failed > 0


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
def test_failures_at_random_have_no_region(share: float) -> None:
    told = 0
    for seed in range(30):
        rng = random.Random(seed)
        told += region(failing(lambda p, n, rng=rng: rng.random() < share, 60)) is not None  # type: ignore[misc]  # a closure of its own
    assert told == 0


def test_two_failures_are_no_evidence() -> None:
    assert region(failing(lambda p, n: n in (1, 2))) is None


def test_where_all_failed_there_is_nothing_to_compare() -> None:
    assert region(failing(lambda p, n: True)) is None


def test_trials_that_failed_otherwise_do_not_count() -> None:
    table = failing(lambda p, n: p["lr"] > 0.01 or p["kind"] == "b")
    high = tuple(int(n) for n, params in zip(table.number, table.assigned, strict=True) if params["lr"] > 0.01)

    found = failing_region(table, high)

    assert found is not None
    assert found.conditions[0].name == "lr"
    assert found.failed + found.others_failed == len(high)


@given(st.floats(1e-300, 1e300), st.floats(1e-300, 1e300))
def test_a_threshold_lies_between_its_neighbours(one: float, other: float) -> None:
    low, high = sorted((one, other))
    if low < high:
        assert low <= between(low, high) <= high


def test_a_threshold_is_short() -> None:
    assert between(0.0287, 0.0313) == 0.03
    assert between(16.2, 17.9) == 17


@given(st.data())
def test_tails_are_those_of_scipy(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 400))
    failed, total = data.draw(st.integers(1, count)), data.draw(st.integers(1, count))
    hit = data.draw(st.integers(max(0, total - (count - failed)), min(failed, total)))
    found = log_tails(np.array([hit]), np.array([total]), failed, count)
    assert found[0] == pytest.approx(hypergeom.logsf(hit - 1, count, failed, total), rel=1e-6, abs=1e-9)
