"""Importance as texts."""

from __future__ import annotations

from sweeper.analysis.verdicts import Gain, Importance, ParameterImportance, Partner, Share
from sweeper.analysis.words import gain_text, importance_texts

ALONE = Importance(
    "loss", "fanova", 40,
    parameters=(
        ParameterImportance("rate", Share(0.6, 0.5, 0.7), None, partner=Partner("units", Share(0.12, 0.1, 0.2))),
        ParameterImportance("units", Share(0.2, 0.1, 0.3, uncertain=True), Share(0.1, 0.0, 0.2)),
    ),
    constant=("seed",),
)  # fmt: skip


def test_a_row_for_each_parameter_and_the_constants_last() -> None:
    texts = importance_texts(ALONE)

    assert texts.header == ("parameter", "whole range", "best 20 %", "works with", "note")
    assert texts.rows == (
        ("rate", "60% (50% to 70%)", "-", "units, 12%", ""),
        ("units", "20% (10% to 30%), uncertain", "10% (0% to 20%)", "-", ""),
        ("seed", "-", "-", "-", "constant"),
    )
    assert texts.numeric == {1, 2}


def test_earlier_sweeps_have_columns_when_there_are_some() -> None:
    gained = ParameterImportance("rate", None, None, past=0.5, sweeps=3, gain=Gain(0.02, 0.01, 0.03, 1e-3))

    texts = importance_texts(Importance("loss", "fanova", 40, parameters=(gained,), past=3))

    assert texts.header[-2:] == ("earlier sweeps", "tuned alone from the last best")
    assert texts.rows[0][-2:] == ("50% in 3", "0.02 better at 0.001 (0.01 to 0.03)")


def test_a_gain_that_may_be_none_is_not_promised() -> None:
    assert gain_text(Gain(0.02, -0.01, 0.03, 4)) == "nothing sure"
    assert gain_text(None) == "-"
