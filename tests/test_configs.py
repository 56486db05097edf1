"""Every bundled sweep: complete, small, readable by editors, found from anywhere, and run."""

from __future__ import annotations

import inspect
import shutil
from pathlib import Path

import jsonschema
import pytest
import yaml

import sweeper
from sweeper import content, plugins
from sweeper.config import SweepConfig, json_schema, load_config
from sweeper.trial.objective import from_target

NAMES = content.names("configs")
PROGRAMS = {"inventory_shell": "inventory.sh", "wandb_moons": "moons.py", "workflow_project": "workflow"}
FUNCTIONS = [name for name in NAMES if name not in PROGRAMS]

#: A sweep, and the decorated function that is the same sweep in Python.
TWINS = ["quickstart", "digits_forest", "breast_cancer_svm", "wine_grid", "diabetes_multi", "digits_early_stopping"]


def read(name: str, *overrides: str) -> SweepConfig:
    known = {"methods": plugins.names("sampler"), "executors": plugins.names("executor")}
    return load_config(name, overrides=overrides, pruners=plugins.names("pruner"), **known)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_there_are_at_least_six_and_each_kind_is_shown():
    configs = {name: read(name) for name in NAMES}
    assert len(configs) >= 6
    methods = {config.method for config in configs.values()}
    assert {"grid", "hyperopt-tpe"} <= methods
    assert any(config.space.constraints for config in configs.values())
    assert any(len(config.goals) > 1 for config in configs.values())
    assert any("kernel" in parameter.conditions for parameter in configs["breast_cancer_svm"].space.parameters.values())


@pytest.mark.parametrize("name", NAMES)
def test_it_reads_without_notices_and_says_in_its_first_line_what_it_is(name):
    config = read(name)
    assert config.notices == ()
    assert config.name == name.replace("_", "-")
    assert config.executor.workers == (None if name.startswith("wandb") else 2)
    assert config.budget.trials is None or config.budget.trials <= 40
    assert content.find("configs", name).read_text().startswith("# ")


@pytest.mark.parametrize("name", NAMES)
def test_editors_find_nothing_wrong(name):
    schema = json_schema(methods=plugins.names("sampler"), executors=plugins.names("executor"))
    jsonschema.validate(yaml.safe_load(content.find("configs", name).read_text()), schema)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_it_is_the_same_beside_its_example_as_in_the_package(name, tmp_path):
    """That is how ``sweeper init`` leaves them."""
    bundled = read(name)
    path, _, function = str(bundled.objective.target).rpartition(":")
    for file in (content.find("configs", name), Path(path)):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    beside = read(f"{name}.yaml")
    assert beside.objective.target == f"{tmp_path / Path(path).name}:{function}"
    assert beside.to_dict() | {"objective": ""} == bundled.to_dict() | {"objective": ""}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_found_in_the_package_and_beside_the_sweep(name, tmp_path):
    bundled = read(name)
    (tmp_path / f"{name}.yaml").write_bytes(content.find("configs", name).read_bytes())
    example = content.folder("examples") / PROGRAMS[name]
    assert str(example) in str(bundled.objective.to_dict())
    if example.is_dir():
        shutil.copytree(example, tmp_path / example.name)
    else:
        shutil.copy(example, tmp_path)
    beside = read(f"{name}.yaml")
    assert str(tmp_path / example.name) in str(beside.objective.to_dict())
    keys = dict.fromkeys(("command", "program", "mlproject"))
    assert beside.to_dict() | keys == bundled.to_dict() | keys


def test_a_file_of_wandb_has_only_its_own_keys():
    written = yaml.safe_load(content.find("configs", "wandb_moons").read_text())
    wandb = {"program", "name", "method", "run_cap", "metric", "early_terminate", "parameters"}
    assert set(written) == wandb


@pytest.mark.parametrize("name", TWINS)
def test_the_example_in_python_is_the_same_sweep(name):
    config = read(name)
    _, function = from_target(str(config.objective.target))
    assert function.config().space == config.space
    assert [(goal.name, goal.direction) for goal in function.config().goals] == [
        (goal.name, goal.direction) for goal in config.goals
    ]


@pytest.mark.parametrize("name", NAMES)
def test_it_runs(name, tmp_path):
    config = read(name, "budget.trials=2", "executor.kind=inline", "executor.workers=1")
    from sweeper.store import open_store

    store = open_store(f"sqlite:///{tmp_path / 'sweeper.db'}")
    try:
        result = sweeper.run_sweep(config, store=store, report=False)
        assert result.state == "finished"
        ended = {"complete", "pruned"} if config.early_terminate else {"complete"}
        assert len(result.trials) == 2
        assert {trial.state.value for trial in result.trials} <= ended
        assert all(config.space.contains(trial.params) for trial in result.trials)
        assert {goal.name for goal in config.goals} <= set(result.trials[0].metrics)
    finally:
        store.close()


def test_every_sampler_option_in_them_is_one_that_exists():
    for name in NAMES:
        config = read(name)
        sampler = plugins.load("sampler", config.method)
        sampler(config.space, config.goals, 0, **config.options)


def test_objectives_take_what_the_space_gives():
    for name in FUNCTIONS:
        config = read(name)
        _, function = from_target(str(config.objective.target))
        takes = inspect.signature(function).parameters
        anything = any(parameter.kind is parameter.VAR_KEYWORD for parameter in takes.values())
        assert anything or set(config.space.parameters) <= set(takes)
