"""What a person is warned of."""

from __future__ import annotations

import math
import random

from sweeper.analysis.ranges.survey import ParameterRange, survey
from sweeper.records import Params
from tests.analysis.ranges.conftest import SPACE, bowl, one, several


def kinds(found: list[ParameterRange], name: str) -> dict[str, str]:
    return {flag.kind: flag.text for each in found if each.name == name for flag in each.flags}


def test_a_parameter_that_never_mattered_is_named_one_that_did_is_not() -> None:
    found = survey(several(bowl, 5, trials=150))

    assert kinds(found, "noise")["unimportant"] == "never mattered"
    assert "unimportant" not in kinds(found, "lr")


def test_a_part_without_trials_is_named() -> None:
    def half(rng: random.Random) -> Params:
        return {"lr": 10 ** rng.uniform(-5, -3), "depth": rng.randint(1, 32), "kind": "sgd", "noise": 0.1}

    found = survey(several(bowl, 3, draw=half))

    assert kinds(found, "lr")["unexplored"].startswith("nothing tried in 0.000")
    assert kinds(found, "lr")["unexplored"].endswith(".. 0.1")
    assert kinds(found, "kind")["unexplored"] == "never tried: adam, lion"


def test_sweeps_that_contradict_one_another_are_named() -> None:
    low = one(lambda params: (math.log10(params["lr"]) + 4.5) ** 2, 1, trials=100)
    high = one(lambda params: (math.log10(params["lr"]) + 1.5) ** 2, 2, trials=100)

    text = kinds(survey([low, high]), "lr")["conflict"]

    assert "past 00000001 and past 00000002 disagree: good in " in text


def test_other_kinds_of_a_parameter_are_told() -> None:
    linear = SPACE | {"lr": {"min": 1e-5, "max": 1e-1}}

    text = kinds(survey([one(bowl, 1, space=linear), one(bowl, 2)]), "lr")["kinds"]

    assert text == "not of one kind: numbers in 1 sweep, numbers on a log axis in 1 sweep"


def test_an_edge_says_what_follows_from_it() -> None:
    space = {"x": {"min": 5.0, "max": 9.0}, "y": {"min": 0.0, "max": 1.0}}
    found = survey(several(lambda params: params["y"] - params["x"], 3, space=space))

    assert kinds(found, "x")["edge"] == "the best of 3 of 3 sweeps at the upper edge 9: extend to 10"
