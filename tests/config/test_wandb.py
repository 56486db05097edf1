"""Files of Weights & Biases, unchanged."""

from __future__ import annotations

import math

import pytest

from sweeper.config.sweep import WANDB_COMMAND
from sweeper.records import Goal


def test_every_key_of_a_file_is_understood(load, wandb_file):
    config = load(wandb_file)
    assert config.method == "tpe"
    assert config.budget.trials == 12
    assert config.experiment == "vision"
    assert config.tags == {"entity": "team", "kind": "sweep", "apiVersion": "v1", "controller": "local"}
    assert config.goals == (Goal("val_loss", "minimize", 0.05),)
    assert (config.impute, config.impute_while_running) == ("worst", "false")
    assert config.early_terminate == {"type": "hyperband", "s": 2, "eta": 3, "max_iter": 27, "strict": True}
    assert config.objective.target == ("${env}", "python3", "${program}", "${args}")
    assert config.space.parameters["learning_rate"].low == 1e-5
    assert config.space.parameters["old_style"].low == pytest.approx(math.exp(-3))
    assert config.space.parameters["epochs"].decode(0) == 27
    assert "block.depth-2.x" in config.space.parameters
    assert "method bayes of W&B is run as tpe" in config.notices


def test_the_shortest_file_runs_by_the_default_command(load):
    config = load("program: train.py\nmethod: random\nmetric: {name: loss}\nparameters: {lr: {min: 0.0, max: 1.0}}\n")
    assert config.objective.target == WANDB_COMMAND
    assert config.goals == (Goal("loss", "minimize"),)
    assert config.budget.trials == 100


def test_the_command_line_wins_over_a_word_of_wandb(load, wandb_file):
    config = load(wandb_file, "budget.trials=3", "experiment=mine")
    assert (config.budget.trials, config.experiment) == (3, "mine")


def test_several_metrics_with_the_custom_method(load):
    config = load(
        "program: train.py\nmethod: custom\nmetrics: [{name: loss}, {name: seconds}]\nparameters: {a: {values: [1]}}\n"
    )
    assert config.method == "auto"
    assert config.notices == ("method custom of W&B is run as auto",)


@pytest.mark.parametrize("name", ["accuracy", "val_acc", "test/auc", "f1-score", "R2", "val_F1"])
def test_a_metric_without_goal_that_looks_like_more_is_better_is_told(load, good, name):
    config = load(good.replace("{name: accuracy, goal: maximize}", f"{{name: {name}}}"))
    assert config.goals[0].direction == "minimize"
    assert config.notices == (f"{name} is minimised, as no goal is given; to maximise it write goal: maximize",)


@pytest.mark.parametrize("metric", ["{name: loss}", "{name: face_count}", "{name: accuracy, goal: minimize}"])
def test_no_such_notice_otherwise(load, good, metric):
    assert load(good.replace("{name: accuracy, goal: maximize}", metric)).notices == ()
