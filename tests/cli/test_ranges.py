"""``sweeper ranges``."""

from __future__ import annotations

import csv
from pathlib import Path

from sweeper.records import Goal
from tests.cli.conftest import Sweeper
from tests.cli.ranges_past import SPACE, write


def test_a_table_and_the_evidence_in_words(sweeper: Sweeper) -> None:
    sweeps = [write(seed) for seed in (1, 2, 3, 4)]

    ran = sweeper("ranges")

    assert ran.code == 0
    assert ran.lines[0] == "train.py:train, minimize loss: 4 sweeps, 160 trials"
    row = next(line for line in ran.lines if line.startswith("lr "))
    assert "1e-05 .. 0.1, log" in row
    assert "█" in row
    assert "lr: shrink to " in ran.out
    assert "values depend on it in 4 of 4 sweeps, and 90 % of the good trials" in ran.out
    assert "holds its best in 100 % of the sweeps" in ran.out
    assert "depth" in ran.out
    assert "kept whole: " in ran.out
    assert ran.lines[-1] == "next: sweeper narrow " + " ".join(s.id[-8:] for s in sweeps[::-1]) + " -o next.yaml"


def test_other_data_is_kept_apart_and_said_so(sweeper: Sweeper) -> None:
    for seed in (1, 2, 3):
        write(seed, tags={"dataset": "wine"})
    write(4, tags={"dataset": "beer"})

    ran = sweeper("ranges")

    assert "train.py:train, minimize loss, data dataset=beer: 1 sweep, 40 trials" in ran.lines
    assert "train.py:train, minimize loss, data dataset=wine: 3 sweeps, 120 trials" in ran.lines
    assert "kept apart, because they differ in data: 2 groups of sweeps." in ran.lines
    assert "to pool them: --merge data" in ran.lines

    merged = sweeper("ranges", "--merge", "data")
    assert any(line.startswith("train.py:train, minimize loss, data dataset=beer: 4 sweeps") for line in merged.lines)
    assert "note: data differs: " in merged.out

    only = sweeper("ranges", "--tag", "dataset=wine")
    assert "beer" not in only.out


def test_named_sweeps_are_pooled_with_a_note(sweeper: Sweeper) -> None:
    one, other = write(1, tags={"dataset": "wine"}), write(2, tags={"dataset": "beer"})

    ran = sweeper("ranges", one.id[-8:], other.id[-8:])

    assert "2 sweeps, 80 trials" in ran.lines[0]
    assert "note: data differs: dataset=beer" in ran.out


def test_json_has_the_same_facts(sweeper: Sweeper) -> None:
    for seed in (1, 2, 3):
        write(seed)

    lr, depth, kind = sweeper("ranges", "--json").json

    assert lr["parameter"] == "lr"
    assert lr["declared"] == SPACE["lr"]
    assert [sweep["trials"] for sweep in lr["sweeps"]] == [40, 40, 40]
    assert lr["recommendation"]["action"] == "shrink"
    assert lr["recommendation"]["coverage"] == 1.0
    assert lr["recommendation"]["range"]["min"] < 1e-3 < lr["recommendation"]["range"]["max"]
    assert abs(sum(lr["density"]["good"]) - 1) < 0.01
    assert depth["recommendation"]["action"] == "keep"
    assert kind["explored"] == {"values": ["gini", "entropy"]}


def test_csv_and_plot_are_written_whole(sweeper: Sweeper, here: Path) -> None:
    for seed in (1, 2, 3):
        write(seed)

    ran = sweeper("ranges", "-p", "lr", "--csv", "r.csv", "--plot", "r.png")

    assert ran.lines == ["wrote r.csv", "wrote r.png: train.py:train, minimize loss"]
    (row,) = csv.DictReader((here / "r.csv").open())
    assert (row["parameter"], row["action"], row["sweeps"]) == ("lr", "shrink", "3")
    assert (here / "r.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in here.iterdir() if "tmp" in path.name) == []


def test_a_mistyped_parameter_is_told_the_nearest(sweeper: Sweeper) -> None:
    write(1)

    ran = sweeper("ranges", "-p", "depht")

    assert ran.code == 2
    assert ran.err == "error: no parameter 'depht'; did you mean 'depth'?\n"


def test_nothing_matches_says_what_there_is(sweeper: Sweeper) -> None:
    write(1, tags={"dataset": "wine"})

    for asked, answer in (
        (("--objective", "trian.py:train"), "objective: did you mean 'train.py:train'?"),
        (("--tag", "dataset=vine"), "tags: did you mean 'dataset=wine'?"),
        (("--metric", "accuracy"), "metric: choose from: loss"),
        (("--name", "digts"), "name: did you mean 'digits'?"),
    ):
        ran = sweeper("ranges", *asked)
        assert ran.code == 2
        assert ran.err.startswith("error: no sweep matches ")
        assert answer in ran.err


def test_sweeps_that_share_nothing_say_what_they_have(sweeper: Sweeper) -> None:
    one = write(1, space={"lr": SPACE["lr"]})
    other = write(2, name="trees", space={"depth": SPACE["depth"]})

    ran = sweeper("ranges", one.id[-8:], other.id[-8:])

    assert ran.code == 2
    assert "these 2 sweeps share no parameter" in ran.err
    assert "trees has depth; digits has lr" in ran.err


def test_bad_options_are_said_before_anything_is_written(sweeper: Sweeper, here: Path) -> None:
    write(1)

    assert "must end with .png or .svg" in sweeper("ranges", "--csv", "r.csv", "--plot", "r.jpg").err
    assert "write KEY=VALUE" in sweeper("ranges", "--tag", "wine").err
    assert not (here / "r.csv").exists()
    assert sweeper("ranges", "--csv", "no/r.csv").code == 2


def test_without_complete_trials_there_is_nothing_to_learn(sweeper: Sweeper) -> None:
    write(1, trials=0)

    assert "no trial is complete yet in digits" in sweeper("ranges").err


def test_a_metric_chooses_the_goal(sweeper: Sweeper) -> None:
    write(1, goal=Goal("accuracy", "maximize"))
    write(2)

    ran = sweeper("ranges", "--metric", "accuracy")

    assert "--merge" not in sweeper("ranges").out  # sweeps of other goals are never pooled
    assert ran.lines[0].startswith("train.py:train, maximize accuracy: 1 sweep")
    assert "--metric accuracy -o next.yaml" in ran.out + ran.err


def test_ranges_that_sweeps_declare_differently_are_told(sweeper: Sweeper) -> None:
    write(1)
    write(2, space=SPACE | {"lr": {"min": 1e-4, "max": 1e-2, "log": True}})

    assert "lr was declared as 0.0001 .. 0.01, log in 1 sweep; 1e-05 .. 0.1, log in 1 sweep" in sweeper("ranges").lines


def test_the_command_to_type_next_names_the_store_and_ten_sweeps(sweeper: Sweeper) -> None:
    for seed in range(1, 12):
        write(seed, trials=12)

    ran = sweeper("ranges", "--store", "sweeper.db")

    assert "the latest 10 of 11 sweeps are named here; name more of them if you wish" in ran.lines
    assert ran.lines[-1].endswith(" -o next.yaml --store sweeper.db")
    assert len(ran.lines[-1].split()) == 3 + 10 + 4
