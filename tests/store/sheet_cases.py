"""What reading in sheets gives on every database; inherit it and give a fixture ``store``."""

from __future__ import annotations

import math
from typing import Any

from sweeper.events import SweepChanged
from sweeper.records import Goal, RunState, SweepRecord, SweepState, new_id
from sweeper.store.sheets import ROWS, Sheet, from_records, sheet_at, sheets, standings
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import START, add_run, add_sweep, add_trial, completed, failed, started


def read(store: SqlStore, sweep: SweepRecord, first: int = 0) -> list[Sheet]:
    return store.read(lambda session: list(sheets(session, sweep, first)))


def plain(sheet: Sheet) -> list[Any]:
    """Return a sheet for comparison: NaN equals NaN, and metrics that only say the value again count as none."""
    goals = [None if value is None else repr(value) for column in sheet.values for value in column]
    return [*map(list, sheet[:6]), goals]


class SheetCases:
    def test_sheets_say_what_records_say(self, store: SqlStore) -> None:
        sweep = add_sweep(store)
        add_trial(store, sweep, 0, {"depth": 3, "kind": "größe", "on": True, "none": None, "list": [1, "a"]}, 0.5)
        add_trial(store, sweep, 1, {"depth": 4}, math.nan)
        add_trial(store, sweep, 2, {"depth": 5}, -math.inf)
        add_trial(store, sweep, 3)
        run_id = new_id()
        store.write(*started(sweep.id, run_id, 4, {}), failed(sweep.id, run_id)).result()
        add_run(store, sweep.id)  # no trial, though it is below the sweep

        (sheet,) = read(store, sweep)

        records = store.trials(sweep.id)
        assert plain(sheet) == plain(from_records(records, sweep.goals))
        assert list(sheet.state) == ["complete", "complete", "complete", "running", "failed"]
        assert not any(sheet.metrics)
        assert plain(read(store, sweep, 3)[0]) == plain(from_records(records[3:], sweep.goals))
        assert read(store, sweep, 5) == []

    def test_metrics_beyond_the_goal_are_told(self, store: SqlStore) -> None:
        sweep = add_sweep(store)
        for number, metrics in enumerate(({"accuracy": 0.5, "loss": 2.0}, {"accuracy": 0.25}, {"loss": 1.0})):
            run_id = new_id()
            *first, last = completed(sweep.id, run_id, number, 0.5)
            ended = type(last)(**{name: getattr(last, name) for name in last.__slots__} | {"metrics": metrics})
            store.write(*started(sweep.id, run_id, number, {}), *first, ended).result()

        (sheet,) = read(store, sweep)

        assert list(sheet.metrics) == [{"accuracy": 0.5, "loss": 2.0}, {"accuracy": 0.25}, {"loss": 1.0}]

    def test_several_goals_have_a_list_each(self, store: SqlStore) -> None:
        sweep = add_sweep(store, goals=(Goal("accuracy", "maximize"), Goal("loss", "minimize")))
        for number, values in enumerate(((0.5, 2.0), (0.25,), None)):
            run_id = new_id()
            *first, last = completed(sweep.id, run_id, number, 0.5)
            ended = type(last)(**{name: getattr(last, name) for name in last.__slots__} | {"values": values})
            store.write(*started(sweep.id, run_id, number, {}), *first, ended).result()

        (sheet,) = read(store, sweep)

        assert [list(column) for column in sheet.values] == [[0.5, None, None], [2.0, None, None]]

    def test_trials_are_found_by_number(self, store: SqlStore) -> None:
        sweep, other = add_sweep(store), add_sweep(store)
        for number in range(3):
            add_trial(store, sweep, number, value=0.5)
            add_trial(store, other, number, value=0.5)

        found = store.read(lambda session: sheet_at(session, sweep, [2, 0, 7]))

        assert list(found.number) == [0, 2]
        assert list(found.run_id) == [t.run_id for t in store.trials(sweep.id, numbers=[0, 2])]
        assert list(store.read(lambda session: sheet_at(session, sweep, [])).number) == []

    def test_many_trials_come_in_parts(self, store: SqlStore) -> None:
        sweep = add_sweep(store)
        count = 2 * ROWS + 1
        events = [started(sweep.id, new_id(), number, {"depth": number})[:1] for number in range(count)]
        store.write(*(event for each in events for event in each)).result()

        found = read(store, sweep)

        assert [len(sheet.number) for sheet in found] == [ROWS, ROWS, 1]
        assert [number for sheet in found for number in sheet.number] == list(range(count))
        assert [params["depth"] for sheet in found for params in sheet.params] == list(range(count))

    def test_every_change_of_a_trial_is_seen_in_how_its_sweep_stands(self, store: SqlStore) -> None:
        sweep, other = add_sweep(store), add_sweep(store)
        seen = [store.read(standings)]
        run_id = new_id()
        created, attempt = started(sweep.id, run_id, 0, {})
        changes = [[created], [attempt], completed(sweep.id, run_id, 0, 0.5)]
        changes.append([SweepChanged(sweep.id, START + 9, SweepState.FINISHED)])
        for events in changes:
            store.write(*events).result()
            seen.append(store.read(standings))

        assert len({stands[sweep.id] for stands in seen}) == len(seen)
        assert len({stands[other.id] for stands in seen}) == 1
        assert [stands[sweep.id].total for stands in seen] == [0, 1, 1, 1, 1]
        assert seen[2][sweep.id].running == 1
        assert store.trials(sweep.id)[0].state is RunState.COMPLETE

    def test_the_moment_is_another_one_after_a_commit_where_the_database_tells(self, store: SqlStore) -> None:
        before = store.moment()
        if before is None:
            return
        assert any(stays(store) for _ in range(20))  # a server may write by itself now and then

        add_run(store)

        assert store.moment() != before


def stays(store: SqlStore) -> bool:
    """Whether the moment is the same while we only read."""
    before = store.moment()
    store.read(lambda session: session.rows("sweep_names"))
    return before == store.moment()
