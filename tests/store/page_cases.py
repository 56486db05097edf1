"""What the pages ask of a store is answered alike by every database; inherit it and give a fixture ``store``."""

from __future__ import annotations

from typing import Any

from sweeper.events import AttemptEnded, AttemptStarted
from sweeper.records import RunState, new_id
from sweeper.store.store import SqlStore
from sweeper.testing.models import add_version
from sweeper.testing.sweeps import START, add_run, add_sweep, add_trial, failed, started


def rows(store: SqlStore, name: str, *values: Any) -> list[tuple[Any, ...]]:
    return store.read(lambda session: [tuple(row) for row in session.rows(name, *values)])


class PageCases:
    def test_the_trials_of_a_sweep_are_counted(self, store: SqlStore) -> None:
        sweep = add_sweep(store)
        for number, depth in enumerate((3, 4, 3)):
            add_trial(store, sweep, number, {"depth": depth}, depth / 10)
        lost, again, running = new_id(), new_id(), new_id()
        store.write(*started(sweep.id, lost, 3, {"depth": 5}), failed(sweep.id, lost)).result()
        store.write(*started(sweep.id, again, 4, {"depth": 6}), failed(sweep.id, again, ends=False)).result()
        store.write(AttemptStarted(sweep.id, again, 2, "slot 1", START + 95)).result()
        end = AttemptEnded(sweep.id, again, 2, START + 99, RunState.COMPLETE, START + 95, (0.9,), {"accuracy": 0.9})
        store.write(end, *started(sweep.id, running, 5, {"depth": 7})).result()
        add_run(store, sweep.id)  # no trial, though it is below the sweep

        ((count, first, last, seconds, retries),) = rows(store, "page_totals", sweep.id)
        trials = store.trials(sweep.id)

        assert (int(count), int(retries)) == (6, 1)
        assert first == min(trial.started for trial in trials if trial.started is not None)
        assert last == START + 99
        took = sum(trial.ended - trial.started for trial in trials if trial.ended and trial.started)
        assert abs(seconds - took) < 1e-3
        assert [int(each) for each in rows(store, "page_distinct", sweep.id)[0]] == [6, 5]
        assert rows(store, "page_running", sweep.id) == [(trials[5].started,)]
        assert [row[:2] for row in rows(store, "page_times", sweep.id, 4)] == [(4, "complete"), (5, "running")]
        assert [row[0] for row in rows(store, "page_values", sweep.id, "complete")] == [0, 1, 2, 4]
        assert [row[0] for row in rows(store, "page_failures", sweep.id, "failed", 5)] == [3]
        assert len(rows(store, "page_metrics", sweep.id)) <= 4

    def test_runs_outside_sweeps_and_experiments_are_counted(self, store: SqlStore) -> None:
        vision = store.experiment("vision")
        sweep = add_sweep(store, experiment_id=vision, experiment="vision")
        trial = add_trial(store, sweep, 0, {"depth": 1}, 0.5)
        fold, loose = add_run(store, trial, "fold"), add_run(store, name="löse", experiment_id=vision)
        part = add_run(store, loose, "part")

        found = rows(store, "page_loose_runs")
        below = store.read(lambda session: session.rows_in("page_children", [loose, trial, fold, part]))
        held = {(number, kind): int(count) for number, kind, count, _ in rows(store, "page_experiment_runs")}

        assert [(row[0], row[1], str(row[2])) for row in found] == [(loose, "löse", vision)]
        assert {row[0]: int(row[1]) for row in below} == {loose: 1, trial: 1}
        right_below = store.read(lambda session: session.rows_in("page_below", [loose, trial, sweep.id]))
        assert {tuple(row) for row in right_below} == {(loose, part), (trial, fold), (sweep.id, trial)}
        assert held[int(vision), "sweep"] == held[int(vision), "run"] == 1
        assert (int(vision), "vision") in [row[:2] for row in rows(store, "page_experiments")]

    def test_versions_are_found_by_the_sweep_they_come_from(self, store: SqlStore) -> None:
        sweep = add_sweep(store)
        trial = add_trial(store, sweep, 0, {"depth": 1}, 0.5)
        add_version(store, "digits", run_id=trial)
        add_version(store, "digits")

        found = rows(store, "page_registered")

        assert [(row[1], row[2], row[4], row[5]) for row in found] == [("digits", 1, trial, sweep.id)]

    def test_histories_are_counted(self, store: SqlStore) -> None:
        sweep = add_sweep(store)
        trial = add_trial(store, sweep, 0, {"depth": 1}, 0.5)

        found = store.read(lambda session: session.rows_in("page_metric_names", [trial]))

        assert [(row[0], row[1], int(row[2])) for row in found] == [(trial, "accuracy", 1)]
