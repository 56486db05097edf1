"""What a person reads for the common mistakes, word for word where the words matter."""

from __future__ import annotations

import pytest

from sweeper.config import load_config
from sweeper.errors import ConfigError


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        ("xyzzy: 1", "xyzzy: unknown key 'xyzzy'; choose from: name, description, objective, command"),
        ("sede: 1", "sede: unknown key 'sede'; did you mean 'seed'?"),
        ("Metod: tpe", "Metod: unknown key 'Metod'; did you mean 'method'?"),
        ("early-terminate: {type: asha}", "unknown key 'early-terminate'; did you mean 'early_terminate'?"),
        ("trials: 50", "trials: unknown key 'trials' here; did you mean budget.trials?"),
        ("n_trails: 50", "unknown key 'n_trails' here; did you mean budget.trials?"),
        ("wokers: 4", "wokers: unknown key 'wokers' here; did you mean executor.workers?"),
        ("goal: maximize", "goal: unknown key 'goal' here; did you mean metric.goal?"),
        ("budget: {seed: 4}", "budget.seed: unknown key 'seed' here; did you mean seed?"),
        ("budget: {target: 0.9}", "budget.target: unknown key 'target' here; did you mean metric.target?"),
        ("budget: {trails: 4}", "budget.trails: unknown key 'trails'; did you mean 'trials'?"),
        ("retry: {invalid_values: 1}", "unknown key 'invalid_values'; did you mean 'invalid-value'?"),
        ("job: x", "job: W&B Launch jobs are not run here; use program with command"),
        ("image_uri: x", "image_uri: container images are not started here; use command"),
        ("scheduler: {engine: optuna}", "scheduler: W&B's scheduler block runs code of its own; choose a method"),
        ("method: TPE", "method: there is no method 'TPE'; did you mean 'tpe'?"),
        ("method: cma-es", "method: there is no method 'cma-es'; did you mean 'cmaes'?"),
        ("method: hyperopt", "method: there is no method 'hyperopt'; did you mean 'hyperopt-tpe'?"),
        ("method: 3", "method: must be text, got 3; put it in quotes"),
        ("executor: {kind: joblb}", "executor.kind: there is no executor 'joblb'; did you mean 'joblib'?"),
        ("executor: ray", "executor: must be a mapping such as {kind: joblib, workers: 4, timeout: 2m}, got 'ray'"),
        ("executor: {workers: -1}", "executor.workers: must be a whole number of 1 or more, got -1"),
        ("executor: {workers: '4'}", "must be a whole number of 1 or more, got '4'; remove the quotes"),
        ("executor: {timeout: never}", "executor.timeout: must be a duration above zero, such as 90s"),
        ("executor: {memory: 2 elephants}", "executor.memory: must be an amount of memory above zero"),
        ("executor: {isolation: none}", "executor.isolation: must be 'shared' or 'fresh', got 'none'"),
        ("budget: {trials: true}", "budget.trials: must be a whole number of 1 or more, got True"),
        ("budget: {trials: 2.5}", "budget.trials: must be a whole number of 1 or more, got 2.5"),
        ("budget: {failures: 0}", "budget.failures: must be a whole number of 1 or more, got 0"),
        ("budget: {cost: {metric: eur}}", "budget.cost.limit: is missing, write for example {metric: dollars"),
        ("budget: 50", "budget: must be a mapping such as {trials: 60, time: 20m}, got 50"),
        ("seed: 1.5", "seed: must be a whole number, got 1.5"),
        ("name: ''", "name: is empty; give it a value or remove the key"),
        ("name: [a]", "name: must be text, got ['a']"),
        ("sampler: [a]", "sampler: must be a mapping (key: value), got ['a']"),
        ("tags: {a: [1, 2]}", "tags.a: must be text, or a mapping of texts, got [1, 2]"),
        ("tracking: {mlflow: sometimes}", "tracking.mlflow: must be true or false, got 'sometimes'"),
        ("warm_start: {mode: auto}", "warm_start.from: is missing, write for example {from: last, mode: auto}"),
        ("warm_start: {from: last, mode: warm}", "must be 'auto', 'enqueue', 'prior', 'narrow' or 'tell', got 'warm'"),
        ("warm_start: {from: []}", "warm_start.from: is empty; name a sweep, or write last"),
        ("warm_start: {from: {name: a}}", "warm_start.from: must be names or ids of sweeps, last, or {tag: {dataset"),
        ("warm_start: {form: last, from: last}", "warm_start.form: unknown key 'form'; did you mean 'from'?"),
        ("early_terminate: {type: hyperband}", "hyperband needs min_iter, or max_iter together with s"),
        ("early_terminate: {type: hyperband, min_iter: 0}", "early_terminate.min_iter: must be a whole number of 1"),
        ("early_terminate: {type: hyperband, min_iter: 3, eta: 1}", "early_terminate.eta: must be a number above 1"),
        ("early_terminate: {min_iter: 3}", "early_terminate.type: is missing, write for example {type: hyperband"),
        ("constraints: depth +", "constraints"),
        ("run_cap: 5\nbudget: {trials: 6}", "run_cap: means the same as budget.trials, which is 6; keep one"),
        ("project: a\nexperiment: b", "project: means the same as experiment, which is 'b'; keep one"),
        ("seed: 1\nseed: 2", "seed: this key was already given on line 5; keep one of them"),
    ],
)
def test_a_mistake_beside_a_good_file_is_one_sentence(complaints, good, extra, sentence):
    (found,) = complaints(f"{good}{extra}\n")
    assert sentence in found
    assert found.startswith(("sweep.yaml:5: ", "sweep.yaml:6: "))


@pytest.mark.parametrize(
    ("metric", "sentence"),
    [
        ("metrc: {name: a}", "sweep.yaml:2: metrc: unknown key 'metrc'; did you mean 'metric' or 'metrics'?"),
        ("metric: accuracy", "metric: must be a mapping such as {name: accuracy, goal: maximize}, got 'accuracy'"),
        ("metric: {goal: maximize}", "metric.name: is missing, write for example {name: accuracy, goal: maximize}"),
        ("metric: {name: a, goal: maximise}", "metric.goal: must be 'minimize' or 'maximize', got 'maximise'"),
        ("metric: {name: a, target: high}", "metric.target: must be a number, got 'high'"),
        ("metric: {name: a, impute: median}", "metric.impute: must be 'latest', 'best' or 'worst', got 'median'"),
        ("metrics: []", "metrics: is empty; name at least one metric"),
        ("metrics: true", "metrics: must be a list, got True"),
        ("metrics:", "metric: is missing, write for example metric: {name: accuracy, goal: maximize}"),
        ("metrc:", "metrc: unknown key 'metrc'; did you mean 'metric' or 'metrics'?"),
        ("metrics: {name: a}", "metrics: must be a list, got {'name': 'a'}"),
        ("metrics: [{name: a}, {name: a}]", "metrics: 'a' is there twice"),
        ("metrics: [{name: a}, {name: 3}]", "metrics.1.name: must be text, got 3; put it in quotes"),
        ("metrics: [a]", "metrics.0: must be a mapping such as {name: accuracy, goal: maximize}, got 'a'"),
        ("metric: {name: a}\nmetrics: [{name: b}]", "metrics: metric and metrics are both given; keep one"),
        ("seed: 1", "metric: is missing, write for example metric: {name: accuracy, goal: maximize}"),
    ],
)
def test_a_mistake_in_the_metric_is_one_sentence(complaints, metric, sentence):
    (found,) = complaints(f"objective: train.py:train\n{metric}\nparameters: {{a: {{min: 1, max: 2}}}}\n")
    assert sentence in found


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ("parameters: {a: {min: 0, max: 1, distribution: log_uniform_values}}", "a log axis needs min above 0"),
        ("parameters: {a: {min: 5, max: 1}}", "min 5"),
        ("parameters: {a: {values: 3}}", "parameters.a.values: "),
        ("parameters: {a: {mini: 3, max: 4}}", "parameters.a.mini: unknown key 'mini'; did you mean 'min'"),
        ("parameters: [a, b]", "parameters: must be a mapping (key: value), got ['a', 'b']"),
        ("parameters:", "parameters: is missing, write for example {depth: {min: 2, max: 32}}, or search_space: NAME"),
        ("parameter: {a: {min: 1, max: 2}}", "unknown key 'parameter'; did you mean 'parameters'?"),
        ("seed: 1", "parameters: is missing"),
    ],
)
def test_a_mistake_in_the_search_space_is_one_sentence(complaints, parameters, sentence):
    (found,) = complaints(f"objective: train.py:train\nmetric: {{name: a}}\n{parameters}\n")
    assert sentence in found


def test_long_values_are_cut_in_messages(complaints, good):
    (found,) = complaints(good + f"name: [{', '.join(['word'] * 500)}]\n")
    assert len(found) < 200
    assert found.endswith("...")


def test_without_known_names_any_name_passes(load, good):
    load(good)
    config = load_config("sweep.yaml", overrides=["method=mine", "executor.kind=mine", "early_terminate.type=mine"])
    assert (config.method, config.executor.kind, config.early_terminate) == ("mine", "mine", {"type": "mine"})


def test_where_no_name_exists_there_is_nothing_to_choose_from(load, good):
    load(good)
    with pytest.raises(ConfigError, match="there is no early_terminate type 'asha'; there are none"):
        load_config("sweep.yaml", overrides=["early_terminate.type=asha"], pruners=[])


def test_the_choices_are_named_once(load, good):
    load(good)
    with pytest.raises(ConfigError, match=r"choose from: auto, tpe, bayes, custom$"):
        load_config("sweep.yaml", overrides=["method=xyzzy"], methods=["auto", "tpe"])
