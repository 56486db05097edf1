"""The trials of an earlier controller, page by page."""

from __future__ import annotations

import pytest

from sweeper.controller.earlier import EarlierTrials
from sweeper.interfaces import Store
from sweeper.store import pages
from tests.controller.conftest import Run


@pytest.mark.parametrize("page", [1, 3, 7, 100])
def test_every_trial_comes_once_in_order_whatever_the_page(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    sweep = run(lambda x: x, trials=7).sweep
    monkeypatch.setattr(pages, "PAGE", page)
    trials = EarlierTrials(store, sweep.id)
    assert list(trials) == store.trials(sweep.id)
    assert list(trials) == store.trials(sweep.id), "a second pass reads them again"
    assert [trial.number for trial in trials.latest(3)] == [4, 5, 6]
    assert [trial.number for trial in trials.latest(50)] == list(range(7))


def test_a_sweep_without_trials_has_none(store: Store) -> None:
    assert list(EarlierTrials(store, "0" * 32)) == []
