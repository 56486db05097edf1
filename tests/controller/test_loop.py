"""Sweeps from beginning to end: real workers, a real store, objectives that do everything they should not."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sweeper import plugins
from sweeper.api.result import Result
from sweeper.errors import ObjectiveError, Pruned, SweeperError
from sweeper.events import ControlWanted, TagsSet
from sweeper.interfaces import Hook, Progress, Store
from sweeper.records import RunState, SweepRecord, TrialRecord
from sweeper.space import Categorical, Float, Int
from sweeper.testing.executors import alive
from sweeper.trial.stream import FLUSH_POINTS
from sweeper.trial.trial import Trial

from .conftest import PATIENCE, Run, by, runner

JOBLIB = {"kind": "joblib", "workers": 2}


def wait_until(condition: Callable[[], Any]) -> Any:
    """Wait until ``condition()`` is true and return what it returned."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)
    return found


def agrees(result: Result) -> None:
    """What the sweep's row says is what its trials say, and their numbers have no gaps."""
    trials = result.trials
    assert [trial.number for trial in trials] == list(range(len(trials)))
    counted = Counter(trial.state.value for trial in trials)
    assert {state: count for state, count in result.sweep.counts.items() if count} == counted
    goal = result.sweep.goals[0]
    complete = [trial for trial in trials if trial.state is RunState.COMPLETE and trial.values]
    if len(result.sweep.goals) > 1 or not complete:
        assert result.best is None
        return
    best = min(complete, key=lambda trial: (goal.sign * trial.values[0], trial.number))  # type: ignore[index]  # not None
    assert result.best is not None
    assert (result.best.number, result.best.run_id, result.best.params) == (best.number, best.run_id, best.params)
    assert (result.best.value,) == best.values


# -- objectives that do everything they should not --------------------------------------------------------------------

PLAIN = {
    "value": ("complete", None, ""),
    "mapping": ("complete", None, ""),
    "reports": ("complete", None, ""),
    "nested": ("complete", None, ""),
    "files": ("complete", None, ""),
    "out of memory once": ("complete", None, ""),
    "pruned": ("pruned", None, ""),
    "raises": ("failed", "exception", "ValueError: no good"),
    "raises a test's failure": ("failed", "exception", "Failed: red"),
    "sys.exit": ("failed", "exit", "sys.exit(3)"),
    "out of memory": ("failed", "oom", "out of memory: too much"),
    "none": ("failed", "invalid-value", "the objective returned None"),
    "text": ("failed", "invalid-value", "not 'good' (str)"),
    "nan": ("failed", "invalid-value", "'loss' is nan"),
    "infinite": ("failed", "invalid-value", "'loss' is inf"),
    "no such metric": ("failed", "invalid-value", "returned no 'loss'"),
    "two values": ("failed", "invalid-value", "return a dict with 'loss'"),
    "a bad metric name": ("failed", "invalid-value", "metric name 'a@b'"),
    "a bad step": ("failed", "exception", "must be a whole number"),
    "a parameter twice": ("failed", "exception", "is already '1'"),
    "text no database keeps": ("failed", "exception", "ValueError: \\x00\\ud800"),
}

DEADLY = {
    "os._exit": ("failed", "exit", "exited with code 7"),
    "os._exit(0)": ("failed", "exit", "exited with code 0"),
    "segmentation fault": ("failed", "signal", "SIGSEGV"),
    "hangs": ("failed", "timeout", "it ran longer than 3 s"),
}


def misbehave(what: str, trial: Trial) -> Any:
    """Do what ``what`` says. Everything it needs is imported here: it travels by value."""
    import ctypes
    import os
    import sys
    import time

    import pytest

    from sweeper.errors import Pruned

    print(f"this is {what}", flush=True)
    if what == "mapping":
        return {"loss": 0.25, "other": 2}
    if what in ("reports", "pruned"):
        for value in (0.75, 0.5):
            trial.report(value)
    if what == "pruned":
        raise Pruned
    if what == "nested":
        for number in range(2):
            with trial.child(f"fold-{number}", tags={"k": number}) as fold:
                fold.log_metric("accuracy", number / 2)
                with fold.child("stage") as stage:
                    stage.log_param("deep", True)
    if what == "files":
        trial.log_text("hello", "notes/hello.txt")
        trial.log_importance({"age": 0.5})
    if what == "raises":
        raise ValueError("no good")
    if what == "raises a test's failure":
        pytest.fail("red")
    if what == "sys.exit":
        sys.exit(3)
    if what == "out of memory" or (what == "out of memory once" and trial.attempt == 1):
        raise MemoryError("too much")
    if what == "a bad step":
        trial.log_metric("m", 1.0, step=2**70)
    if what == "a parameter twice":
        trial.log_param("p", 1)
        trial.log_param("p", 2)
    if what == "text no database keeps":
        print("\0 \ud800")
        raise ValueError("\0\ud800")
    if what == "os._exit":
        for step in range(FLUSH_POINTS):
            trial.report(step)
        os._exit(7)
    if what == "os._exit(0)":
        os._exit(0)
    if what == "segmentation fault":
        ctypes.string_at(0)
    if what == "hangs":
        time.sleep(600)
    wrong = {"none": None, "text": "good", "nan": float("nan"), "infinite": float("inf"), "two values": (1.0, 2.0)}
    wrong |= {"no such metric": {"accuracy": 1.0}, "a bad metric name": {"loss": 1.0, "a@b": 1.0}}
    return wrong.get(what, 0.5)


def zoo(run: Run, kinds: dict[str, Any], **settings: Any) -> Result:
    return run(
        misbehave,
        space={"what": Categorical([*kinds])},
        metric="loss",
        method="grid",
        trials=None,
        failures=100,
        **settings,
    )


@pytest.fixture(scope="module")
def zoo_in_this_process(shared_store: Store) -> Result:
    return zoo(runner(shared_store), PLAIN)


@pytest.fixture(scope="module")
def zoo_of_workers(shared_store: Store) -> Result:
    return zoo(runner(shared_store), PLAIN | DEADLY, executor=JOBLIB | {"timeout": 3})


class Misbehaviour:
    """What both executors make of it."""

    kinds = PLAIN

    @pytest.fixture
    def result(self) -> Result:
        raise NotImplementedError

    def test_every_trial_ends_as_it_should_and_the_sweep_goes_on(self, result: Result) -> None:
        ended = {
            what: (trial.state.value, trial.failure and trial.failure.kind.value)
            for what, trial in by(result.trials, "what").items()
        }

        assert ended == {what: (state, kind) for what, (state, kind, _) in self.kinds.items()}
        assert result.state == "finished"
        agrees(result)

    def test_every_failure_says_why(self, result: Result) -> None:
        for what, trial in by(result.trials, "what").items():
            said = self.kinds[what][2]
            assert said in (trial.failure.message if trial.failure else ""), what

    def test_an_exception_brings_the_users_traceback_and_no_more(self, result: Result) -> None:
        failure = by(result.trials, "what")["raises"].failure
        assert failure is not None

        assert "in misbehave" in failure.traceback
        assert 'raise ValueError("no good")' in failure.traceback
        assert "sweeper/trial" not in failure.traceback
        assert "joblib" not in failure.traceback

    def test_what_was_printed_is_kept_per_trial(self, result: Result) -> None:
        for what, trial in by(result.trials, "what").items():
            kept = result.store.find_trial(trial.run_id).output
            assert kept.startswith(f"this is {what}\n"), what
            assert kept.count("this is") == 1, what

    def test_the_history_ends_with_the_value_at_the_last_reported_step(self, result: Result) -> None:
        run_id = by(result.trials, "what")["reports"].run_id

        points = result.store.points([run_id], ["loss"])[run_id]

        assert [(point.step, point.value) for point in points] == [(0, 0.75), (1, 0.5)]
        assert by(result.trials, "what")["reports"].values == (0.5,)

    def test_a_pruned_trial_keeps_its_last_report(self, result: Result) -> None:
        trial = by(result.trials, "what")["pruned"]

        assert trial.values == (0.5,)
        assert [p.value for p in result.store.points([trial.run_id])[trial.run_id]] == [0.75, 0.5]

    def test_all_numbers_that_were_returned_are_metrics(self, result: Result) -> None:
        trial = by(result.trials, "what")["mapping"]

        assert trial.metrics == {"loss": 0.25, "other": 2.0}
        assert result.store.run(trial.run_id).metrics == {"loss": 0.25, "other": 2.0}

    def test_nested_runs_lie_below_their_trial(self, result: Result) -> None:
        folds = result.store.children(by(result.trials, "what")["nested"].run_id)

        assert [(fold.name, fold.state, fold.metrics, fold.tags["k"]) for fold in folds] == [
            ("fold-0", RunState.COMPLETE, {"accuracy": 0.0}, "0"),
            ("fold-1", RunState.COMPLETE, {"accuracy": 0.5}, "1"),
        ]
        (stage,) = result.store.children(folds[0].id)
        assert (stage.name, stage.params) == ("stage", {"deep": "True"})

    def test_files_lie_in_the_trials_folder(self, result: Result) -> None:
        folder = Path(result.store.artifacts_of(by(result.trials, "what")["files"].run_id))

        assert (folder / "notes" / "hello.txt").read_text() == "hello"
        assert '"age": 0.5' in (folder / "feature_importance.json").read_text()

    def test_memory_that_runs_out_is_tried_once_more(self, result: Result) -> None:
        trials = by(result.trials, "what")

        assert (trials["out of memory"].attempts, trials["out of memory once"].attempts) == (2, 2)
        attempts = result.store.attempts(trials["out of memory once"].run_id)
        assert [attempt["state"] for attempt in attempts] == ["failed", "complete"]
        assert trials["raises"].attempts == 1


class TestMisbehaviourInThisProcess(Misbehaviour):
    @pytest.fixture
    def result(self, zoo_in_this_process: Result) -> Result:
        return zoo_in_this_process


class TestMisbehaviourOfWorkers(Misbehaviour):
    kinds = PLAIN | DEADLY

    @pytest.fixture
    def result(self, zoo_of_workers: Result) -> Result:
        return zoo_of_workers

    def test_reports_before_a_crash_are_kept(self, result: Result) -> None:
        trial = by(result.trials, "what")["os._exit"]

        assert [p.value for p in result.store.points([trial.run_id])[trial.run_id]] == list(range(FLUSH_POINTS))

    def test_a_crash_leaves_a_trace_in_the_output(self, result: Result) -> None:
        trial = by(result.trials, "what")["segmentation fault"]

        assert "Fatal Python error: Segmentation fault" in result.store.find_trial(trial.run_id).output

    def test_exit_codes_and_signals_are_kept(self, result: Result) -> None:
        failures = {what: trial.failure for what, trial in by(result.trials, "what").items() if trial.failure}

        assert failures["sys.exit"].exit_code == 3
        assert failures["os._exit"].exit_code == 7
        assert failures["segmentation fault"].signal == signal.SIGSEGV


# -- a sweep without trouble, with workers and without ----------------------------------------------------------------

SPACE = {
    "optimizer": {"parameters": {"lr": {"min": 1e-5, "max": 1e-1, "distribution": "log_uniform_values"}}},
    "kind": {"values": ["linear", "deep"]},
    "layers": {"min": 1, "max": 5, "when": {"kind": "deep"}},
    "limits": {"values": [[1, 2], [3, None]]},
    "steps": {"value": 3},
}


def train(
    optimizer: dict[str, float],
    kind: str,
    limits: list[Any],
    steps: int,
    X: Any,
    scale: Any,
    trial: Trial,
    layers: int = 77,
) -> dict[str, float]:
    """Check what arrives, and tell it in metrics."""
    limits.append("spoiled")
    try:
        X[0] = 1.0
        written = 1.0
    except ValueError:
        written = 0.0
    for step in range(steps):
        trial.report(optimizer["lr"] * (steps - step))
    return {
        "loss": optimizer["lr"],
        "layers": layers,
        "limits": len(limits),
        "sum": scale(float(X.sum())),
        "written": written,
        "seed": trial.seed,
    }


def steady(run: Run, **settings: Any) -> Result:
    factor = 2
    data = {"X": np.arange(1000.0), "scale": lambda total: factor * total}
    return run(train, space=SPACE, metric="loss", trials=24, seed=5, data=data, **settings)


@pytest.fixture(scope="module")
def alone(shared_store: Store) -> Result:
    return steady(runner(shared_store), name="alone")


@pytest.fixture(scope="module")
def with_two_workers(shared_store: Store) -> Result:
    return steady(runner(shared_store), name="with-two-workers", executor=JOBLIB)


class Steady:
    @pytest.fixture
    def result(self) -> Result:
        raise NotImplementedError

    def test_it_finishes_with_all_its_trials(self, result: Result) -> None:
        assert result.state == "finished"
        assert result.sweep.counts["complete"] == 24
        assert result.sweep.reason == ""
        agrees(result)

    def test_nested_parameters_arrive_nested_and_are_kept_flat(self, result: Result) -> None:
        for trial in result.trials:
            assert trial.metrics["loss"] == trial.params["optimizer.lr"]

    def test_an_inactive_parameter_is_absent_and_the_default_holds(self, result: Result) -> None:
        kinds = Counter(trial.params["kind"] for trial in result.trials)
        assert min(kinds["linear"], kinds["deep"]) > 0
        for trial in result.trials:
            assert ("layers" in trial.params) is (trial.params["kind"] == "deep")
            assert trial.metrics["layers"] == trial.params.get("layers", 77)

    def test_what_a_trial_does_to_its_parameters_stays_with_it(self, result: Result) -> None:
        assert {trial.metrics["limits"] for trial in result.trials} == {3.0}
        assert all(trial.params["limits"] in ([1, 2], [3, None]) for trial in result.trials)

    def test_arrays_are_shared_read_only_and_functions_arrive(self, result: Result) -> None:
        assert {trial.metrics["sum"] for trial in result.trials} == {2 * np.arange(1000.0).sum()}
        assert {trial.metrics["written"] for trial in result.trials} == {0.0}

    def test_every_trial_has_a_seed_of_its_own(self, result: Result) -> None:
        assert len({trial.metrics["seed"] for trial in result.trials}) == 24

    def test_the_parent_run_knows_where_it_comes_from(self, result: Result) -> None:
        parent = result.store.run(result.id)

        assert parent.params["method"] == "random"
        assert parent.params["seed"] == "5"
        assert {"mlflow.source.name", "mlflow.user", "sweeper.command", "sweeper.host"} <= set(parent.tags)
        files = {path.name for path in Path(result.store.artifacts_of(result.id)).iterdir()}
        assert {"environment.json", "sweep.yaml"} <= files

    def test_the_best_so_far_is_a_metric_of_the_parent(self, result: Result) -> None:
        points = result.store.points([result.id], ["best_loss"])[result.id]

        values = [point.value for point in points]
        assert values == sorted(values, reverse=True)
        assert result.best is not None
        assert values[-1] == result.best.value


class TestSteadyInThisProcess(Steady):
    @pytest.fixture
    def result(self, alone: Result) -> Result:
        return alone


class TestSteadyWithTwoWorkers(Steady):
    @pytest.fixture
    def result(self, with_two_workers: Result) -> Result:
        return with_two_workers

    def test_the_same_seed_gives_the_same_trials_as_one_worker(self, result: Result, alone: Result) -> None:
        assert [trial.params for trial in result.trials] == [trial.params for trial in alone.trials]
        assert [trial.metrics["seed"] for trial in result.trials] == [trial.metrics["seed"] for trial in alone.trials]

    def test_no_worker_and_no_temporary_file_is_left(self, result: Result, shared_store: Store) -> None:
        assert not list(Path(shared_store.artifacts).glob(".spool/**/*.worker"))


# -- when it is over --------------------------------------------------------------------------------------------------


class TestBudget:
    def test_failures_in_a_row_end_it_with_the_reason(self, run: Run) -> None:
        def objective(x: float) -> float:
            raise ValueError("always")

        result = run(objective, trials=50, failures=3)

        assert (result.state, result.sweep.counts["failed"]) == ("failed", 3)
        assert result.sweep.reason == "3 trials in a row failed; the last one: ValueError: always"
        agrees(result)

    def test_a_target_that_is_reached(self, run: Run) -> None:
        result = run(lambda x, trial: float(trial.number), goal="maximize", target=3.0, trials=50)

        assert (result.state, len(result.trials)) == ("finished", 4)
        assert result.sweep.reason == "value reached its target 3"

    def test_patience(self, run: Run) -> None:
        result = run(lambda x, trial: float(trial.number > 2), goal="maximize", patience=4, trials=50)

        assert (result.state, len(result.trials)) == ("finished", 8)
        assert result.best is not None
        assert result.best.number == 3

    def test_time(self, run: Run) -> None:
        def objective(x: float) -> float:
            time.sleep(0.05)
            return x

        result = run(objective, trials=None, time=0.5)

        assert result.state == "finished"
        assert "its time of 0.5 s is used" in result.sweep.reason
        assert result.sweep.seconds >= 0.5
        agrees(result)

    def test_cost_by_a_metric(self, run: Run) -> None:
        result = run(
            lambda x: {"value": x, "dollars": 2.5}, trials=50, budget={"cost": {"metric": "dollars", "limit": 5}}
        )

        assert (result.state, len(result.trials)) == ("finished", 2)

    def test_a_grid_that_is_walked_through(self, run: Run) -> None:
        space = {"n": Int(1, 3), "kind": Categorical(["a", "b"]), "deep": Categorical([True, None], when={"kind": "a"})}

        result = run(lambda n, kind, deep=None: n, space=space, method="grid", trials=None)

        assert (result.state, len(result.trials)) == ("finished", 9)
        assert len({str(trial.params) for trial in result.trials}) == 9
        agrees(result)

    def test_a_grid_larger_than_the_budget(self, run: Run) -> None:
        result = run(lambda n: n, space={"n": Int(1, 100)}, method="grid", trials=7)

        assert [trial.params["n"] for trial in result.trials] == list(range(1, 8))

    def test_one_trial(self, run: Run) -> None:
        assert len(run(lambda x: x, trials=1).trials) == 1


def test_several_goals(run: Run) -> None:
    result = run(
        lambda x: {"loss": x, "speed": 1 - x},
        metrics=[{"name": "loss"}, {"name": "speed", "goal": "maximize"}],
        trials=6,
    )

    assert [trial.values for trial in result.trials] == [
        (trial.metrics["loss"], trial.metrics["speed"]) for trial in result.trials
    ]
    agrees(result)


def test_retries_are_counted_by_class(run: Run) -> None:
    def objective(x: float, trial: Trial) -> float:
        trial.log_metric("attempt", trial.attempt, step=trial.attempt)
        if trial.number == 1 and trial.attempt < 3:
            raise ValueError("flaky")
        if trial.number == 2:
            raise SystemExit(1)
        return x

    result = run(objective, trials=3, retry={"exception": 2})

    assert [trial.attempts for trial in result.trials] == [1, 3, 1]
    assert [trial.state.value for trial in result.trials] == ["complete", "complete", "failed"]
    attempts = result.store.attempts(result.trials[1].run_id)
    assert [(a["attempt"], a["state"]) for a in attempts] == [(1, "failed"), (2, "failed"), (3, "complete")]
    agrees(result)


def test_a_trial_that_logs_another_parameter_at_its_second_attempt_does_not_end_the_sweep(run: Run) -> None:
    def objective(x: float, trial: Trial) -> float:
        trial.log_param("attempt", trial.attempt)
        if trial.number == 0 and trial.attempt == 1:
            raise ValueError("flaky")
        return x

    result = run(objective, trials=3, retry={"exception": 1})

    assert result.state == "finished"
    assert [trial.state.ended for trial in result.trials] == [True, True, True]
    agrees(result)


def test_a_trial_waiting_for_another_attempt_when_the_sweep_ends_is_not_left_open(run: Run) -> None:
    def objective(x: float, trial: Trial) -> float:
        if trial.number == 0:
            raise ValueError("flaky")
        return 0.0

    result = run(objective, trials=50, target=0.0, retry={"exception": 5})

    assert result.state == "finished"
    assert [trial.state.value for trial in result.trials if not trial.state.ended] == []
    agrees(result)


def test_what_somebody_else_in_this_process_was_refused_does_not_end_the_sweep(run: Run, store: Store) -> None:
    refused = store.write(TagsSet("no such run", {"a": "b"}))
    assert refused.exception(PATIENCE) is not None

    assert run(lambda x: x).state == "finished"


# -- hooks and samplers -----------------------------------------------------------------------------------------------


class Watcher(Hook):
    def __init__(self) -> None:
        self.calls: list[str] = []
        self.trials: list[TrialRecord] = []
        self.last: Progress | None = None

    def started(self, sweep: SweepRecord, store: Store) -> None:
        self.calls.append("started")
        assert store.find_sweep(sweep.id).state == "running"

    def trial_ended(self, sweep: SweepRecord, trial: TrialRecord) -> None:
        self.trials.append(trial)

    def progress(self, progress: Progress) -> None:
        self.last = progress

    def finished(self, sweep: SweepRecord, store: Store) -> None:
        self.calls.append("finished")
        assert sweep.state == "finished"
        assert sum(sweep.counts.values()) == 5


def test_hooks_see_the_sweep_go_by(run: Run) -> None:
    watcher = Watcher()

    result = run(lambda x: x, hooks=[watcher])

    assert watcher.calls == ["started", "finished"]
    assert [trial.params for trial in watcher.trials] == [trial.params for trial in result.trials]
    assert watcher.last is not None
    assert (watcher.last.total, watcher.last.counts["complete"]) == (5, 5)
    assert result.best is not None
    assert watcher.last.best is not None
    assert watcher.last.best.value == result.best.value


def test_hooks_that_raise_end_nothing(run: Run) -> None:
    class Raises(Hook):
        def started(self, *facts: Any) -> None:
            raise ValueError("broken hook")

        trial_ended = progress = finished = notice = started  # type: ignore[assignment]  # all of them

    watcher = Watcher()

    with pytest.warns(RuntimeWarning, match=r"Raises.* failed and was passed over: ValueError: broken hook"):
        result = run(lambda x: x, hooks=[Raises(), watcher])

    assert result.state == "finished"
    assert watcher.calls == ["started", "finished"]


class BrokenSampler:
    """Fails at the fourth question while ``broken`` is set."""

    broken = True

    def __init__(self, space: Any, goals: Any, seed: int) -> None:
        self.told: list[int] = []

    def ask(self, number: int) -> dict[str, Any] | None:
        if number == 3 and self.broken:
            raise ZeroDivisionError("no more ideas")
        return {"x": number / 10}

    def tell(self, number: int, params: Any, outcome: Any) -> None:
        self.told.append(number)


def test_a_sampler_that_fails_ends_it_in_words_and_it_can_be_resumed(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        plugins, "load", lambda kind, name, load=plugins.load: BrokenSampler if name == "broken" else load(kind, name)
    )
    monkeypatch.setattr(plugins, "names", lambda kind, names=plugins.names: [*names(kind), "broken"])
    monkeypatch.setattr(BrokenSampler, "broken", True)

    with pytest.raises(SweeperError, match=r"broken.*ZeroDivisionError: no more ideas"):
        run(lambda x: x, method="broken", trials=6, name="asked")
    sweep = store.find_sweep("asked")
    assert sweep.state == "interrupted"
    assert sweep.counts["complete"] == 3

    monkeypatch.setattr(BrokenSampler, "broken", False)
    result = run(lambda x: x, resume=sweep)
    assert (result.state, result.sweep.counts["complete"]) == ("finished", 6)
    assert [trial.params["x"] for trial in result.trials] == [number / 10 for number in range(6)]
    agrees(result)


# -- before anything is created ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "data", "said"),
    [
        (lambda y: y, {}, "the space has 'x', which"),
        (lambda x, z: x, {}, "needs 'z'"),
        (lambda x, lock: x, {"lock": threading.Lock()}, "data 'lock' cannot be sent to a worker"),
    ],
)
def test_an_objective_that_cannot_run_is_told_before_anything_is_created(
    run: Run, store: Store, function: Callable[..., Any], data: dict[str, Any], said: str
) -> None:
    with pytest.raises(ObjectiveError, match=said):
        run(function, data=data)
    assert store.sweeps() == []


def test_one_that_cannot_travel_is_told_before_anything_is_created(run: Run, store: Store) -> None:
    lock = threading.Lock()

    with pytest.raises(ObjectiveError, match="cannot be sent to a worker"):
        run(lambda x: lock.locked(), executor=JOBLIB)
    assert store.sweeps() == []


# -- wishes and signals -----------------------------------------------------------------------------------------------


@pytest.fixture
def aside() -> Iterator[Callable[[Callable[[], Any]], None]]:
    """Do something in another thread meanwhile; what it raises is raised at the end."""
    threads: list[threading.Thread] = []
    errors: list[BaseException] = []

    def aside(work: Callable[[], Any]) -> None:
        def guarded() -> None:
            try:
                work()
            except BaseException as error:
                errors.append(error)

        threads.append(threading.Thread(target=guarded))
        threads[-1].start()

    yield aside
    for thread in threads:
        thread.join(PATIENCE)
    if errors:
        raise errors[0]


def current(store: Store) -> SweepRecord | None:
    return next(iter(store.sweeps()), None)


def wish(store: Store, wanted: str) -> None:
    sweep = current(store)
    assert sweep is not None
    store.write(ControlWanted(sweep.id, wanted, "tester", time.time())).result()


def done(store: Store, number: int = 3) -> bool:
    sweep = current(store)
    return sweep is not None and sweep.counts["complete"] >= number


def nap(x: float) -> float:
    time.sleep(0.01)
    return x


def test_pause_resume_and_stop_from_elsewhere(run: Run, store: Store, aside: Any) -> None:
    def elsewhere() -> None:
        try:
            wait_until(lambda: done(store))
            wish(store, "pause")
            wait_until(lambda: (sweep := current(store)) and sweep.state == "paused" and not sweep.counts["running"])
            paused = current(store)
            time.sleep(0.3)
            again = current(store)
            assert paused is not None
            assert again is not None
            assert again.counts == paused.counts
            wish(store, "resume")
            wait_until(lambda: done(store, again.counts["complete"] + 3))
            assert (going := current(store)) is not None
            assert going.state == "running"
        finally:
            wish(store, "stop")

    aside(elsewhere)

    result = run(nap, trials=None)

    assert (result.state, result.sweep.reason) == ("stopped", "stopped by tester")
    assert result.sweep.counts["running"] == result.sweep.counts["cancelled"] == 0
    agrees(result)


def test_a_wish_made_before_the_first_trial_is_heard(run: Run) -> None:
    class Early(Hook):
        def started(self, sweep: SweepRecord, store: Store) -> None:
            store.write(ControlWanted(sweep.id, "stop", "tester", time.time())).result()

    result = run(nap, hooks=[Early()], trials=200)

    assert (result.state, result.sweep.reason) == ("stopped", "stopped by tester")


def test_cancel_ends_running_trials_at_once(run: Run, store: Store, aside: Any, tmp_path: Path) -> None:
    note = tmp_path / "pid"

    def objective(x: float) -> float:
        import os
        import time

        note.write_text(f"{os.getpid()} ")
        time.sleep(600)
        return x

    def elsewhere() -> None:
        wait_until(lambda: note.exists() and note.read_text().endswith(" "))
        wish(store, "cancel")

    aside(elsewhere)

    result = run(objective, executor={"kind": "joblib", "workers": 1})

    assert (result.state, result.sweep.reason) == ("cancelled", "cancelled by tester")
    assert [trial.state.value for trial in result.trials] == ["cancelled"]
    assert result.trials[0].failure is None
    assert not alive(int(note.read_text()))
    agrees(result)


def test_an_interrupt_saves_everything_and_a_resume_goes_on(run: Run, store: Store, aside: Any) -> None:
    def elsewhere() -> None:
        wait_until(lambda: done(store))
        os.kill(os.getpid(), signal.SIGINT)

    aside(elsewhere)

    result = run(nap, trials=None, name="interrupted")

    assert result.signal == signal.SIGINT
    assert (result.state, result.sweep.reason) == ("interrupted", "interrupted by SIGINT")
    agrees(result)
    before = [trial.params for trial in result.trials]

    resumed = run(nap, resume=result.sweep, trials=len(before) + 5)

    assert resumed.state == "finished"
    assert [trial.params for trial in resumed.trials][: len(before)] == before
    assert len(resumed.trials) == len(before) + 5
    agrees(resumed)


def test_a_finished_sweep_is_resumed_with_a_larger_total_as_if_it_had_never_stopped(run: Run, store: Store) -> None:
    whole = run(lambda x: x, trials=8)
    part = run(lambda x: x, trials=5)

    same = run(lambda x: x, resume=part.sweep)
    assert len(same.trials) == 5

    longer = run(lambda x: x, resume=part.sweep, trials=8)
    assert [trial.params for trial in longer.trials] == [trial.params for trial in whole.trials]
    assert store.find_sweep(part.id).trials == 8
    agrees(longer)


def test_a_sweep_whose_target_is_reached_stays_finished(run: Run) -> None:
    result = run(lambda x, trial: float(trial.number), goal="maximize", target=2.0, trials=50)

    again = run(lambda x, trial: float(trial.number), resume=result.sweep)

    assert again.state == "finished"
    assert len(again.trials) == len(result.trials) == 3


def test_pruned_is_what_an_objective_raises(run: Run) -> None:
    def objective(x: float, trial: Trial) -> float:
        trial.report(x)
        raise Pruned

    result = run(objective, trials=3)

    assert result.sweep.counts["pruned"] == 3
    assert result.best is None


def test_a_float_space_by_its_classes(run: Run) -> None:
    result = run(lambda x, n: x * n, space={"x": Float(0.1, 1, log=True), "n": Int(1, 3)})

    assert all(isinstance(trial.params["n"], int) for trial in result.trials)
