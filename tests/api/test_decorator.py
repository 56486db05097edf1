"""The decorator: a plain function stays one, and its settings are a sweep file's."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest
from hyperopt import hp

import sweeper
from sweeper.api.decorator import build_config
from sweeper.config import SweepConfig, load_config
from sweeper.errors import ConfigError, SweeperError, UsageError
from sweeper.records import Goal

SPACE = {"x": sweeper.Float(0, 1)}


def plain(x: float) -> float:
    """A docstring."""
    return x


def config(**settings: Any) -> SweepConfig:
    return build_config(plain, {"space": SPACE}, settings)


class TestPlainFunction:
    def test_bare(self) -> None:
        @sweeper.objective
        def train(x: float, y: int = 2) -> float:
            """Adds."""
            return x + y

        assert train(1.5) == 3.5
        assert train(x=1, y=1) == 2
        assert (train.__name__, train.__doc__) == ("train", "Adds.")
        assert train.config(space=SPACE).name == "train"

    def test_with_settings(self) -> None:
        @sweeper.objective(metric="accuracy", goal="maximize", space=SPACE, trials=7)
        def train(x: float) -> float:
            return x

        assert train(0.5) == 0.5
        made = train.config()
        assert made.goals == (Goal("accuracy", "maximize"),)
        assert made.budget.trials == 7

    def test_a_lambda_a_partial_and_a_callable_object(self) -> None:
        class Train:
            def __call__(self, x: float) -> float:
                return x

        for function in (lambda x: x, functools.partial(lambda x, y: x + y, y=0.0), Train()):
            assert sweeper.objective(function)(x=0.25) == 0.25
            assert sweeper.objective(function).config(space=SPACE).space.parameters.keys() == {"x"}

    @pytest.mark.parametrize("wrong", [3, "train", print])
    def test_what_cannot_be_decorated_is_told(self, wrong: Any) -> None:
        with pytest.raises(UsageError, match="decorate"):
            sweeper.objective(wrong)


class TestSettings:
    def test_an_unknown_one_names_the_nearest(self) -> None:
        with pytest.raises(UsageError, match="knows no setting 'trails'; did you mean 'trials'"):
            sweeper.objective(trails=3)
        with pytest.raises(UsageError, match="'worker'"):
            sweeper.objective(plain).config(space=SPACE, worker=3)
        with pytest.raises(UsageError, match="'seeds'"):
            sweeper.objective(plain).sweep(space=SPACE, seeds=3)

    def test_without_a_space_it_says_where_to_give_one(self) -> None:
        with pytest.raises(UsageError, match=r"there is no space: give space=\{...\}"):
            build_config(plain, {})

    def test_every_mistake_is_told_at_once(self) -> None:
        with pytest.raises(ConfigError) as refused:
            config(trials=-1, method="tpee", workers="many", retry={"los": 1})

        told = str(refused.value)
        for word in ("budget.trials", "did you mean 'tpe'", "executor.workers", "did you mean 'lost'"):
            assert word in told

    def test_short_words_stand_inside_their_blocks(self) -> None:
        made = config(trials=9, time="2m", failures=3, patience=5, workers=2, timeout="10s", memory="1GB")

        assert (made.budget.trials, made.budget.time, made.budget.failures, made.budget.patience) == (9, 120, 3, 5)
        assert (made.executor.workers, made.executor.timeout) == (2, 10)
        assert made.executor.memory is not None

    def test_a_short_word_wins_over_its_block_in_whatever_order(self) -> None:
        for settings in ({"trials": 9, "budget": {"trials": 5}}, {"budget": {"trials": 5}, "trials": 9}):
            assert config(**settings).budget.trials == 9

    def test_later_settings_win_and_keep_what_they_do_not_name(self) -> None:
        decorated = {"space": SPACE, "trials": 60, "executor": {"kind": "inline", "timeout": 5}, "seed": 1}

        made = build_config(plain, decorated, {"budget": {"trials": 5, "patience": 2}, "timeout": 7, "seed": None})

        assert (made.budget.trials, made.budget.patience) == (5, 2)
        assert (made.executor.kind, made.executor.timeout) == ("inline", 7)
        assert made.seed is None
        assert decorated["executor"] == {"kind": "inline", "timeout": 5}

    def test_an_executor_by_its_name_alone(self) -> None:
        assert config(executor="inline", workers=2).executor.kind == "inline"
        assert config(executor="joblib", timeout=3).executor.timeout == 3
        with pytest.raises(ConfigError, match="executor"):
            config(executor=3, workers=2)

    @pytest.mark.parametrize(
        ("settings", "goals"),
        [
            ({}, (Goal("value"),)),
            ({"metric": "m", "goal": "maximize", "target": 0.5}, (Goal("m", "maximize", 0.5),)),
            ({"metric": {"name": "m", "goal": "maximize"}}, (Goal("m", "maximize"),)),
            ({"metric": {"name": "m"}, "goal": "maximize"}, (Goal("m", "maximize"),)),
            (
                {"metrics": [{"name": "a"}, {"name": "b", "goal": "maximize"}]},
                (Goal("a"), Goal("b", "maximize")),
            ),
        ],
    )
    def test_metrics(self, settings: dict[str, Any], goals: tuple[Goal, ...]) -> None:
        assert config(**settings).goals == goals

    def test_one_metric_or_several_but_not_both(self) -> None:
        with pytest.raises(UsageError, match="give either metrics or goal"):
            config(metrics=[{"name": "a"}], goal="maximize")

    def test_several_metrics_take_the_place_of_the_decorators_one(self) -> None:
        decorated = {"space": SPACE, "metric": "m", "goal": "maximize"}

        made = build_config(plain, decorated, {"metrics": [{"name": "a"}, {"name": "b"}]})
        assert [goal.name for goal in made.goals] == ["a", "b"]
        again = build_config(plain, {"space": SPACE, "metrics": [{"name": "a"}]}, {"metric": "m"})
        assert again.goals == (Goal("m"),)

    def test_a_goal_that_is_none_is_refused(self) -> None:
        with pytest.raises(ConfigError, match="maximise"):
            config(goal="maximise")


class TestSpaces:
    def test_a_mapping_in_the_grammar_of_a_file(self) -> None:
        made = build_config(plain, {"space": {"x": {"min": 0.0, "max": 1.0}, "k": sweeper.Categorical(["a", None])}})

        assert set(made.space.parameters) == {"x", "k"}

    def test_a_search_space(self) -> None:
        space = sweeper.SearchSpace({"x": sweeper.Int(1, 5), "y": sweeper.Int(1, 5)}, constraints=["x <= y"])

        made = build_config(plain, {"space": space})

        assert made.space.fingerprint() == space.fingerprint()

    def test_a_hyperopt_space(self) -> None:
        nested = hp.choice("kind", [{"type": "a", "depth": hp.uniformint("depth", 1, 5)}, {"type": "b"}])
        for space in ({"lr": hp.loguniform("lr", -5, 0), "model": nested}, {"lr": hp.uniform("lr", 0, 1)}):
            assert build_config(plain, {"space": space}).space.parameters

    def test_a_bundled_one_by_name(self) -> None:
        assert "n_estimators" in build_config(plain, {"space": "random_forest"}).space.parameters
        with pytest.raises(SweeperError, match="random_forest"):
            build_config(plain, {"space": "random_forrest"})

    def test_constraints_beside_it(self) -> None:
        made = build_config(plain, {"space": {"x": sweeper.Int(1, 5)}, "constraints": ["x <= 3"]})

        assert [str(constraint) for constraint in made.space.constraints] == ["x <= 3"]


class TestSameAsAFile:
    def test_a_file_and_the_decorator_give_the_same_config(self, folder: Path) -> None:
        (folder / "train.py").write_text("def train(x): return x\n")
        (folder / "sweep.yaml").write_text(
            """
name: train
objective: train.py:train
method: random
metric: {name: loss, goal: minimize}
parameters:
  x: {min: 1.0e-5, max: 0.1, distribution: log_uniform_values}
  k: {values: [a, b]}
budget: {trials: 12, time: 1h}
executor: {kind: joblib, workers: 2, timeout: 30s}
retry: {exception: 1}
seed: 3
tags: {dataset: digits}
"""
        )

        made = build_config(
            plain,
            {
                "space": {"x": sweeper.Float(1e-5, 0.1, log=True), "k": sweeper.Categorical(["a", "b"])},
                "metric": "loss",
                "method": "random",
                "trials": 12,
                "time": "1h",
                "workers": 2,
                "timeout": "30s",
                "retry": {"exception": 1},
                "seed": 3,
                "tags": {"dataset": "digits"},
                "name": "train",
            },
        )

        filed = load_config("sweep.yaml").to_dict()
        ours = made.to_dict()
        assert {**filed, "objective": None} == {**ours, "objective": None}


class TestPlaceForResume:
    def test_a_function_of_a_file_is_found_by_it_later(self) -> None:
        objective = build_config(plain, {"space": SPACE}).objective

        assert objective is not None
        assert objective.target == f"{Path(__file__).resolve()}:plain"

    def test_a_local_one_and_a_namespaces_one_are_not(self) -> None:
        namespace: dict[str, Any] = {"__name__": "notebook"}
        exec("def train(x): return x", namespace)

        def local(x: float) -> float:
            return x

        for function in (local, namespace["train"], lambda x: x):
            assert build_config(function, {"space": SPACE}).objective is None

    def test_a_name_that_means_something_else_now_is_not(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(globals(), "plain", len)

        assert build_config(PLAIN, {"space": SPACE}).objective is None


PLAIN = plain
