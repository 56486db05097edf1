"""``sweeper best``."""

from __future__ import annotations

import textwrap
from pathlib import Path

from sweeper.records import Failure, FailureClass, Goal, SweepRecord
from tests.cli.conftest import Sweeper, past


def test_best(sweeper: Sweeper, digits: SweepRecord) -> None:
    assert sweeper("best", "digits").lines[:3] == ["accuracy 0.95 in trial 1", "  depth  8", "  kind   entropy"]
    best = sweeper("best", "digits", "--json").json
    assert len(best) == 1
    assert best[0] | {"run_id": ""} == {
        "number": 1,
        "run_id": "",
        "value": 0.95,
        "params": {"depth": 8, "kind": "entropy"},
    }


def test_best_of_several_goals_is_the_front(sweeper: Sweeper, here: Path) -> None:
    made = past("both", (Goal("accuracy", "maximize"), Goal("size")))
    made.trial({"depth": 4, "kind": "gini"}, 0.9, 10.0)
    made.trial({"depth": 5, "kind": "gini"}, 0.8, 20.0)
    made.write()
    assert [(item["number"], item["value"]) for item in sweeper("best", "both", "--json").json] == [(0, [0.9, 10.0])]
    assert "1 trial that no other beats in every goal" in sweeper("best", "both").out


def test_without_a_complete_trial_there_is_no_best(sweeper: Sweeper, here: Path) -> None:
    made = past()
    made.trial({"depth": 4, "kind": "gini"}, failure=Failure(FailureClass.TIMEOUT, "took longer than 1 s"))
    made.write()
    ran = sweeper("best", "last")
    assert ran.code == 1
    assert ran.lines[0] == "no trial of digits is complete yet"
    assert sweeper("best", "last", "--json").out == "null\n"


def test_the_knee_of_the_front_and_what_weights_do(sweeper: Sweeper, here: Path) -> None:
    made = past("both", (Goal("accuracy", "maximize"), Goal("size")))
    for depth, (accuracy, size) in enumerate([(0.9, 100.0), (0.85, 20.0), (0.5, 10.0)], start=4):
        made.trial({"depth": depth, "kind": "gini"}, accuracy, size)
    made.write()

    knee = sweeper("best", "both")
    weighted = sweeper("best", "both", "--weights", "accuracy=9,size=1", "--json").json

    assert "trial 1, nearest to the best of every goal: accuracy 0.85, size 20" in knee.lines
    assert [item["number"] for item in weighted if item["chosen"]] == [1]
    only = sweeper("best", "both", "--weights", "size=0", "--json").json
    assert [item["number"] for item in only if item["chosen"]] == [0]


def test_weights_are_checked(sweeper: Sweeper, digits: SweepRecord, here: Path) -> None:
    made = past("both", (Goal("accuracy", "maximize"), Goal("size")))
    made.trial({"depth": 4, "kind": "gini"}, 0.9, 10.0)
    made.write()

    assert "'size=much' is not of the form" in sweeper("best", "both", "--weights", "size=much").err
    assert "no goal 'sise'; did you mean 'size'?" in sweeper("best", "both", "--weights", "sise=1").err
    assert "a number from 0 on" in sweeper("best", "both", "--weights", "size=-1").err
    assert "every weight is 0" in sweeper("best", "both", "--weights", "accuracy=0,size=0").err
    several = sweeper("best", "both", "--repeat", "2")
    assert several.code == 2
    assert several.err.startswith("error: --repeat orders trials by the mean of one goal")
    assert "--weights is for several goals" in sweeper("best", "digits", "--weights", "accuracy=1").err


def test_the_robust_best_is_as_good_within_noise_and_cheaper(sweeper: Sweeper, here: Path) -> None:
    made = past()
    for depth, accuracy, seconds in [(30, 0.95, 9.0), (30, 0.93, 9.0), (30, 0.94, 9.0), (4, 0.945, 2.0), (2, 0.8, 1.0)]:
        made.trial({"depth": depth, "kind": "gini"}, accuracy, seconds=seconds)
    made.write()

    ran = sweeper("best", "last", "--robust")
    (found,) = sweeper("best", "last", "--robust", "--prefer", "depth", "--json").json

    assert ran.lines[0] == "accuracy 0.945 in trial 3"
    assert ran.lines[3] == (
        "It is the one with the smallest seconds of 3 trials within noise of the best: "
        "2 s, the best (trial 0) has 9 s; noise 0.01, from 2 repeats of the same parameters."
    )
    assert (found["number"], found["source"], sorted(found["among"])) == (3, "repeats", [0, 2, 3])


def test_what_is_preferred_must_be_there(sweeper: Sweeper, digits: SweepRecord) -> None:
    ran = sweeper("best", "digits", "--robust", "--prefer", "dept")

    assert ran.code == 2
    assert "no metric or parameter 'dept'; did you mean 'depth'?" in ran.err


def test_options_that_do_not_go_together(sweeper: Sweeper, digits: SweepRecord) -> None:
    assert "give it without --robust" in sweeper("best", "digits", "--repeat", "2", "--robust").err
    assert "--top goes with --repeat" in sweeper("best", "digits", "--top", "2").err


def test_the_top_candidates_run_again_before_one_is_chosen(sweeper: Sweeper, here: Path) -> None:
    """The luckiest trial of a noisy objective is not the best one: its reruns say so."""
    Path("train.py").write_text(
        textwrap.dedent("""
        def train(depth, trial):
            first = trial.seed == FIRST
            return {"accuracy": 0.9 if first else 0.1 * depth + 0.001 * (trial.seed % 7)}
    """).replace("FIRST", str(seed_of_the_first()))
    )
    Path("sweep.yaml").write_text(
        textwrap.dedent("""
        objective: train.py:train
        method: grid
        metric: {name: accuracy, goal: maximize}
        parameters: {depth: {values: [1, 2, 3, 4]}}
        executor: {kind: inline}
        seed: 3
    """)
    )
    assert sweeper("run", "sweep.yaml", "--quiet").code == 0
    assert sweeper("best", "sweep").lines[0] == "accuracy 0.9 in trial 0"

    ran = sweeper("best", "sweep", "--repeat", "3")
    (again,) = sweeper("best", "sweep", "--repeat", "2", "--top", "2", "--json").json

    assert ran.code == 0
    table = next(i for i, line in enumerate(ran.lines) if line.split()[:4] == ["TRIAL", "MEAN", "SD", "RUNS"])
    assert [line.split()[0] for line in ran.lines[table + 1 : table + 4]] == ["3", "2", "0"]
    assert any(line.startswith("trial 3: accuracy 0.40") and "+-" in line for line in ran.lines)
    assert any("more than noise explains" in line for line in ran.lines)
    assert ran.lines[-1].startswith("next: sweeper register ")
    assert again["best"]["params"] == {"depth": 4}
    assert [len(one["values"]) for one in again["candidates"]] == [5, 5]
    assert sweeper("best", "sweep").lines[0] == "accuracy 0.9 in trial 0"


def seed_of_the_first() -> int:
    from sweeper.controller.plan import trial_seed

    return trial_seed(3, 0)
