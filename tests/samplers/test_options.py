"""Options of a sampler."""

from __future__ import annotations

from typing import Any

import pytest

from sweeper.errors import UsageError
from sweeper.plugins import SAMPLERS, load
from sweeper.records import Goal
from sweeper.samplers.options import Option, one_goal, read_options
from sweeper.space import Int, SearchSpace

KNOWN = {
    "count": Option(int, 10, low=1), "share": Option(float, None, low=0.0, high=1.0), "on": Option(bool, True),
    "kind": Option(str, "sobol", choices=("sobol", "halton")),
}


def test_what_is_not_given_has_its_default() -> None:
    assert read_options("x", KNOWN, {"count": 3, "kind": None}) == {
        "count": 3, "share": None, "on": True, "kind": "sobol",
    }


def test_a_whole_number_is_taken_for_a_float() -> None:
    share = read_options("x", KNOWN, {"share": 1})["share"]
    assert share == 1.0
    assert type(share) is float


@pytest.mark.parametrize(("given", "sentence"), [
    ({"cuont": 3}, "sampler x: no option 'cuont'; did you mean 'count'?"),
    ({"zzz": 3}, "sampler x: no option 'zzz'; choose from: count, share, on, kind"),
    ({"count": 0}, "sampler x: option count is 0; must be at least 1"),
    ({"count": 1.5}, "sampler x: option count is 1.5; must be a whole number"),
    ({"count": True}, "sampler x: option count is True; must be a whole number"),
    ({"share": 1.1}, "sampler x: option share is 1.1; must be at most 1.0"),
    ({"share": float("nan")}, "sampler x: option share is nan; must be a number"),
    ({"on": "yes"}, "sampler x: option on is 'yes'; must be true or false"),
    ({"kind": "sobel"}, "sampler x: option kind is 'sobel'; did you mean 'sobol'?"),
])
def test_a_wrong_option_is_a_sentence(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UsageError) as error:
        read_options("x", KNOWN, given)
    assert str(error.value) == sentence


def test_a_sampler_for_one_goal_names_the_goals_and_what_takes_several() -> None:
    with pytest.raises(UsageError, match=r"there are 2 \(loss, time\); use tpe"):
        one_goal("cmaes", (Goal("loss"), Goal("time")))


@pytest.mark.parametrize("name", [name for name in SAMPLERS if name != "gp"])
def test_every_sampler_refuses_an_unknown_option(name: str) -> None:
    with pytest.raises(UsageError, match=f"sampler {name}: no option 'nonsense'"):
        load("sampler", name)(SearchSpace({"n": Int(1, 3)}), (Goal("loss"),), 1, nonsense=1)
