"""Answers that are kept as long as a sweep stands as it did."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from sweeper.records import SweepState
from sweeper.testing.sweeps import sweep_record
from sweeper.web.kept import Kept

BEFORE = sweep_record(counts={"running": 2, "complete": 98})


def test_an_answer_holds_until_a_trial_begins_or_ends() -> None:
    kept: Kept[str] = Kept()
    kept.put(BEFORE, "old")

    assert kept.get(replace(BEFORE, seconds=5.0), lambda: "new") == "old"
    assert kept.get(replace(BEFORE, counts={"running": 1, "complete": 99}), lambda: "new") == "new"


@pytest.mark.parametrize(("complete", "held"), [(98, True), (99, True), (100, False), (97, False)])
def test_with_slack_a_few_new_trials_make_no_difference(complete: int, held: bool) -> None:
    kept: Kept[str] = Kept()
    kept.put(BEFORE, "old")
    now = replace(BEFORE, counts={"running": 2, "complete": complete})

    assert (kept.known(now, 0.01) == "old") is held
    assert kept.known(replace(now, state=SweepState.FINISHED), 0.01) is None


def test_of_those_who_ask_at_once_one_makes_the_answer() -> None:
    kept: Kept[int] = Kept()
    made: list[int] = []
    found: list[int] = []
    gate = threading.Event()

    def make() -> int:
        made.append(1)
        gate.wait(10)
        return 7

    threads = [threading.Thread(target=lambda: found.append(kept.get(BEFORE, make))) for _ in range(4)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join(10)

    assert (found, len(made)) == ([7] * 4, 1)


def test_those_not_asked_for_longest_go_first() -> None:
    one, two, three = (sweep_record(str(name)) for name in range(3))
    kept: Kept[str] = Kept(2)
    kept.put(one, "1")
    kept.put(two, "2")
    assert kept.known(one) == "1"

    kept.put(three, "3")

    assert [kept.known(each) for each in (one, two, three)] == ["1", None, "3"]
