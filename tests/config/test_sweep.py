from __future__ import annotations

import dataclasses
import json
import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.config import UNLIMITED, Budget, ExecutorConfig, parse_config
from sweeper.records import FailureClass, Goal


def test_the_defaults_are_those_of_the_docs(load, good):
    config = load(good)
    assert config.method == "auto"
    assert config.budget == Budget(trials=100, failures=20)
    assert config.executor == ExecutorConfig(kind="joblib", workers=None, isolation="shared")
    assert config.retry == {kind.value: 0 for kind in FailureClass} | {"lost": 3, "oom": 1, "preempted": UNLIMITED}
    assert (config.experiment, config.seed, config.store, config.tags) == ("Default", None, None, {})
    assert config.goals == (Goal("accuracy", "maximize"),)
    assert config.notices == ()


def test_every_key_arrives(load, everything):
    config = load(everything)
    assert config.goals == (Goal("accuracy", "maximize", 0.99), Goal("seconds", "minimize"))
    assert (config.impute, config.impute_while_running) == ("worst", "false")
    assert config.options == {"n_startup_trials": 20, "deep": {"a": [1, None]}}
    assert config.budget == Budget(60, 1200.0, 10, 5.0, "eur", 30)
    executor = config.executor
    assert (executor.kind, executor.workers, executor.timeout, executor.isolation) == ("ray", 4, 120.0, "fresh")
    assert executor.memory == 2_000_000_000
    assert executor.options == {
        "cpu": 2, "gpu": 0.5, "threads": 1, "address": "auto", "resources": {"tpu": 1}, "runtime_env": {"pip": ["x"]},
        "placement": "spread", "queue": "long",
    }  # fmt: skip
    assert config.retry == {
        "lost": 1, "oom": 2, "timeout": 3, "exception": 4, "exit": 5, "signal": 6, "preempted": 7, "unpicklable": 8,
        "invalid-value": 9,
    }  # fmt: skip
    assert config.early_terminate == {"type": "asha", "min_iter": 3, "eta": 3}
    assert config.warm_start == {"from": ["digits-forest", "last"], "mode": "prior"}
    assert config.tags == {"dataset": "digits", "ok": "true", "none": "", "data.version": "3"}
    assert config.tracking == {"mlflow": True, "mirror": "http://mlflow:5000"}
    assert set(config.space.parameters) == {"kind", "lr", "inner.units", "inner.fixed"}
    assert (config.experiment, config.store, config.artifacts) == ("digits", "sqlite:///here.db", "./artifacts")


@pytest.mark.parametrize("extra", ["", "budget: {time: 1m}\n", "method: grid\n", "budget: {trials: null}\n",
                                   "budget: {cost: 1h}\n", "warm_start: {from: last}\n"])  # fmt: skip
def test_the_resolved_config_is_json_and_reads_back_equal(load, good, extra):
    config = load(good + extra)
    again = parse_config(json.loads(json.dumps(config.to_dict())))
    assert again == config
    assert again.to_dict() == config.to_dict()


def test_the_resolved_config_of_every_key_reads_back_equal(load, everything):
    config = load(everything)
    assert parse_config(json.loads(json.dumps(config.to_dict()))) == config


@pytest.mark.parametrize(
    ("extra", "trials"),
    [
        ("", 100),
        ("method: grid\n", None),
        ("method: grid\nbudget: {trials: 5}\n", 5),
        ("budget: {time: 20m}\n", None),
        ("budget: {cost: 1h}\n", None),
        ("budget: {patience: 10}\n", None),
        ("budget: {failures: 3}\n", 100),
        ("budget: {trials: null}\n", None),
        ("budget:\n", 100),
        ("run_cap: 7\n", 7),
    ],
)
def test_a_sweep_without_a_bound_has_100_trials_and_a_grid_runs_whole(load, good, extra, trials):
    assert load(good + extra).budget.trials == trials


def test_a_cost_is_compute_time_or_a_metric(load, good):
    assert load(good + "budget: {cost: 2h}\n").budget.cost == 7200.0
    assert load(good + "budget: {cost: 2h}\n").budget.cost_metric is None
    assert load(good + "budget: {cost: {metric: eur, limit: 9}}\n").budget.cost_metric == "eur"


def test_workers_auto_is_the_default(load, good):
    assert load(good + "executor: {workers: auto}\n") == load(good)


def test_one_name_to_start_from_is_a_list_of_one(load, good):
    assert load(good + "warm_start: {from: last}\n").warm_start == {"from": ["last"], "mode": "auto"}


def test_a_config_is_frozen_and_travels(load, everything):
    config = load(everything)
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.name = "other"  # type: ignore[misc]  # that is the point
    assert pickle.loads(pickle.dumps(config)) == config


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.strip)


@given(
    name=words,
    tags=st.dictionaries(words, words | st.integers() | st.booleans() | st.none(), max_size=4),
    seed=st.none() | st.integers(-(2**60), 2**60),
    trials=st.none() | st.integers(1, 10**9),
    time=st.none() | st.floats(0.001, 1e9),
    direction=st.sampled_from(["minimize", "maximize"]),
    target=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    retries=st.dictionaries(st.sampled_from([kind.value for kind in FailureClass]),
                            st.integers(0, 99) | st.just("unlimited")),
    options=st.dictionaries(words, st.recursive(st.none() | st.booleans() | st.integers() | words,
                                                lambda inner: st.lists(inner, max_size=3), max_leaves=5), max_size=3),
)  # fmt: skip
def test_whatever_is_said_reads_back_equal(name, tags, seed, trials, time, direction, target, retries, options):
    config = parse_config({
        "name": name, "tags": tags, "seed": seed, "budget": {"trials": trials, "time": time}, "retry": retries,
        "metric": {"name": "loss", "goal": direction, "target": target}, "parameters": {"a": {"min": 1, "max": 5}},
        "sampler": options,
    })  # fmt: skip
    assert parse_config(json.loads(json.dumps(config.to_dict()))) == config


def test_importing_the_room_brings_in_nothing_heavy():
    code = "import sys, sweeper.config; print([m for m in ('pydantic', 'numpy', 'scipy') if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"


def test_a_parameter_may_have_the_name_of_a_key():
    config = parse_config({"metric": {"name": "loss"}, "parameters": {"parameters": 3, "lr": {"min": 0.0, "max": 1.0}}})
    assert parse_config(config.to_dict()) == config
    assert list(config.space.parameters) == ["parameters", "lr"]


@pytest.mark.parametrize(
    ("written", "sources"),
    [
        ("last", ["last"]),
        ("[a, 'b*']", ["a", "b*"]),
        ("{from: {tag: dataset=digits}}", [{"tag": {"dataset": "digits"}}]),
        ("{from: [a, {tag: {dataset: digits, n: 3, old: true}}]}",
         ["a", {"tag": {"dataset": "digits", "n": "3", "old": "true"}}]),
    ],
)  # fmt: skip
def test_what_to_learn_from_has_short_forms_and_comes_back_as_it_is(load, good, written, sources):
    config = load(good + f"warm_start: {written}\n")

    assert config.warm_start == {"from": sources, "mode": "auto"}
    assert parse_config(config.to_dict()).warm_start == config.warm_start
