"""How much a value would differ were it measured again."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from sweeper.analysis import TrialTable, table
from sweeper.analysis.identity import REUSED
from sweeper.analysis.noise import Noise, fold_values, noise, pooled, residual_noise
from sweeper.events import PointsLogged, RunEnded, RunStarted, TagsSet
from sweeper.interfaces import Store
from sweeper.records import Point, Run, RunState, new_id
from sweeper.store import open_store
from sweeper.testing.sweeps import add_sweep, add_trial
from tests.analysis.conftest import sampled


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(str(tmp_path / "runs.db"))
    yield opened
    opened.close()


def sweep(store: Store, values: Sequence[tuple[int, float]]) -> tuple[TrialTable, list[str]]:
    """A sweep of trials, each a depth and its accuracy, and their ids."""
    record = add_sweep(store)
    ids = [add_trial(store, record, number, {"depth": depth}, value) for number, (depth, value) in enumerate(values)]
    return table(store, record), ids


def known(found: Noise | None) -> Noise:
    assert found is not None
    return found


def test_repeats_of_the_same_parameters(store: Store) -> None:
    trials, _ = sweep(store, [(1, 0.5), (1, 0.7), (2, 0.1), (2, 0.1), (3, 0.9)])

    found = known(noise(store, trials))

    assert (found.source, found.freedom) == ("repeats", 2)
    assert found.sd == pytest.approx(0.1)


def test_reruns_count_as_repeats(store: Store) -> None:
    trials, _ = sweep(store, [(1, 0.5), (2, 0.1)])
    again = add_sweep(store, "again")
    store.write(TagsSet(again.id, {"sweeper.rerun.sweep": trials.sweep.id})).result()
    for number, value in enumerate((0.7, 0.3)):
        add_trial(store, again, number, {"depth": 1}, value)

    assert known(noise(store, trials)).sd == pytest.approx(0.2)


def test_a_result_that_was_taken_over_twice_is_no_repeat(store: Store) -> None:
    trials, _ = sweep(store, [(1, 0.5), (1, 0.5), (1, 0.7), (1, 0.9), (1, 0.8)])
    taken = replace(trials, workers=(REUSED, REUSED, *trials.workers[2:]))

    found = known(noise(store, taken))

    assert found.freedom == 2
    assert found.sd == pytest.approx(0.1)


def test_folds_where_nothing_was_repeated(store: Store) -> None:
    trials, ids = sweep(store, [(1, 0.5), (2, 0.1)])
    for run_id in ids:
        for i, value in enumerate((0.4, 0.5, 0.6)):
            fold = Run(new_id(), f"fold-{i}", parent_id=run_id, started=1.0)
            logged = PointsLogged(fold.id, (Point("accuracy", value, 0, 1.0),))
            store.write(RunStarted(fold), logged, RunEnded(fold.id, RunState.COMPLETE, 2.0)).result()

    found = known(noise(store, trials))

    assert fold_values(store, ids[0], "accuracy") == {"fold-0": 0.4, "fold-1": 0.5, "fold-2": 0.6}
    assert (found.source, found.freedom) == ("folds", 4)
    assert found.sd == pytest.approx(0.1 * (1 / 3 + 1 / 2) ** 0.5)


def test_nothing_is_known_of_single_values(store: Store) -> None:
    trials, _ = sweep(store, [(1, 0.5), (2, 0.1), (2, 0.2)])

    assert noise(store, trials) is None


def test_what_a_forest_cannot_predict_is_a_bound() -> None:
    rng = random.Random(3)
    space = {"a": {"min": 0.0, "max": 1.0}, "b": {"min": 0.0, "max": 1.0}}
    found = known(residual_noise(sampled(space, lambda p, n: p["a"] + rng.gauss(0, 0.2), 200)))

    assert found.source == "residuals"
    assert 0.1 < found.sd < 0.5
    assert residual_noise(sampled(space, lambda p, n: 1.0, 5)) is None


def test_equal_values_have_no_spread_at_all() -> None:
    assert pooled([[0.1 + 0.2] * 3, [0.7] * 7]) == (0.0, 8)


def test_a_spread_needs_two_degrees_of_freedom() -> None:
    assert pooled([[1.0, 2.0]]) is None
    assert pooled([[1.0, 1.0], [2.0, 2.0]]) == (0.0, 2)
