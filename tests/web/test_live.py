"""Who looks at a store through one process is told what changes, and only that is read again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sweeper.errors import NotFound, StoreUnavailable
from sweeper.events import AttemptEnded, SweepRevised, TrialEnded
from sweeper.records import RunState, SweepRecord, new_id
from sweeper.store import open_store
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import HOLDER, START, add_run, add_sweep, add_trial, completed, started
from sweeper.web import live as live_module
from sweeper.web import shown as shown_module
from sweeper.web.columns import load, pack
from sweeper.web.live import Live, live_of
from tests.web.unpacking import Block

PATIENCE = 20.0  #: seconds within which what has to happen happens


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = open_store(str(tmp_path / "runs.db"))
    yield made
    made.close()


@pytest.fixture
def live(store: SqlStore) -> Live:
    return live_of(store)


def wait_until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def block(live: Live, sweep: SweepRecord, since: str | None = None) -> Block:
    with live.shown(sweep.id) as shown:
        return Block(shown.block(live.written(shown.count), live.read(since), zipped=False))


def rows_of(found: Block) -> dict[int, tuple[Any, ...]]:
    """Return the rows of a block by number, as a page has them."""
    columns = [found.values(role, name) for role, name in sorted(found.cells) if role in ("param", "goal", "metric")]
    start = [None if each != each else each + found.header["t0"] for each in found.fact("start")]
    facts = zip(found.states(), start, found.fact("dup"), found.ids or [], *columns, strict=True)
    return dict(zip(found.fact("number"), facts, strict=True))


def test_one_store_has_one_live(store: SqlStore, live: Live, tmp_path: Path) -> None:
    other = open_store(str(tmp_path / "other.db"))

    assert live_of(store) is live
    assert live_of(other) is not live
    assert live_of(other).read(live.revision()) is None
    other.close()


def test_a_revision_stays_until_something_is_committed(store: SqlStore, live: Live) -> None:
    first = live.revision()
    assert live.revision() == first

    add_run(store)

    assert live.revision() != first
    assert live.news(first)["sweeps"] == []


def test_the_sweeps_that_changed_are_named(store: SqlStore, live: Live) -> None:
    one, two = add_sweep(store), add_sweep(store)
    before = live.revision()
    assert live.news(None) == {"rev": before, "sweeps": []}

    add_trial(store, two, 0, value=0.5)
    told = live.news(before)
    add_trial(store, one, 0)

    assert told["sweeps"] == [two.id]
    assert live.news(told["rev"])["sweeps"] == [one.id]
    assert set(live.news(before)["sweeps"]) == {one.id, two.id}
    assert set(live.news("another-7")["sweeps"]) == {one.id, two.id}
    assert live.news(live.revision())["sweeps"] == []


@pytest.mark.parametrize("text", [None, "", "7", "-7", "x-7", "{epoch}-", "{epoch}--1", "{epoch}-1e3", "{epoch}-²"])
def test_what_is_no_revision_is_none(live: Live, text: str | None) -> None:
    epoch = live.revision().partition("-")[0]

    assert live.read(text.format(epoch=epoch) if text else text) is None
    assert live.read(f"{epoch}-12") == 12


def test_how_one_sweep_stands_comes_with_the_news(store: SqlStore, live: Live) -> None:
    sweep = add_sweep(store)
    run_id = add_trial(store, sweep, 0, {"depth": 3}, 0.5)

    told = live.news(None, sweep.id)
    add_trial(store, sweep, 1)
    later = live.news(None, sweep.id)

    assert told["best"] == {"number": 0, "run_id": run_id, "value": 0.5, "params": {"depth": 3}}
    assert told["counts"]["complete"] == 1
    assert told["state"] == "interrupted"
    assert told["eta"] is None
    assert later["counts"]["running"] == 1
    with pytest.raises(NotFound):
        live.news(None, "0" * 32)


def test_an_increment_has_the_trials_that_changed(store: SqlStore, live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a sweep that a page has seen, with a trial that runs
    sweep = add_sweep(store)
    for number in range(5):
        add_trial(store, sweep, number, value=number / 10)
    run_id = add_trial(store, sweep, 5)
    first = block(live, sweep)
    monkeypatch.setattr(shown_module, "load", None)  # from now on nothing is read whole

    # when that trial ends, and another begins
    store.write(*completed(sweep.id, run_id, 5, 0.9)).result()
    add_trial(store, sweep, 6)
    more = block(live, sweep, first.header["rev"])

    # then the page is told of these two, and of nothing later
    assert first.header["full"]
    assert not more.header["full"]
    assert more.fact("number") == [5, 6]
    assert more.states() == ["complete", "running"]
    assert block(live, sweep, more.header["rev"]).header["n"] == 0
    assert block(live, sweep, more.header["rev"]).header["rev"] == more.header["rev"]
    assert block(live, sweep, "another-1").header["n"] == 7


def test_a_trial_that_began_again_is_told_though_as_many_run_as_before(store: SqlStore, live: Live) -> None:
    sweep = add_sweep(store)
    run_id = add_trial(store, sweep, 0)
    before = block(live, sweep)

    for step, attempt in (("lose", 1), ("start", 2)):
        store.write(*_events(step, sweep.id, run_id, 0, attempt)).result()
    after = block(live, sweep, before.header["rev"])

    assert after.fact("number") == [0]
    assert after.header["t0"] == START + 0.5


def test_a_trial_with_a_lower_number_than_others_is_not_missed(store: SqlStore, live: Live) -> None:
    sweep = add_sweep(store)
    add_trial(store, sweep, 5, value=0.5)
    before = block(live, sweep)

    add_trial(store, sweep, 2, value=0.25)
    after = block(live, sweep, before.header["rev"])

    assert after.header["full"]
    assert after.fact("number") == [2, 5]


def test_other_changes_leave_a_block_as_it_is(store: SqlStore, live: Live) -> None:
    sweep, other = add_sweep(store), add_sweep(store)
    add_trial(store, sweep, 0, value=0.5)
    with live.shown(sweep.id) as shown:
        before = shown.block("r", None, zipped=False)

    add_trial(store, other, 0, value=0.5)

    with live.shown(sweep.id) as shown:
        assert shown.block("r", None, zipped=False) is before


STEPS = st.sampled_from(["create", "start", "complete", "fail", "lose", "cancel", "look"])


@given(st.lists(st.tuples(STEPS, st.integers(0, 5)), max_size=25))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_whatever_happens_increments_add_up_to_the_whole(
    store: SqlStore, live: Live, steps: list[tuple[str, int]]
) -> None:
    sweep = add_sweep(store)
    trials: list[tuple[str, int]] = []
    page: dict[int, tuple[Any, ...]] = {}
    revision = ""
    for step, which in [*steps, ("look", 0)]:
        if step == "look":
            found = block(live, sweep, revision)
            page = {**({} if found.header["full"] else page), **rows_of(found)}
            revision = found.header["rev"]
        elif step == "create":
            trials.append((new_id(), 0))
            store.write(started(sweep.id, trials[-1][0], len(trials) - 1, {"depth": which})[0]).result()
        elif trials:
            number = which % len(trials)
            run_id, attempt = trials[number]
            attempt += step == "start"
            trials[number] = (run_id, attempt)
            store.write(*_events(step, sweep.id, run_id, number, attempt)).result()

    whole = rows_of(Block(pack(load(store, sweep))))
    assert page == whole


def _events(step: str, sweep_id: str, run_id: str, number: int, attempt: int) -> tuple[Any, ...]:
    at = START + number + attempt / 4
    match step:
        case "start":
            _, begun = started(sweep_id, run_id, number, {})
            return (type(begun)(sweep_id, run_id, attempt, "slot", at),)
        case "cancel":
            return (TrialEnded(sweep_id, run_id, RunState.CANCELLED, at),)
        case "complete":
            return (AttemptEnded(sweep_id, run_id, attempt, at, RunState.COMPLETE, at - 0.1, (0.5,), {"loss": at}),)
        case _:
            return (AttemptEnded(sweep_id, run_id, attempt, at, RunState.FAILED if step == "fail" else None),)


def test_many_pages_follow_a_sweep_that_is_being_written(store: SqlStore, live: Live) -> None:
    sweep = add_sweep(store)
    done = threading.Event()

    def follow() -> dict[int, tuple[Any, ...]]:
        page: dict[int, tuple[Any, ...]] = {}
        revision = ""
        while True:
            last = done.is_set()
            found = block(live, sweep, revision)
            page = {**({} if found.header["full"] else page), **rows_of(found)}
            revision = found.header["rev"]
            if last:
                return page

    with ThreadPoolExecutor(4) as threads:
        pages = [threads.submit(follow) for _ in range(4)]
        for number in range(60):
            run_id = new_id()
            store.write(*started(sweep.id, run_id, number, {"depth": number % 7})).result()
            store.write(*completed(sweep.id, run_id, number, number / 60)).result()
        done.set()

    whole = rows_of(Block(pack(load(store, sweep))))
    assert len(whole) == 60
    assert all(page.result() == whole for page in pages)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({"free": 1}, {"free": "a"}), ({"free": 1}, {"free": 0.5}), ({"free": 0.5}, {"free": 1e9}),
        ({"free": 1e-3}, {"free": 1e-60}),
    ],
)  # fmt: skip
def test_cells_that_are_written_otherwise_are_told_whole(
    store: SqlStore, live: Live, first: dict[str, Any], then: dict[str, Any]
) -> None:
    """What a page has of a number is no code of a level, and what it has of a rounded one stays rounded."""
    sweep = add_sweep(store, space={})
    add_trial(store, sweep, 0, first, 0.5)
    before = block(live, sweep).header["rev"]
    add_trial(store, sweep, 1, first, 0.5)
    between = block(live, sweep, before)
    add_trial(store, sweep, 2, then, 0.5)
    after = block(live, sweep, between.header["rev"])

    assert not between.header["full"]
    assert after.header["full"]
    assert after.values("param", "free")[2] == then["free"]
    assert after.header["n"] == 3


def test_when_another_trial_is_the_first_all_times_are_told(store: SqlStore, live: Live) -> None:
    sweep = add_sweep(store)
    queued, _ = started(sweep.id, new_id(), 0, {"depth": 3})
    store.write(queued).result()
    before = block(live, sweep)
    add_trial(store, sweep, 1, {"depth": 4}, 0.5)
    after = block(live, sweep, before.header["rev"])

    assert before.header["t0"] == 0.0
    assert after.header["full"]
    assert after.fact("start")[1] == 0.0


def test_another_space_is_told_whole(store: SqlStore, live: Live) -> None:
    sweep = add_sweep(store)
    add_trial(store, sweep, 0, {"depth": 3}, 0.5)
    before = block(live, sweep)

    space = {"depth": {"min": 1, "max": 99}}
    store.write(SweepRevised(sweep.id, 1, space, {"name": "digits"}, "", "wider")).result()
    add_trial(store, sweep, 1)
    after = block(live, sweep, before.header["rev"])

    assert before.columns["param", "depth"]["high"] == 9
    assert after.header["full"]
    assert after.columns["param", "depth"]["high"] == 99


def test_a_database_that_does_not_tell_is_asked_how_sweeps_stand(
    store: SqlStore, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqlStore, "moment", lambda self: None)
    monkeypatch.setattr(live_module, "PAUSE", 0.0)
    sweep = add_sweep(store)
    first = live.revision()
    assert live.revision() == first

    add_trial(store, sweep, 0, value=0.5)

    assert live.news(first)["sweeps"] == [sweep.id]
    assert block(live, sweep).header["n"] == 1


def test_a_controller_that_vanished_is_noticed_though_nobody_commits(
    store: SqlStore, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "AGAIN", 0.0)
    sweep = add_sweep(store)
    store.acquire(sweep.id, HOLDER, 0.3)
    first = live.revision()

    wait_until(lambda: live.news(first)["sweeps"] == [sweep.id])


def watchers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "sweeper-watch"]


def test_who_listens_is_woken_and_nobody_watches_for_nobody(store: SqlStore, live: Live) -> None:
    woken = threading.Event()
    stop, other = live.listen(woken.set), live.listen(lambda: None)
    assert live.listening == 2
    assert len(watchers()) == 1
    wait_until(lambda: live.news("x")["sweeps"] == [])  # the first look
    woken.clear()

    sweep = add_sweep(store)
    assert woken.wait(PATIENCE)
    assert live.news("x")["sweeps"] == [sweep.id]

    stop()
    other()
    wait_until(lambda: not watchers())
    again = live.listen(woken.set)
    woken.clear()
    add_sweep(store)
    assert woken.wait(PATIENCE)
    again()
    wait_until(lambda: not watchers())


def test_trouble_with_the_store_does_not_end_watching(
    store: SqlStore, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "SLOW", 0.01)
    troubled = threading.Event()

    def moment(self: SqlStore) -> object:
        troubled.set()
        raise StoreUnavailable("away")

    woken = threading.Event()
    with monkeypatch.context() as away:
        away.setattr(SqlStore, "moment", moment)
        stop = live.listen(woken.set)
        assert troubled.wait(PATIENCE)
        assert not woken.is_set()
    add_sweep(store)

    assert woken.wait(PATIENCE)
    stop()
    wait_until(lambda: not watchers())


def test_watching_ends_with_the_store(tmp_path: Path) -> None:
    made = open_store(str(tmp_path / "short.db"))
    live_of(made).listen(lambda: None)

    made.close()

    wait_until(lambda: not watchers())


def test_memory_for_sweeps_has_a_bound(store: SqlStore, live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "ROWS", 5)
    sweeps = [add_sweep(store) for _ in range(4)]
    for sweep in sweeps:
        for number in range(3):
            add_trial(store, sweep, number, value=0.5)
        assert block(live, sweep).header["n"] == 3

    kept = list(live._shown)

    assert kept[-1] == sweeps[-1].id
    assert len(kept) <= 2
    assert block(live, sweeps[0]).header["n"] == 3
