"""What a sweep decided before it began, as a person reads it."""

from __future__ import annotations

from sweeper.controller.choices import GUARD, REASON, WARM_START, method_text, warm_facts


def test_a_method_that_auto_chose_says_why() -> None:
    assert method_text("tpe", {REASON: "there are 2 goals"}) == "tpe (auto: there are 2 goals)"
    assert method_text("tpe", {}) == "tpe"


def test_a_cold_sweep_has_nothing_to_say_of_a_past() -> None:
    assert warm_facts({"dataset": "digits"}) == []
    assert warm_facts({WARM_START: "from 1 sweep"}) == [("warm start", "from 1 sweep")]
    assert warm_facts({GUARD: "no help", WARM_START: "from 1 sweep"})[1] == ("prior off", "no help")
