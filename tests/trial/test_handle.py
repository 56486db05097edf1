"""What can be logged to a run, and runs nested below it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from sweeper.errors import Pruned, UsageError
from sweeper.events import ParamsLogged, PointsLogged, RunEnded, RunStarted, TagsSet
from sweeper.records import RunState
from sweeper.trial.handle import IMPORTANCE_FILE, ChildRun, RunHandle
from sweeper.trial.values import InvalidValue

from .conftest import ListSink


@pytest.fixture
def run(sink: ListSink) -> RunHandle:
    return RunHandle("r1", sink, experiment_id="7", attempt=2)


class TestMetrics:
    def test_a_metric_is_a_point_of_this_attempt(self, run: RunHandle, sink: ListSink) -> None:
        run.log_metric("loss", np.float32(0.5), step=3)

        (event,) = sink.events
        assert isinstance(event, PointsLogged)
        assert (event.run_id, event.attempt) == ("r1", 2)
        assert [(p.key, p.value, p.step) for p in event.points] == [("loss", 0.5, 3)]

    def test_steps_count_by_name_and_go_on_after_a_given_one(self, run: RunHandle, sink: ListSink) -> None:
        run.log_metric("a", 1)
        run.log_metrics({"a": 2, "b": 3})
        run.log_metric("a", 4, step=10)
        run.log_metric("a", 5)

        points = [(p.key, p.step) for e in sink.events if isinstance(e, PointsLogged) for p in e.points]
        assert points == [("a", 0), ("a", 1), ("b", 0), ("a", 10), ("a", 11)]

    def test_nan_and_infinities_are_kept(self, run: RunHandle, sink: ListSink) -> None:
        run.log_metrics({"n": math.nan, "i": -math.inf})

        (event,) = sink.events
        assert isinstance(event, PointsLogged)
        assert math.isnan(event.points[0].value)
        assert event.points[1].value == -math.inf

    @pytest.mark.parametrize(
        ("metrics", "step", "said"),
        [
            ({"m": "text"}, None, "must be a number"),
            ({"m": 1}, 1.5, "step of metric 'm'"),
            ({"m": 1}, 2**70, "step of metric 'm'"),
            ({"": 1}, None, "must be text that is not empty"),
            ({3: 1}, None, "metric name 3"),
            ({"m" * 251: 1}, None, "at most 250"),
            ({"a\0b": 1}, None, "NUL"),
            ({"../m": 1}, None, "clean relative path"),
            ({"good": 1, "bad": None}, None, "'bad'"),
        ],
    )
    def test_what_a_store_would_refuse_is_refused_here_and_nothing_is_logged(
        self, run: RunHandle, sink: ListSink, metrics: dict[Any, Any], step: Any, said: str
    ) -> None:
        with pytest.raises(UsageError, match=said):
            run.log_metrics(metrics, step)
        assert sink.events == []

        run.log_metric("good", 1)
        (event,) = sink.events
        assert isinstance(event, PointsLogged)
        assert event.points[0].step == 0

    def test_threads_get_steps_of_their_own(self, run: RunHandle, sink: ListSink) -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda value: run.log_metric("m", value), range(400)))

        steps = [e.points[0].step for e in sink.events if isinstance(e, PointsLogged)]
        assert steps == list(range(400))


class TestParamsAndTags:
    def test_they_become_text(self, run: RunHandle, sink: ListSink) -> None:
        run.log_param("depth", 3)
        run.log_params({"flag": True, "layers": [1, 2]})
        run.set_tag("who", None)

        assert sink.events == [
            ParamsLogged("r1", {"depth": "3"}),
            ParamsLogged("r1", {"flag": "True", "layers": "[1,2]"}),
            TagsSet("r1", {"who": "None"}),
        ]

    def test_a_parameter_keeps_its_first_value(self, run: RunHandle, sink: ListSink) -> None:
        run.log_param("depth", 3)
        run.log_param("depth", 3)

        with pytest.raises(UsageError, match="param 'depth' is already '3' and cannot become '4'"):
            run.log_params({"other": 1, "depth": 4})
        assert sink.events == [ParamsLogged("r1", {"depth": "3"})] * 2

    @pytest.mark.parametrize("name", ["", 3, "x" * 251, "a\nb", "\ud800"])
    def test_names_are_text_that_can_be_kept(self, run: RunHandle, sink: ListSink, name: Any) -> None:
        for log in (run.log_param, run.set_tag):
            with pytest.raises(UsageError, match="name"):
                log(name, "value")
        assert sink.events == []

    @pytest.mark.parametrize(("value", "said"), [("x" * 9000, "at most"), ("a\0", "NUL"), ("\ud800", "surrogate")])
    def test_values_are_text_that_can_be_kept(self, run: RunHandle, sink: ListSink, value: str, said: str) -> None:
        for log in (run.log_param, run.set_tag):
            with pytest.raises(UsageError, match=said):
                log("name", value)
        assert sink.events == []


class TestFiles:
    def test_a_file_goes_below_the_run(self, run: RunHandle, sink: ListSink, tmp_path: Path) -> None:
        (tmp_path / "note.txt").write_text("hello")

        run.log_artifact(tmp_path / "note.txt")
        run.log_artifact(str(tmp_path / "note.txt"), "plots/deep")

        assert (sink.folder / "r1" / "note.txt").read_text() == "hello"
        assert (sink.folder / "r1" / "plots" / "deep" / "note.txt").read_text() == "hello"

    def test_a_folder_goes_whole_or_by_its_content(self, run: RunHandle, sink: ListSink, tmp_path: Path) -> None:
        (tmp_path / "model" / "part").mkdir(parents=True)
        (tmp_path / "model" / "part" / "w").write_bytes(b"\0\1")

        run.log_artifact(tmp_path / "model")
        run.log_artifacts(tmp_path / "model", "inside")

        assert (sink.folder / "r1" / "model" / "part" / "w").read_bytes() == b"\0\1"
        assert (sink.folder / "r1" / "inside" / "part" / "w").read_bytes() == b"\0\1"

    def test_text_and_dicts(self, run: RunHandle, sink: ListSink) -> None:
        run.log_text("Grüße \ud800", "a/note.txt")
        run.log_dict({"a": [1, math.inf]}, "b.json")
        run.log_dict({"z": 1, "a": "ü"}, "c.yaml")

        assert (sink.folder / "r1" / "a" / "note.txt").read_text("utf-8") == "Grüße \\ud800"
        assert json.loads((sink.folder / "r1" / "b.json").read_text()) == {"a": [1, math.inf]}
        assert list(yaml.safe_load((sink.folder / "r1" / "c.yaml").read_text("utf-8"))) == ["z", "a"]

    def test_a_figure_is_saved_as_its_ending_says(self, run: RunHandle, sink: ListSink) -> None:
        from matplotlib.figure import Figure

        figure = Figure()
        figure.subplots().plot([1, 2])

        run.log_figure(figure, "curve.svg")
        run.log_figure(figure, "curve.png")

        assert b"<svg" in (sink.folder / "r1" / "curve.svg").read_bytes()
        assert (sink.folder / "r1" / "curve.png").read_bytes().startswith(b"\x89PNG")

    def test_importance_by_feature(self, run: RunHandle, sink: ListSink) -> None:
        run.log_importance({"weird name / %": np.float64(0.5), "b": math.nan})

        kept = json.loads((sink.folder / "r1" / IMPORTANCE_FILE).read_text())
        assert kept["weird name / %"] == 0.5
        assert math.isnan(kept["b"])
        with pytest.raises(InvalidValue, match="'b'"):
            run.log_importance({"b": "high"})

    @pytest.mark.parametrize("path", ["../evil", "/etc/evil", "a/../../evil", "", "a//b", "a\nb"])
    def test_no_path_leads_out_of_the_run(self, run: RunHandle, sink: ListSink, path: str) -> None:
        with pytest.raises(UsageError):
            run.log_text("x", path)
        assert not list(sink.folder.rglob("evil*"))

    @pytest.mark.parametrize("path", ["..", "../..", "/tmp"])
    def test_no_folder_for_a_file_leads_out_of_the_run(
        self, run: RunHandle, sink: ListSink, tmp_path: Path, path: str
    ) -> None:
        (tmp_path / "evil").write_text("x")
        with pytest.raises(UsageError):
            run.log_artifact(tmp_path / "evil", path)
        assert not list(sink.folder.rglob("evil"))

    def test_what_is_not_there_is_named(self, run: RunHandle, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"log_artifact: there is no file '.*gone.txt' \(looked from"):
            run.log_artifact(tmp_path / "gone.txt")
        with pytest.raises(UsageError, match="log_artifacts: there is no folder"):
            run.log_artifacts(tmp_path / "gone")
        with pytest.raises(UsageError, match="takes a matplotlib figure, not a int"):
            run.log_figure(3, "a.png")


class TestChild:
    def test_it_is_nested_by_explicit_parent_to_any_depth(self, run: RunHandle, sink: ListSink) -> None:
        with run.child("fold-0", tags={"k": 1}) as fold, fold.child("stage") as stage:
            stage.log_metric("m", 1)

        first, second, point, *ends = sink.events
        assert isinstance(first, RunStarted)
        assert isinstance(second, RunStarted)
        assert (first.run.name, first.run.parent_id, first.run.experiment_id) == ("fold-0", "r1", "7")
        assert first.run.tags == {"k": "1"}
        assert second.run.parent_id == fold.id == first.run.id
        assert isinstance(point, PointsLogged)
        assert (point.run_id, point.attempt) == (stage.id, 0)
        assert [(e.run_id, e.state) for e in ends if isinstance(e, RunEnded)] == [
            (stage.id, RunState.COMPLETE),
            (fold.id, RunState.COMPLETE),
        ]

    @pytest.mark.parametrize(
        ("error", "state", "tag"),
        [
            (ValueError("no \0 good"), RunState.FAILED, "ValueError: no \\x00 good"),
            (SystemExit(3), RunState.FAILED, "SystemExit: 3"),
            (Pruned(), RunState.PRUNED, None),
        ],
    )
    def test_an_exception_ends_it_and_goes_on(
        self, run: RunHandle, sink: ListSink, error: BaseException, state: RunState, tag: str | None
    ) -> None:
        with pytest.raises(type(error)), run.child("fold"):
            raise error

        end = sink.events[-1]
        assert isinstance(end, RunEnded)
        assert end.state is state
        tags = [event.tags for event in sink.events if isinstance(event, TagsSet)]
        assert tags == ([] if tag is None else [{"sweeper.error": tag}])

    def test_it_ends_once(self, run: RunHandle, sink: ListSink) -> None:
        with run.child("fold") as fold:
            fold.end("failed")
        fold.end()

        assert [e.state for e in sink.events if isinstance(e, RunEnded)] == [RunState.FAILED]

    @pytest.mark.parametrize("state", ["done", "running", RunState.QUEUED])
    def test_it_ends_only_in_a_state_that_is_an_end(self, run: RunHandle, sink: ListSink, state: str) -> None:
        fold = run.child("fold")

        with pytest.raises(UsageError, match="a run does not end as"):
            fold.end(state)
        fold.end()
        assert [e.state for e in sink.events if isinstance(e, RunEnded)] == [RunState.COMPLETE]

    @pytest.mark.parametrize(
        "make",
        [
            lambda run: run.child(3),
            lambda run: run.child(Path("fold")),
            lambda run: run.child("x" * 501),
            lambda run: run.child("a\0"),
            lambda run: run.child("fold", tags={3: "x"}),
            lambda run: run.child("fold", tags={"k": "\ud800"}),
        ],
    )
    def test_a_name_that_cannot_be_kept_is_refused(
        self, run: RunHandle, sink: ListSink, make: Callable[[RunHandle], ChildRun]
    ) -> None:
        with pytest.raises(UsageError):
            make(run)
        assert sink.events == []
