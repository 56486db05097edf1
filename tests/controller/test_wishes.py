"""Wishes for a sweep that nobody runs: it is ended in its controller's place, or the wish is refused in words."""

from __future__ import annotations

import pytest

from sweeper.config import parse_config
from sweeper.controller.plan import make_plan
from sweeper.controller.session import acquire
from sweeper.controller.wishes import ask
from sweeper.errors import UsageError
from sweeper.events import AttemptStarted, SweepCreated, TrialCreated
from sweeper.interfaces import Store
from sweeper.records import RunState, SweepRecord, SweepState


@pytest.fixture
def abandoned(store: Store) -> SweepRecord:
    """A sweep with a trial in flight whose controller is gone."""
    config = parse_config({"name": "s", "metric": {"name": "m"}, "parameters": {"x": {"min": 0, "max": 1}}}, name="s")
    sweep = make_plan(config, experiment_id=store.experiment("e"), artifacts=store.artifacts).sweep
    store.write(SweepCreated(sweep, {}, {})).result()
    fence = acquire(store, sweep)
    trial = TrialCreated(sweep.id, "a" * 32, 0, {"x": 0}, 1, 1.0)
    store.write(trial, AttemptStarted(sweep.id, "a" * 32, 1, "slot 0", 1.0), fence=fence).result()
    store.release(fence)
    return store.find_sweep(sweep.id)


@pytest.mark.parametrize(
    ("wanted", "state"), [("stop", SweepState.STOPPED), ("cancel", SweepState.CANCELLED)]
)
def test_it_is_ended_for_good(store: Store, abandoned: SweepRecord, wanted: str, state: SweepState) -> None:
    ended = ask(store, abandoned, wanted, "me")

    assert ended.state is state
    assert ended.reason == f"{state.value} by me"
    assert [trial.state for trial in store.trials(ended.id)] == [RunState.CANCELLED]
    assert store.lease(ended.id) is None or store.lease(ended.id)[1] <= 0  # type: ignore[index]


@pytest.mark.parametrize("wanted", ["pause", "resume"])
def test_what_only_a_controller_can_do_is_refused(store: Store, abandoned: SweepRecord, wanted: str) -> None:
    with pytest.raises(UsageError, match="no process runs"):
        ask(store, abandoned, wanted, "me")


def test_an_ended_sweep_takes_no_wishes(store: Store, abandoned: SweepRecord) -> None:
    ended = ask(store, abandoned, "stop", "me")

    with pytest.raises(UsageError, match="stopped already"):
        ask(store, ended, "cancel", "me")
