"""Sweeps from code: a script, a namespace like a notebook's, resume by name, what comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

import sweeper
from sweeper.api.running import resume_sweep
from sweeper.api.stores import shared_store
from sweeper.errors import NotFound, ObjectiveError, UsageError

QUIET: dict[str, Any] = {"report": False, "progress": False}
SPACE = {"x": sweeper.Float(0, 1), "k": sweeper.Categorical(["a", "b"])}


@sweeper.objective(space=SPACE, method="random", seed=3, trials=4, executor="inline", store="mine.db")
def train(x: float, k: str, trial: sweeper.Trial) -> dict[str, float]:
    trial.report(x + 1)
    trial.report(x)
    with trial.child("fold") as fold:
        fold.log_metric("accuracy", x)
    return {"value": x, "length": len(k)}


SCRIPT = """
    import os
    import sweeper

    SCALE = 2

    def helper(x):
        return SCALE * x

    @sweeper.objective(space={"x": sweeper.Float(0, 1)}, trials=3, workers=1, method="random", seed=1)
    def train(x):
        print("in", os.getpid())
        if x < 0:
            raise ValueError
        return helper(x)

    if __name__ == "__main__":
        result = train.sweep(report=False, progress=False)
        print(os.getpid(), result.state, len(result.trials), result.best.value == 2 * result.best.params["x"])
"""


def test_a_script_sweeps_its_own_function_and_another_process_goes_on(folder: Path) -> None:
    (folder / "script.py").write_text(textwrap.dedent(SCRIPT))

    done = subprocess.run([sys.executable, "script.py"], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    pid, *said = done.stdout.split()
    assert said == ["finished", "3", "True"]
    store = shared_store()
    sweep = store.find_sweep("train")
    printed = {store.find_trial(trial.run_id).output for trial in store.trials(sweep.id)}
    assert len(printed) == 1
    assert printed != {f"in {pid}\n"}

    resumed = resume_sweep(store, sweep, trials=5, report=False)

    assert (resumed.state, len(resumed.trials)) == ("finished", 5)


def test_a_function_of_a_notebook_goes_to_its_workers_by_value(folder: Path) -> None:
    cell = """
    import sweeper
    OFFSET = 10
    class Model:
        def score(self, x):
            return x + OFFSET
    @sweeper.objective(space={"x": sweeper.Int(1, 3)}, method="grid", workers=1, trials=None)
    def train(x):
        return Model().score(x)
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(textwrap.dedent(cell), "<cell 1>", "exec"), namespace)

    result = namespace["train"].sweep(**QUIET)

    assert sorted(trial.values for trial in result.trials) == [(11.0,), (12.0,), (13.0,)]
    with pytest.raises(ObjectiveError, match="there is no objective"):
        resume_sweep(result.store, result.sweep, trials=4, report=False)


class TestResult:
    def test_it_is_the_sweep_as_it_is_stored(self) -> None:
        result = train.sweep(name="first", **QUIET)

        assert (result.name, result.state, result.signal, result.report) == ("first", "finished", 0, None)
        assert result.best is not None
        assert result.best.value == min(trial.values[0] for trial in result.trials if trial.values)
        assert repr(result).startswith(f"<sweep first {result.id[-8:]}: finished, 4 trials, best ")

    def test_as_a_frame_with_one_row_for_each_trial(self) -> None:
        frame = train.sweep(**QUIET).frame()

        assert frame["number"].tolist() == [0, 1, 2, 3]
        assert set(frame["state"]) == {"complete"}
        assert any(column.endswith("x") for column in frame.columns)

    def test_what_ran_can_be_read_again(self) -> None:
        result = train.sweep(name="first", **QUIET)
        train.sweep(name="second", trials=2, **QUIET)
        book = sweeper.open("mine.db")

        assert book.sweep("first").equals(result.frame())
        assert len(book.sweep()) == 2
        assert book.sweeps()["name"].tolist() == ["second", "first"]
        assert book.sweeps()["trials"].tolist() == [2, 4]
        assert book.result(result.id[-8:]).best == result.best
        with pytest.raises(NotFound, match="did you mean 'first'"):
            book.sweep("frist")
        trial = result.trials[0]
        assert book.metrics(trial.run_id, "value")["value"].tolist() == [trial.params["x"] + 1, trial.params["x"]]
        folds = book.runs(f"metrics.accuracy = {trial.params['x']!r} and attributes.run_name = 'fold'", limit=5)
        assert trial.run_id in folds["parent_id"].tolist()

    def test_a_sweep_without_a_complete_trial_has_no_best(self) -> None:
        @sweeper.objective(space=SPACE, trials=2, executor="inline")
        def fails(x: float, k: str) -> None:
            return None

        result = fails.sweep(**QUIET)

        assert result.best is None
        assert "best" not in repr(result)
        assert result.frame()["state"].tolist() == ["failed", "failed"]


class TestResume:
    def test_by_name_with_a_larger_total_in_the_decorators_store(self) -> None:
        first = train.sweep(name="first", **QUIET)
        before = [trial.params for trial in first.trials]

        longer = train.sweep(resume="first", trials=6, **QUIET)

        assert longer.id == first.id
        assert [trial.number for trial in longer.trials] == list(range(6))
        assert [trial.params for trial in longer.trials][:4] == before

    def test_a_finished_one_stays_as_it_is(self) -> None:
        first = train.sweep(name="first", **QUIET)

        assert len(train.sweep(resume=first.id[-8:], **QUIET).trials) == 4

    def test_nothing_else_can_be_changed(self) -> None:
        train.sweep(name="first", **QUIET)

        with pytest.raises(UsageError, match="workers, method cannot be given with it"):
            train.sweep(resume="first", workers=3, method="tpe", **QUIET)

    def test_an_unknown_name_is_not_found(self) -> None:
        train.sweep(name="first", **QUIET)

        with pytest.raises(NotFound, match="did you mean 'first'"):
            train.sweep(resume="frist", **QUIET)

    def test_an_interrupt_says_how_to_go_on(self) -> None:
        @sweeper.objective(space=SPACE, trials=1000, executor="inline", store="mine.db")
        def interrupted(x: float, k: str, trial: sweeper.Trial) -> float:
            if trial.number == 2:
                os.kill(os.getpid(), signal.SIGINT)
            return x

        with pytest.raises(KeyboardInterrupt, match="sweeper resume") as stopped:
            interrupted.sweep(**QUIET)

        book = sweeper.open("mine.db")
        assert str(stopped.value).split()[-1] == book.result().id[-8:]
        assert book.result().state == "interrupted"
        assert len(book.sweep()) == 3


def test_data_goes_to_every_trial_and_a_seed_repeats_the_sweep() -> None:
    @sweeper.objective(space={"x": sweeper.Float(0, 1)}, method="random", seed=9, trials=3, executor="inline")
    def scaled(x: float, factor: float) -> float:
        return x * factor

    first = scaled.sweep(data={"factor": 2.0}, **QUIET)
    again = scaled.sweep(data={"factor": 2.0}, **QUIET)

    assert [trial.values for trial in first.trials] == [(2 * trial.params["x"],) for trial in first.trials]
    assert [trial.params for trial in again.trials] == [trial.params for trial in first.trials]


@pytest.mark.timeout(30)
def test_a_sweep_inside_a_trial_does_not_take_its_workers_place() -> None:
    @sweeper.objective(space={"y": sweeper.Int(1, 3)}, method="grid", trials=None, executor="inline", name="inner")
    def inner(y: int) -> float:
        return float(y)

    @sweeper.objective(space={"x": sweeper.Int(1, 3)}, method="grid", trials=None, executor="inline", name="outer")
    def outer(x: int, trial: sweeper.Trial) -> float:
        best = inner.sweep(**QUIET).best
        trial.log_metric("after", 1.0)
        return x + best.value if best else 0.0

    result = outer.sweep(**QUIET)

    assert [trial.values for trial in result.trials] == [(2.0,), (3.0,), (4.0,)]
    assert {trial.metrics["after"] for trial in result.trials} == {1.0}
    assert {trial.attempts for trial in result.trials} == {1}
