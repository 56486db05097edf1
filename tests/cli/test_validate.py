"""``sweeper validate`` and ``schema``."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Sweeper

GOOD = """
objective: train.py:train
metric: {name: accuracy, goal: maximize}
parameters: {depth: {min: 2, max: 32}, lr: {min: 1.0e-5, max: 0.1, log: true, when: {depth: [2, 3]}}}
constraints: [depth < 30]
budget: {trials: 5, time: 10m}
executor: {workers: 2, timeout: 90s}
"""


def write(folder: Path, text: str) -> None:
    (folder / "sweep.yaml").write_text(text)
    (folder / "train.py").write_text("def train(depth, lr=0.1):\n    raise SystemExit('must not run')\n")


def test_a_good_file_is_summed_up(sweeper: Sweeper, here: Path) -> None:
    write(here, GOOD)
    ran = sweeper("validate", "sweep.yaml")
    assert ran.code == 0
    assert ran.lines[0] == "OK  sweep.yaml"
    rows = {line.split(None, 1)[0]: line.split(None, 1)[1] for line in ran.lines[1:-1]}
    assert rows["space"] == "2 parameters, 1 conditional, 1 constraint"
    assert rows["budget"] == "5 trials, 10 min"
    assert rows["executor"] == "joblib with 2 workers"
    assert rows["timeout"] == "1 min 30 s for each trial"
    assert ran.lines[-1] == "next: sweeper run sweep.yaml"
    assert sorted(path.name for path in here.iterdir()) == ["sweep.yaml", "train.py"]


def test_every_problem_is_listed_with_its_line(sweeper: Sweeper, here: Path) -> None:
    write(
        here, GOOD.replace("max: 32", "max: 1").replace("train.py:train", "train.py:trian").replace("trials", "trails")
    )
    ran = sweeper("validate", "sweep.yaml")
    assert ran.code == 2
    assert ran.out == ""
    lines = ran.err.splitlines()
    assert lines[0] == "error: 3 problems"
    assert all("sweep.yaml:" in line for line in lines[1:])
    assert "did you mean" in ran.err


def test_problems_as_json(sweeper: Sweeper, here: Path) -> None:
    write(here, GOOD.replace("max: 32", "max: 1"))
    ran = sweeper("validate", "sweep.yaml", "--json")
    assert ran.code == 2
    (answer,) = ran.json
    assert (answer["ok"], len(answer["problems"])) == (False, 1)
    assert answer["problems"][0]["line"] == 4
    assert answer["problems"][0]["path"].startswith("parameters.depth")


def test_a_good_file_as_json(sweeper: Sweeper, here: Path) -> None:
    write(here, GOOD)
    assert sweeper("validate", "sweep.yaml", "--json").json == [
        {"file": "sweep.yaml", "ok": True, "problems": [], "notices": []}
    ]


def test_a_key_that_does_nothing_yet_is_said(sweeper: Sweeper, here: Path) -> None:
    write(here, GOOD + "tracking: {mlflow: true}\n")
    assert "note: tracking is not acted on in this version" in sweeper("validate", "sweep.yaml").lines
    assert sweeper("validate", "sweep.yaml", "--json").json[0]["notices"]


def test_settings_are_checked_too(sweeper: Sweeper, here: Path) -> None:
    write(here, GOOD)
    ran = sweeper("validate", "sweep.yaml", "--set", "method=tep")
    assert ran.code == 2
    assert "did you mean 'tpe'" in ran.err


def test_a_file_that_is_not_there(sweeper: Sweeper, here: Path) -> None:
    ran = sweeper("validate", "nowhere.yaml")
    assert ran.code == 2
    assert ran.err.startswith("error: ")
    assert "nowhere.yaml" in ran.err


def test_the_schema_is_json_schema(sweeper: Sweeper, here: Path) -> None:
    readable, compact = sweeper("schema"), sweeper("schema", "--json")
    assert json.loads(readable.out) == compact.json[0]
    assert len(compact.lines) == 1
    assert {"objective", "metric", "parameters", "budget"} <= set(compact.json[0]["properties"])


def test_what_a_sweep_will_learn_from_is_shown(sweeper: Sweeper, here: Path) -> None:
    write(here, GOOD + "warm_start: {from: ['digits-*', {tag: {dataset: digits}}], mode: prior}\n")
    assert "warm start  prior, from digits-*, tag dataset=digits" in sweeper("validate", "sweep.yaml").lines


def test_the_options_of_a_rule_are_checked_at_their_line(sweeper: Sweeper, here: Path) -> None:
    write(here, GOOD + "early_terminate: {type: percentile, percentile: most}\n")
    ran = sweeper("validate", "sweep.yaml")
    assert ran.code == 2
    assert ran.err.startswith("error: sweep.yaml:")
    assert "early_terminate: percentile: percentile must be in 0 .. 100, not 'most'" in ran.err
