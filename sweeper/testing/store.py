"""What every store must do. Inherit :class:`StoreConformance` and give it a fixture ``store``::

    class TestMyStore(StoreConformance):
        @pytest.fixture
        def store(self) -> Iterator[Store]:
            ...
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sweeper.errors import LeaseError, LeaseHeld, LeaseLost, NotFound, UsageError
from sweeper.events import (
    AttemptEnded,
    AttemptStarted,
    ControlWanted,
    Event,
    ParamsLogged,
    PointsLogged,
    RunEnded,
    RunStarted,
    StreamApplied,
    SweepChanged,
    SweepCreated,
    SweepProgress,
    TagsDeleted,
    TagsSet,
    TrialCreated,
)
from sweeper.interfaces import Control, Store
from sweeper.records import (
    Failure,
    FailureClass,
    Fence,
    Goal,
    Holder,
    Point,
    Run,
    RunState,
    SweepState,
    new_id,
)
from sweeper.testing.cases import case
from sweeper.testing.models import ModelConformance
from sweeper.testing.sweeps import (
    HOLDER,
    START,
    add_run,
    add_sweep,
    add_trial,
    completed,
    failed,
    started,
    sweep_record,
)
from sweeper.testing.values import ValueConformance

ANY_PARAMS: dict[str, Any] = {
    "float": 0.1,
    "tiny": 5e-324,
    "whole float": 3.0,
    "negative zero": -0.0,
    "infinite": math.inf,
    "int": 7,
    "huge int": 2**80,
    "true": True,
    "none": None,
    "text": "größe \u2603 \U0001f600",
    "looks like a number": "1.0",
    "empty": "",
    "list": [1, 2.5, "a", None, [True]],
    "dict": {"a": {"b": [1]}},
    "optimizer.lr": 1e-4,
    "with space/and-dash": "x",
    "long": "y" * 6000,
}

REFUSED_EVENTS: dict[str, Any] = {
    "nul in a param": lambda run: ParamsLogged(run, {"a": "x\0y"}),
    "surrogate in a param": lambda run: ParamsLogged(run, {"a": "x\ud800"}),
    "long param": lambda run: ParamsLogged(run, {"a": "x" * 6001}),
    "long key": lambda run: ParamsLogged(run, {"k" * 251: "x"}),
    "empty key": lambda run: TagsSet(run, {"": "x"}),
    "odd key": lambda run: TagsSet(run, {"a;b": "x"}),
    "key out of the folder": lambda run: TagsSet(run, {"../a": "x"}),
    "key with an empty part": lambda run: PointsLogged(run, (Point("a//b", 1.0),)),
    "nul in a key": lambda run: PointsLogged(run, (Point("a\0b", 1.0),)),
    "long tag": lambda run: TagsSet(run, {"a": "x" * 8001}),
    "tag that is no text": lambda run: TagsSet(run, {"a": 7}),  # type: ignore[dict-item]  # wrong on purpose
    "metric that is text": lambda run: PointsLogged(run, (Point("a", "1.0"),)),  # type: ignore[arg-type]  # same
    "metric that is nothing": lambda run: PointsLogged(run, (Point("a", None),)),  # type: ignore[arg-type]  # same
    "metric beyond floats": lambda run: PointsLogged(run, (Point("a", 10**400),)),
    "metric that a float would change": lambda run: PointsLogged(run, (Point("a", 2**53 + 1),)),
    "step of 65 bits": lambda run: PointsLogged(run, (Point("a", 1.0, 2**63),)),
    "step that is no int": lambda run: PointsLogged(run, (Point("a", 1.0, 1.5),)),  # type: ignore[arg-type]  # same
    "time that is no number": lambda run: PointsLogged(run, (Point("a", 1.0, 0, math.nan),)),
}

FILTERS: dict[str, set[int]] = {
    "metrics.accuracy > 0.5": {2, 3},
    "metrics.accuracy >= 0.5": {1, 2, 3},
    "metrics.accuracy = 0.5": {1},
    "metrics.accuracy != 0.5": {0, 2, 3, 4},
    "metrics.accuracy < 1e9": {0, 1, 2},
    "metrics.accuracy IN (0.25, 0.5)": {0, 1},
    "metrics.nothing > 0": set(),
    "metrics.accuracy IS NULL": set(),
    "params.kind = 'gini'": {0, 2, 4},
    "params.kind != 'gini'": {1},
    'params."kind" = "gini"': {0, 2, 4},
    "params.`kind` LIKE 'g%'": {0, 2, 4},
    "params.kind LIKE 'G%'": set(),
    "params.kind ILIKE 'G%'": {0, 2, 4},
    "params.kind LIKE 'g_ni'": {0, 2, 4},
    "params.kind IN ('gini', 'entropy')": {0, 1, 2, 4},
    "params.kind NOT IN ('gini')": {1},
    "params.kind IS NULL": {3},
    "params.kind is not null": {0, 1, 2, 4},
    "params.depth < 3": {0, 1, 2},
    "params.depth = '3'": {3},
    "params.depth >= 3 and params.kind = 'gini'": {4},
    "params.depth < 1 or params.depth > 3": {0, 4},
    "(params.depth < 1 OR params.depth > 2) AND params.kind = 'gini'": {0, 4},
    "params.depth < 1 or params.depth > 2 and params.kind = 'gini'": {0, 4},
    "tags.`a b` = 'it''s'": {2},
    "tags.mlflow.parentRunId = '{sweep}'": {0, 1, 2, 3, 4},
    "attributes.status = 'FINISHED'": {0, 1, 2, 3, 4},
    "state = 'complete' and number >= 3": {3, 4},
    "attributes.run_name LIKE '%-4'": {4},
    "attributes.start_time > 0 and kind = 'trial'": {0, 1, 2, 3, 4},
    "run_id = '{run0}'": {0},
    "attributes.run_id in ('{run0}', '{run1}')": {0, 1},
    "artifact_uri LIKE '%{run1}'": {1},
}

BROKEN_FILTERS = (
    "metrics.accuracy >", "metrics.accuracy", "metrics.accuracy > 'a'", "metrics.accuracy LIKE 'a'", "metrics. > 1",
    "params.kind > 'a'", "params.kind = gini", "params.kind = 'a", "things.a = 'b'", "stats = 'FINISHED'",
    "status = 'DONE'", "metrics.a > 1 and", "(metrics.a > 1", "metrics.a > 1)", "metrics.a > 1 metrics.b > 1",
    "params.a IN ()", "params.a IN 'x'", "params.a NOT 'x'", "params.a IS 3", "1 = 1", "params.a = 'x'; drop table x",
    "metrics.a > --1", "and", "()", "(" * 60 + "metrics.a > 1" + ")" * 60,
)  # fmt: skip


class StoreConformance(ValueConformance, ModelConformance):
    """The contract of :class:`sweeper.interfaces.Store`, one sentence a test."""

    @pytest.fixture
    def store(self) -> Any:
        """An empty store."""
        raise NotImplementedError

    # -- sweeps

    def test_a_sweep_reads_back_whole(self, store: Store) -> None:
        experiment = store.experiment("vision")
        record = sweep_record(
            goals=(Goal("loss", "minimize", 0.25), Goal("seconds")),
            space={"a": {"values": [1, None, "x", [True]]}, "größe": {"min": 1e-5, "max": math.inf}},
            config={"deep": {"list": [1, 2.5, None, "\u2603"]}},
            source="name: digits\n# größe\n",
            seed=2**62,
            trials=100,
            experiment_id=experiment,
            experiment="vision",
        )
        store.write(SweepCreated(record, {"dataset": "digits"}, {"method": "random"})).result()
        found = store.find_sweep(record.id)
        for name in ("id", "name", "method", "goals", "space", "config", "source", "seed", "trials", "experiment",
                     "experiment_id", "created"):  # fmt: skip
            assert getattr(found, name) == getattr(record, name), name
        assert found.tags == {"dataset": "digits"}
        assert found.best is None
        assert set(found.counts.values()) == {0}
        run = store.run(record.id)
        assert (run.kind, run.name, run.parent_id, run.experiment_id) == ("sweep", "digits", None, experiment)
        assert (run.params, run.tags) == ({"method": "random"}, {"dataset": "digits"})
        assert run.artifact_uri == found.artifact_uri == store.artifacts_of(record.id) != ""

    def test_a_sweep_is_found_by_name_id_end_and_last(self, store: Store) -> None:
        first, second = add_sweep(store, created=START), add_sweep(store, created=START + 1)
        other = add_sweep(store, "wine", created=START + 2)
        assert store.find_sweep("digits").id == second.id
        assert store.find_sweep(first.id).id == first.id
        assert store.find_sweep(first.id[-8:]).id == first.id
        assert store.find_sweep("last").id == other.id
        with pytest.raises(NotFound, match="did you mean 'digits'"):
            store.find_sweep("digit")
        with pytest.raises(NotFound):
            store.find_sweep("%")
        with pytest.raises(NotFound):
            store.find_sweep("0" * 32)

    def test_sweeps_come_latest_first(self, store: Store) -> None:
        made = [add_sweep(store, name, created=START + n).id for n, name in enumerate(("a", "b", "a"))]
        assert [sweep.id for sweep in store.sweeps()] == made[::-1]
        assert [sweep.id for sweep in store.sweeps(name="a")] == [made[2], made[0]]
        assert [sweep.id for sweep in store.sweeps(limit=1)] == [made[2]]
        assert store.sweeps(name="c") == []

    def test_nothing_is_found_in_an_empty_store(self, store: Store) -> None:
        for ref in ("last", "digits", "a" * 8):
            with pytest.raises(NotFound):
                store.find_sweep(ref)
        assert (store.sweeps(), store.runs(), store.trials(new_id())) == ([], [], [])
        with pytest.raises(NotFound):
            store.find_trial("last:0")
        with pytest.raises(NotFound):
            store.run(new_id())
        with pytest.raises(NotFound):
            store.artifacts_of(new_id())

    def test_a_sweep_changes_its_state_budget_and_reason(self, store: Store) -> None:
        sweep = add_sweep(store, trials=10)
        fence = store.acquire(sweep.id, HOLDER, 30)
        store.write(SweepChanged(sweep.id, START + 5, SweepState.RUNNING), fence=fence)
        store.write(SweepChanged(sweep.id, START + 6, trials=20), fence=fence)
        store.write(SweepProgress(sweep.id, {}, None, 4.5), fence=fence)
        store.write(SweepChanged(sweep.id, START + 9, SweepState.STOPPED, reason="enough"), fence=fence).result()
        found = store.find_sweep(sweep.id)
        assert (found.state, found.trials, found.reason, found.seconds) == (SweepState.STOPPED, 20, "enough", 4.5)
        assert (found.started, found.ended) == (START + 5, START + 9)
        assert store.run(sweep.id).state == SweepState.STOPPED
        store.write(SweepChanged(sweep.id, START + 11, SweepState.RUNNING), fence=fence).result()
        again = store.find_sweep(sweep.id)
        assert (again.state, again.started, again.ended) == (SweepState.RUNNING, START + 5, None)

    def test_a_running_sweep_without_a_live_lease_is_interrupted(self, store: Store) -> None:
        sweep = add_sweep(store)
        states: list[SweepState] = [store.find_sweep(sweep.id).state]
        fence = store.acquire(sweep.id, HOLDER, 30)
        states.append(store.find_sweep(sweep.id).state)
        store.renew(fence, -1)
        states += [store.sweeps()[0].state, SweepState(store.run(sweep.id).state)]
        assert states == [SweepState.INTERRUPTED, SweepState.RUNNING, SweepState.INTERRUPTED, SweepState.INTERRUPTED]
        assert [run.id for run in store.runs("state = 'interrupted'")] == [sweep.id]

    # -- trials

    def test_a_trial_goes_from_queued_to_complete(self, store: Store) -> None:
        sweep, run_id = add_sweep(store), new_id()
        create, start = started(sweep.id, run_id, 0, {"depth": 3})
        store.write(create).result()
        queued = store.find_trial(run_id)
        store.write(start).result()
        running = store.find_trial(run_id)
        store.write(*completed(sweep.id, run_id, 0, 0.75)).result()
        found = store.find_trial(run_id)
        assert (queued.state, queued.attempts, queued.started) == (RunState.QUEUED, 0, None)
        assert (running.state, running.attempts, running.worker) == (RunState.RUNNING, 1, "slot 0")
        assert (found.state, found.values, found.metrics) == (RunState.COMPLETE, (0.75,), {"accuracy": 0.75})
        assert (found.sweep_id, found.number, found.params) == (sweep.id, 0, {"depth": 3})
        assert (found.created, found.started, found.ended) == (START, START + 0.2, START + 0.5)
        assert (found.output, found.failure) == ("done\n", None)
        run = store.run(run_id)
        assert (run.kind, run.parent_id, run.state, run.name) == ("trial", sweep.id, RunState.COMPLETE, "digits-0")
        assert (run.params, run.metrics) == ({"depth": "3"}, {"accuracy": 0.75})
        assert run.artifact_uri == store.artifacts_of(run_id)
        assert run.artifact_uri.endswith(run_id)

    def test_params_keep_their_types_and_values(self, store: Store) -> None:
        sweep = add_sweep(store)
        run_id = add_trial(store, sweep, 0, ANY_PARAMS)
        found = store.trials(sweep.id)[0].params
        assert repr(found) == repr(ANY_PARAMS)
        texts = store.run(run_id).params
        assert texts["true"] == "True"
        assert texts["float"] == "0.1"
        assert texts["none"] == "None"
        assert texts["huge int"] == str(2**80)
        assert texts["text"] == ANY_PARAMS["text"]
        assert texts["list"] == '[1,2.5,"a",null,[true]]'

    def test_params_that_cannot_be_kept_exactly_are_refused(self, store: Store) -> None:
        sweep = add_sweep(store)
        for value in (object(), {1: "int key"}, (1, 2), b"bytes", {"s"}, "a\0b", "a\ud800", ["\ud800"], "x" * 6001):
            with pytest.raises(UsageError):
                store.write(TrialCreated(sweep.id, new_id(), 0, {"a": value}, 0, START)).result()
        assert store.trials(sweep.id) == []

    def test_counts_and_best_follow_from_the_trials(self, store: Store) -> None:
        sweep = add_sweep(store)
        values = (0.5, math.nan, 0.75, 0.75, None)
        ids = [add_trial(store, sweep, number, value=value) for number, value in enumerate(values)]
        lost = new_id()
        store.write(*started(sweep.id, lost, 5, {}), failed(sweep.id, lost)).result()
        found = store.find_sweep("last")
        assert found.counts == {"queued": 0, "running": 1, "complete": 4, "pruned": 0, "failed": 1, "cancelled": 0}
        assert found.best is not None
        assert (found.best.number, found.best.run_id, found.best.value) == (2, ids[2], 0.75)
        assert found.best.params == {"depth": 2}

    def test_smaller_is_better_when_the_goal_says_so(self, store: Store) -> None:
        sweep = add_sweep(store, goals=(Goal("loss", "minimize"),))
        for number, value in enumerate((3.0, -math.inf, 2.0)):
            add_trial(store, sweep, number, value=value)
        best = store.find_sweep("last").best
        assert best is not None
        assert (best.number, best.value) == (1, -math.inf)

    def test_trials_come_by_number(self, store: Store) -> None:
        sweep, other = add_sweep(store), add_sweep(store, "wine")
        ids = {number: add_trial(store, sweep, number, value=0.5) for number in (2, 0, 3, 1)}
        add_trial(store, other, 0)
        assert [(trial.number, trial.run_id) for trial in store.trials(sweep.id)] == sorted(ids.items())
        assert [trial.number for trial in store.trials(sweep.id, numbers=[3, 0, 3, 99])] == [0, 3]
        assert store.trials(sweep.id, numbers=[]) == []
        assert store.find_trial(f"{sweep.id}:2").run_id == ids[2]
        assert store.find_trial("digits:1").run_id == ids[1]
        queued = new_id()
        store.write(TrialCreated(sweep.id, queued, 4, {}, 0, START)).result()
        assert [trial.run_id for trial in store.trials(sweep.id, states=[RunState.QUEUED])] == [queued]
        both = [RunState.QUEUED, RunState.COMPLETE]
        assert [trial.number for trial in store.trials(sweep.id, states=both)] == [0, 1, 2, 3, 4]
        assert [trial.number for trial in store.trials(sweep.id, numbers=[1, 4], states=[RunState.COMPLETE])] == [1]
        assert store.trials(sweep.id, states=[]) == []
        assert store.find_trial(ids[3]).number == 3
        assert store.find_trial(ids[3][-10:]).number == 3

    def test_a_trial_that_is_not_there(self, store: Store) -> None:
        add_trial(store, add_sweep(store), 0)
        for ref in ("digits:7", "digits:x", "nothing:0", "abcdef", "no", "a" * 32, "digits"):
            with case(ref), pytest.raises(UsageError):
                store.find_trial(ref)

    def test_an_attempt_may_fail_and_another_one_complete(self, store: Store) -> None:
        sweep, run_id = add_sweep(store), new_id()
        store.write(*started(sweep.id, run_id, 0, {}), failed(sweep.id, run_id, ends=False)).result()
        waiting = store.find_trial(run_id)
        store.write(AttemptStarted(sweep.id, run_id, 2, "slot 1", START + 100)).result()
        open_attempts = store.attempts(run_id)
        end = AttemptEnded(sweep.id, run_id, 2, START + 200, RunState.COMPLETE, START + 101, (1.0,), peak_memory=2**40,
                           output="fine", applied=9)  # fmt: skip
        store.write(end).result()
        found = store.find_trial(run_id)
        assert (waiting.state, waiting.attempts, waiting.ended) == (RunState.QUEUED, 1, None)
        assert [attempt["state"] for attempt in open_attempts] == ["failed", "running"]
        assert (found.state, found.attempts, found.failure, found.output) == (RunState.COMPLETE, 2, None, "fine")
        first, second = store.attempts(run_id)
        assert (first["attempt"], first["worker"], first["output"]) == (1, "slot 0", "last words\n")
        assert first["failure"] == {"class": "exception", "message": "ValueError: no"}
        assert first["traceback"].startswith("Traceback")
        assert (second["attempt"], second["worker"], second["state"]) == (2, "slot 1", "complete")
        assert (second["started"], second["ended"]) == (START + 101, START + 200)
        assert (second["peak_memory"], second["applied"], second["failure"]) == (2**40, 9, None)

    def test_a_failure_keeps_all_its_facts(self, store: Store) -> None:
        sweep, run_id = add_sweep(store), new_id()
        failure = Failure(FailureClass.SIGNAL, "died of SIGSEGV", "", None, 11)
        store.write(*started(sweep.id, run_id, 0, {})).result()
        store.write(AttemptEnded(sweep.id, run_id, 1, START + 9, RunState.FAILED, failure=failure)).result()
        assert store.trials(sweep.id)[0].failure == failure
        attempt = store.attempts(run_id)[0]
        assert (attempt["signal"], attempt["exit_code"]) == (11, None)

    def test_a_trial_ends_once(self, store: Store) -> None:
        sweep = add_sweep(store)
        run_id = add_trial(store, sweep, 0, value=0.5)
        store.write(failed(sweep.id, run_id), failed(sweep.id, run_id, 2)).result()
        store.write(AttemptStarted(sweep.id, run_id, 3, "slot 0", START + 50)).result()
        found = store.find_trial(run_id)
        assert (found.state, found.values, found.failure, found.attempts) == (RunState.COMPLETE, (0.5,), None, 1)
        assert store.find_sweep("last").counts["complete"] == 1

    def test_a_number_belongs_to_one_trial(self, store: Store) -> None:
        sweep = add_sweep(store)
        run_id = add_trial(store, sweep, 0)
        with pytest.raises(UsageError):
            store.write(TrialCreated(sweep.id, new_id(), 0, {}, 0, START)).result()
        with pytest.raises(UsageError):
            store.write(TrialCreated(sweep.id, run_id, 1, {}, 0, START)).result()
        assert [trial.run_id for trial in store.trials(sweep.id)] == [run_id]

    def test_how_much_of_a_stream_is_applied_is_remembered(self, store: Store) -> None:
        sweep = add_sweep(store)
        run_id = add_trial(store, sweep, 0)
        store.write(StreamApplied(sweep.id, run_id, 1, 3), StreamApplied(sweep.id, run_id, 1, 2)).result()
        assert store.attempts(run_id)[0]["applied"] == 3

    # -- runs outside sweeps and below trials

    def test_runs_nest_by_an_explicit_parent(self, store: Store) -> None:
        experiment = store.experiment("prep")
        top = Run(new_id(), "top", started=START, experiment_id=experiment, user="me", params={"a": "1"},
                  metrics={"m": 0.5}, tags={"t": "x"})  # fmt: skip
        store.write(RunStarted(top), RunStarted(top)).result()
        below = [add_run(store, top.id, f"fold-{n}", started=START + n) for n in range(3)]
        found = store.run(top.id)
        assert (found.name, found.kind, found.state, found.user) == ("top", "run", RunState.RUNNING, "me")
        assert (found.params, found.metrics, found.tags) == ({"a": "1"}, {"m": 0.5}, {"t": "x"})
        assert [child.id for child in store.children(top.id)] == below
        assert {child.experiment_id for child in store.children(top.id)} == {experiment}
        assert store.children(below[0]) == []
        with pytest.raises(UsageError):
            add_run(store, new_id())

    def test_ending_a_run_ends_every_open_run_below(self, store: Store) -> None:
        top = add_run(store)
        middle = add_run(store, top)
        ended = add_run(store, top)
        store.write(RunEnded(ended, RunState.COMPLETE, START + 1)).result()
        deep = add_run(store, ended)
        store.write(RunEnded(top, RunState.FAILED, START + 2)).result()
        store.write(RunEnded(top, RunState.COMPLETE, START + 3)).result()
        states = {name: store.run(run_id) for name, run_id in {"top": top, "middle": middle, "deep": deep}.items()}
        assert {name: (run.state, run.ended) for name, run in states.items()} == {
            "top": (RunState.FAILED, START + 2),
            "middle": (RunState.FAILED, START + 2),
            "deep": (RunState.FAILED, START + 2),
        }
        assert (store.run(ended).state, store.run(ended).ended) == (RunState.COMPLETE, START + 1)

    def test_ending_an_attempt_ends_the_runs_below_its_trial(self, store: Store) -> None:
        sweep = add_sweep(store)
        run_id = add_trial(store, sweep, 0)
        fold = add_run(store, run_id, "fold")
        store.write(failed(sweep.id, run_id, ends=False)).result()
        assert store.run(fold).state == RunState.FAILED
        store.write(AttemptStarted(sweep.id, run_id, 2, "slot 0", START + 100)).result()
        second = add_run(store, run_id, "fold")
        end = AttemptEnded(sweep.id, run_id, 2, START + 200, RunState.COMPLETE, values=(1.0,))
        store.write(RunStarted(Run(new_id(), "same batch", parent_id=second, started=START)), end).result()
        states = [run.state for run in store.children(second)] + [store.run(second).state, store.run(fold).state]
        assert states == [RunState.COMPLETE, RunState.COMPLETE, RunState.FAILED]

    def test_only_its_controller_ends_a_trial_or_sweep(self, store: Store) -> None:
        sweep = add_sweep(store)
        run_id = add_trial(store, sweep, 0)
        for target in (run_id, sweep.id):
            with pytest.raises(UsageError):
                store.write(RunEnded(target, RunState.COMPLETE, START)).result()
        assert store.find_trial(run_id).state == RunState.RUNNING

    def test_a_param_keeps_its_first_value(self, store: Store) -> None:
        run_id = add_run(store)
        store.write(ParamsLogged(run_id, {"a": "1", "b": "2"})).result()
        store.write(ParamsLogged(run_id, {"a": "1", "c": "3"})).result()
        with pytest.raises(UsageError, match=r"'1'.*'5'"):
            store.write(ParamsLogged(run_id, {"d": "4", "a": "5"})).result()
        sweep = add_sweep(store)
        trial = add_trial(store, sweep, 0, {"a": 0.5})
        with pytest.raises(UsageError):
            store.write(ParamsLogged(trial, {"a": "0.6"})).result()
        assert store.run(run_id).params == {"a": "1", "b": "2", "c": "3"}
        assert store.run(trial).params == {"a": "0.5"}

    def test_tags_are_replaced_and_deleted(self, store: Store) -> None:
        run_id = add_run(store, tags={"a": "0"})
        store.write(TagsSet(run_id, {"a": "1", "b": "1", "größe": "\u2603"})).result()
        gone = TagsDeleted(run_id, ("b", "nothing"))
        store.write(TagsSet(run_id, {"a": "2"}), gone, TagsSet(run_id, {"c": ""})).result()
        assert store.run(run_id).tags == {"a": "2", "c": "", "größe": "\u2603"}

    def test_what_happens_to_something_unknown_is_refused(self, store: Store) -> None:
        events: tuple[Event, ...] = (
            ParamsLogged("0" * 32, {"a": "1"}),
            PointsLogged("0" * 32, (Point("a", 1.0),)),
            TagsSet("0" * 32, {"a": "1"}),
            TagsDeleted("0" * 32, ("a",)),
            RunEnded("0" * 32, RunState.COMPLETE, START),
            SweepChanged("0" * 32, START, SweepState.STOPPED),
            SweepProgress("0" * 32, {}, None),
            ControlWanted("0" * 32, "stop", "me", START),
            TrialCreated("0" * 32, "1" * 32, 0, {}, 0, START),
            AttemptStarted("0" * 32, "1" * 32, 1, "", START),
            failed("0" * 32, "1" * 32),
        )
        for event in events:
            with case(event), pytest.raises(NotFound):
                store.write(event).result()

    def test_names_and_values_are_refused_with_a_sentence(self, store: Store) -> None:
        run_id = add_run(store)
        for name, event in REFUSED_EVENTS.items():
            with case(name):
                with pytest.raises(UsageError) as caught:
                    store.write(event(run_id)).result()
                assert len(str(caught.value)) < 500
                found = store.run(run_id)
                assert (found.params, found.tags, found.metrics, store.points([run_id])) == ({}, {}, {}, {run_id: []})

    # -- points

    def test_points_come_in_the_order_logged(self, store: Store) -> None:
        first, second, empty = add_run(store), add_run(store), add_run(store)
        points = [Point("loss", 1.0 / (n + 1), step, START + n) for n, step in enumerate((0, 1, 1, 5, 3))]
        other = Point("acc", 0.5, 0, START + 2.5)
        store.write(PointsLogged(first, (*points[:3], other)), PointsLogged(second, (other,))).result()
        store.write(PointsLogged(first, tuple(points[3:]))).result()
        found = store.points([second, first, empty])
        assert [*found] == [second, first, empty]
        assert found[first] == [*points[:3], other, *points[3:]]
        assert (found[second], found[empty]) == ([other], [])
        assert store.points([first, second], ["loss"]) == {first: points, second: []}
        assert store.points([first], ["acc", "loss", "nothing"])[first] == found[first]

    def test_the_same_points_again_change_nothing(self, store: Store) -> None:
        run_id = add_run(store)
        logged = PointsLogged(run_id, (Point("m", 1.0, 0, START), Point("m", math.nan, 1, START)))
        for _ in range(3):
            store.write(logged, logged).result()
        assert len(store.points([run_id])[run_id]) == 2

    def test_any_float_is_kept(self, store: Store) -> None:
        values = [math.nan, math.inf, -math.inf, -0.0, 0.0, 5e-324, 1.7976931348623157e308, 0.1, -1e-300, 2.0**53]
        run_id = add_run(store)
        points = [Point(f"m{n}", value, n, START + n) for n, value in enumerate(values)]
        store.write(PointsLogged(run_id, tuple(points))).result()
        assert repr(store.points([run_id])[run_id]) == repr(points)
        assert repr(store.run(run_id).metrics) == repr({point.key: point.value for point in points})

    def test_the_latest_value_is_that_of_the_greatest_step(self, store: Store) -> None:
        run_id = add_run(store)
        store.write(PointsLogged(run_id, (Point("m", 1.0, 5, START), Point("m", 2.0, 7, START)))).result()
        store.write(PointsLogged(run_id, (Point("m", 3.0, 6, START + 1),))).result()
        assert store.run(run_id).metrics == {"m": 2.0}
        store.write(PointsLogged(run_id, (Point("m", 4.0, 7, START + 2),))).result()
        assert store.run(run_id).metrics == {"m": 4.0}

    @pytest.mark.parametrize("late", [False, True], ids=["in order", "late"])
    def test_a_later_attempt_replaces_points_from_its_first_step_on(self, store: Store, late: bool) -> None:
        sweep = add_sweep(store)
        run_id = add_trial(store, sweep, 0)
        first = PointsLogged(run_id, tuple(Point("m", float(n), n, START + n) for n in range(10)), 1)
        alone = PointsLogged(run_id, (Point("only", 1.0, 3, START),), 1)
        second = PointsLogged(run_id, tuple(Point("m", 100.0 + n, n, START + 50 + n) for n in (6, 7)), 2)
        restart = AttemptStarted(sweep.id, run_id, 2, "slot 0", START + 40)
        events: tuple[Event, ...] = (alone, first, failed(sweep.id, run_id, ends=False), restart, second)
        if late:
            events = (failed(sweep.id, run_id, ends=False), restart, second, first, alone, first)
        for event in events:
            store.write(event).result()
        kept = [(point.step, point.value) for point in store.points([run_id], ["m"])[run_id]]
        assert kept == [(n, float(n)) for n in range(6)] + [(6, 106.0), (7, 107.0)]
        assert store.run(run_id).metrics == {"m": 107.0, "only": 1.0}

    def test_many_points_of_many_runs(self, store: Store) -> None:
        runs = [add_run(store) for _ in range(3)]
        for run_id in runs:
            store.write(PointsLogged(run_id, tuple(Point("m", n / 7, n, START + n) for n in range(700))))
        store.flush()
        found = store.points(runs)
        assert [len(found[run_id]) for run_id in runs] == [700] * 3
        assert [point.step for point in found[runs[2]]] == [*range(700)]

    # -- leases and wishes

    def test_a_lease_has_one_holder(self, store: Store) -> None:
        sweep = add_sweep(store)
        assert store.lease(sweep.id) is None
        fence = store.acquire(sweep.id, HOLDER, 30)
        held = store.lease(sweep.id)
        assert held is not None
        assert held[0] == HOLDER
        assert 0 < held[1] <= 30.1
        other = Holder("there", 1, 2.0)
        with pytest.raises(LeaseHeld, match=r"4711.*here"):
            store.acquire(sweep.id, other, 30)
        with pytest.raises(LeaseHeld):
            store.acquire(sweep.id, other, 30, dead=other)
        taken = store.acquire(sweep.id, other, 30, dead=HOLDER)
        assert taken.token > fence.token
        with pytest.raises(LeaseLost):
            store.renew(fence, 30)
        store.release(fence)
        held = store.lease(sweep.id)
        assert held is not None
        assert held[0] == other
        store.release(taken)
        assert store.lease(sweep.id) is None
        assert store.acquire(sweep.id, HOLDER, 30).token > taken.token

    def test_of_two_that_take_it_from_a_dead_holder_at_once_one_gets_it(self, store: Store) -> None:
        sweep = add_sweep(store)
        store.acquire(sweep.id, HOLDER, 30)
        others = [Holder("there", pid, 2.0) for pid in range(1, 9)]

        def take(other: Holder) -> Fence | None:
            try:
                return store.acquire(sweep.id, other, 30, dead=HOLDER)
            except LeaseHeld:
                return None

        with ThreadPoolExecutor(len(others)) as pool:
            taken = list(pool.map(take, others))

        held = store.lease(sweep.id)
        assert held is not None
        assert [other for other, fence in zip(others, taken, strict=True) if fence is not None] == [held[0]]

    def test_a_lease_that_ran_out_can_be_taken_or_renewed(self, store: Store) -> None:
        sweep = add_sweep(store)
        fence = store.acquire(sweep.id, HOLDER, -1)
        held = store.lease(sweep.id)
        assert held is not None
        assert held[1] < 0
        store.renew(fence, 30)
        with pytest.raises(LeaseHeld):
            store.acquire(sweep.id, HOLDER, 30)
        store.renew(fence, -1)
        taken = store.acquire(sweep.id, Holder("there", 1, 2.0), 30)
        assert taken.token > fence.token

    def test_a_stale_controller_writes_nothing(self, store: Store) -> None:
        sweep = add_sweep(store)
        stale = store.acquire(sweep.id, HOLDER, -1)
        run_id = add_trial(store, sweep, 0, fence=stale)
        fence = store.acquire(sweep.id, HOLDER, 30)
        tail = Point("m", 1.0, 0, START)
        for events in (
            completed(sweep.id, run_id, 0, 0.5),
            (PointsLogged(run_id, (tail,), 1),),
            (SweepChanged(sweep.id, START, SweepState.FAILED),),
            started(sweep.id, new_id(), 1, {}),
        ):
            with pytest.raises(LeaseLost):
                store.write(*events, fence=stale).result()
            with pytest.raises(LeaseLost):
                store.write(*events, fence=Fence(sweep.id, fence.token + 1)).result()
        assert [trial.state for trial in store.trials(sweep.id)] == [RunState.RUNNING]
        assert store.points([run_id]) == {run_id: []}
        store.write(*completed(sweep.id, run_id, 0, 0.5), fence=fence).result()
        assert store.find_trial(run_id).state == RunState.COMPLETE

    def test_an_owned_sweep_changes_only_under_its_fence(self, store: Store) -> None:
        sweep, other = add_sweep(store), add_sweep(store, "wine")
        fence = store.acquire(sweep.id, HOLDER, 30)
        wrong = store.acquire(other.id, HOLDER, 30)
        for given in (None, wrong):
            with pytest.raises(LeaseError):
                store.write(SweepChanged(sweep.id, START, SweepState.CANCELLED), fence=given).result()
            with pytest.raises(LeaseError):
                store.write(*started(sweep.id, new_id(), 0, {}), fence=given).result()
        assert store.find_sweep(sweep.id).state == SweepState.RUNNING
        run_id = add_trial(store, sweep, 0, fence=fence)
        store.write(TagsSet(run_id, {"seen": "by a person"})).result()
        store.release(fence)
        store.write(SweepChanged(sweep.id, START, SweepState.CANCELLED)).result()
        assert store.find_sweep(sweep.id).state == SweepState.CANCELLED

    def test_leases_of_unknown_sweeps(self, store: Store) -> None:
        with pytest.raises(NotFound):
            store.acquire(new_id(), HOLDER, 30)
        with pytest.raises(NotFound):
            store.lease(new_id())
        with pytest.raises(LeaseLost):
            store.renew(Fence(new_id(), 1), 30)
        with pytest.raises(NotFound):
            store.write(fence=Fence(new_id(), 1)).result()

    def test_the_latest_wish_counts(self, store: Store) -> None:
        sweep = add_sweep(store)
        store.acquire(sweep.id, HOLDER, 30)
        assert store.control(sweep.id) is None
        store.write(ControlWanted(sweep.id, "pause", "me", START), ControlWanted(sweep.id, "stop", "you", START + 1))
        store.flush()
        assert store.control(sweep.id) == Control("stop", "you", START + 1)
        with pytest.raises(UsageError, match="choose from"):
            store.write(ControlWanted(sweep.id, "explode", "me", START)).result()

    def test_an_experiment_has_one_id(self, store: Store) -> None:
        assert store.experiment("Default") == store.experiment("") == "0"
        first = store.experiment("größe \u2603")
        assert store.experiment("größe \u2603") == first != store.experiment("GRÖSSE \u2603") != "0"
        assert int(first) > 0
        for bad in ("a\0b", "x" * 501, "\ud800"):
            with pytest.raises(UsageError):
                store.experiment(bad)

    # -- writing

    def test_one_bad_write_fails_alone(self, store: Store) -> None:
        sweep = add_sweep(store)
        done = []
        for number in range(40):
            events = started(sweep.id, new_id(), number, {})
            if number % 10 == 5:
                events += (TagsSet(new_id(), {"a": "b"}),)
            done.append(store.write(*events))
        with pytest.raises(NotFound):
            store.flush()
        store.flush()
        assert [future.exception() is None for future in done] == [number % 10 != 5 for number in range(40)]
        assert [trial.number for trial in store.trials(sweep.id)] == [n for n in range(40) if n % 10 != 5]
        assert store.find_sweep("last").counts["running"] == 36

    def test_a_write_is_whole_or_not_at_all(self, store: Store) -> None:
        run_id = add_run(store)
        with pytest.raises(UsageError):
            store.write(
                TagsSet(run_id, {"a": "1"}), ParamsLogged(run_id, {"a": "1"}), TagsSet(run_id, {"b": "\0"})
            ).result()
        found = store.run(run_id)
        assert (found.tags, found.params) == ({}, {})

    def test_what_is_read_after_the_future_is_what_was_written(self, store: Store) -> None:
        run_id = add_run(store)
        for number in range(20):
            store.write(TagsSet(run_id, {"n": str(number)})).result()
            assert store.run(run_id).tags["n"] == str(number)

    def test_any_number_of_writes_may_wait(self, store: Store) -> None:
        sweep = add_sweep(store)
        futures = []
        for number in range(1500):
            run_id = new_id()
            futures.append(store.write(*started(sweep.id, run_id, number, {"a": number})))
            futures.append(store.write(*completed(sweep.id, run_id, number, float(number))))
        store.flush()
        assert all(future.done() and future.exception() is None for future in futures)
        found = store.trials(sweep.id)
        assert [(trial.number, trial.params, trial.values) for trial in found] == [
            (number, {"a": number}, (float(number),)) for number in range(1500)
        ]

    # -- search

    def test_runs_are_found_by_filters(self, store: Store) -> None:
        sweep, ids = self._searchable(store)
        for where, expected in FILTERS.items():
            with case(where):
                text = where.replace("{sweep}", sweep).replace("{run0}", ids[0]).replace("{run1}", ids[1])
                found = store.runs(text, kinds=["trial"])
                assert {ids.index(run.id) for run in found} == expected

    def test_a_broken_filter_is_refused_with_a_sentence(self, store: Store) -> None:
        for where in BROKEN_FILTERS:
            with case(where), pytest.raises(UsageError):
                store.runs(where)

    def test_runs_are_ordered(self, store: Store) -> None:
        orders = {
            "metrics.accuracy": [0, 1, 2, 3, 4],
            "metrics.accuracy DESC": [3, 2, 1, 0, 4],
            "params.depth desc": [4, 3, 2, 1, 0],
            "params.kind ASC": [1, 4, 2, 0, 3],
            "attributes.number": [0, 1, 2, 3, 4],
            "tags.`a b`": [2, 4, 3, 1, 0],
        }
        _, ids = self._searchable(store)
        for order, expected in orders.items():
            with case(order):
                found = store.runs(kinds=["trial"], order_by=[order])
                assert [ids.index(run.id) for run in found] == expected

    def test_runs_come_in_pages_of_one_experiment(self, store: Store) -> None:
        sweep, ids = self._searchable(store)
        assert [run.id for run in store.runs(kinds=["trial"], limit=2)] == ids[:2:-1]
        assert [run.id for run in store.runs(kinds=["trial"], limit=2, offset=4)] == ids[:1]
        assert store.runs(kinds=["trial"], offset=5) == []
        assert len(store.runs(experiment="search")) == 6
        assert [run.id for run in store.runs(experiment="search", kinds=["sweep"])] == [sweep]
        assert store.runs(experiment="Default") == []
        with pytest.raises(NotFound, match="did you mean 'search'"):
            store.runs(experiment="serch")
        for bad in ("metrics.", "things.x", "metrics.x UP", "metrics.x DESC DESC"):
            with pytest.raises(UsageError):
                store.runs(order_by=[bad])
        with pytest.raises(UsageError):
            store.runs(order_by=["metrics.x", "metrics.x DESC"])

    def _searchable(self, store: Store) -> tuple[str, list[str]]:
        sweep = add_sweep(store, experiment_id=store.experiment("search"))
        ids = []
        for number, value in enumerate((0.25, 0.5, 0.75, math.inf, math.nan)):
            params: dict[str, Any] = {"depth": number}
            if number != 3:
                params["kind"] = "entropy" if number == 1 else "gini"
            ids.append(add_trial(store, sweep, number, params, value))
        store.write(TagsSet(ids[2], {"a b": "it's"})).result()
        return sweep.id, ids
