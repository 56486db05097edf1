"""The best parameters are a sweep file that runs them again."""

from __future__ import annotations

from pathlib import Path

import pytest

from sweeper.analysis import TrialTable
from sweeper.config import load_config
from sweeper.records import Goal
from sweeper.report.best_params import best_params_yaml, parameters_yaml
from sweeper.space.yaml import load
from tests.analysis.conftest import made, trial
from tests.report.conftest import Found, Reported

CONFIG = {
    "name": "n", "command": ["python", "train.py"], "metric": {"name": "loss", "goal": "minimize"}, "method": "tpe",
    "budget": {"trials": 50}, "early_terminate": {"type": "asha"}, "seed": 4,
    "store": "postgresql://ada:***@host/db", "tags": {"data": "digits"}, "executor": {"kind": "inline"},
}  # fmt: skip
NESTED = {"optimizer": {"parameters": {"lr": {"min": 1e-6, "max": 1.0}, "name": {"values": ["1e-5", "adam", None]}}}}


def one(space: dict[str, object], params: dict[str, object], **config: object) -> TrialTable:
    return made(space, [trial(0, params, 0.25)], config=CONFIG | config)


@pytest.mark.parametrize("kind", ["ordinary", "one", "running", "goals", "conditional"])
def test_the_file_loads_and_its_only_point_is_the_best_trial(report: Reported, found: Found, kind: str) -> None:
    config = load_config(report(kind).folder / "best_params.yaml")

    facts = found(kind)
    assert facts.best is not None
    assert list(config.space.grid()) == [facts.table.assigned[facts.best]]
    assert config.method == "grid"
    assert config.goals == facts.sweep.goals
    assert config.budget.trials is None


def test_nested_parameters_come_back_nested_and_exact(tmp_path: Path) -> None:
    table = one(NESTED, {"optimizer.lr": 0.1 + 0.2, "optimizer.name": "1e-5"})
    path = tmp_path / "best.yaml"
    path.write_text(best_params_yaml(table, 0, "best.yaml"))
    (tmp_path / "train.py").touch()

    config = load_config(path)

    (point,) = config.space.grid()
    assert config.space.nest(point) == {"optimizer": {"lr": 0.30000000000000004, "name": "1e-5"}}
    assert load(parameters_yaml(table, 0)) == {"optimizer": {"lr": 0.30000000000000004, "name": "1e-5"}}


def test_what_belongs_to_the_search_is_left_out_and_so_is_a_masked_password() -> None:
    table = one({"a": {"min": 0, "max": 5}}, {"a": 1}, constraints=["a < 4"])

    document = load(best_params_yaml(table, 0, "x.yaml"))

    assert set(document) == {"name", "command", "method", "metric", "parameters", "seed", "tags", "executor"}
    assert document["name"] == "s-best"


def test_the_comment_says_which_trial_and_what_to_type() -> None:
    text = best_params_yaml(one({"a": {"min": 0, "max": 5}}, {"a": 1}), 0, "reports/x/best_params.yaml")

    assert text.startswith(
        "# Trial 0 of sweep s (55555555): loss = 0.25 (minimize)\n"
        "# It is the best one, of 1 complete trial.\n"
        "# Run it again:    sweeper run reports/x/best_params.yaml\n"
    )


def test_a_hostile_name_does_not_end_the_comment() -> None:
    table = made(
        {"a": {"min": 0, "max": 5}}, [trial(0, {"a": 1}, 1.0)], goals=[Goal("x\nevil: true")], name="n\nevil: 1"
    )

    assert "evil" not in load(best_params_yaml(table, 0, "p\nevil: 2"))


def test_without_an_objective_the_comment_says_what_to_add() -> None:
    table = made({"a": {"min": 0, "max": 5}}, [trial(0, {"a": 1}, 1.0)], config={"metric": {"name": "loss"}})

    assert "add `objective: FILE.py:FUNCTION`" in best_params_yaml(table, 0, "x.yaml")
