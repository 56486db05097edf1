"""Failures of the same cause are one."""

from __future__ import annotations

from sweeper.analysis.failures import failure_groups, place, signature
from sweeper.records import Failure, FailureClass
from tests.analysis.conftest import failed, made, trial

TRACEBACK = """Traceback (most recent call last):
  File "/home/ada/train.py", line 3, in train
    fit(x)
  File "/home/ada/model.py", line {line}, in fit
    raise ValueError
ValueError: x
"""


def failure(message: str, line: int = 7, kind: FailureClass = FailureClass.EXCEPTION) -> Failure:
    return Failure(kind, message, TRACEBACK.format(line=line))


def test_numbers_and_addresses_in_a_message_do_not_tell_causes_apart() -> None:
    one = failure("shape (3, 128) of <obj at 0x7f3a2c> is not -1.5e-3")
    other = failure("shape (64, 9) of <obj at 0x55aa01> is not 2")

    assert signature(one) == signature(other)


def test_class_message_and_place_do() -> None:
    base = failure("no memory")
    assert signature(base) != signature(failure("no money"))
    assert signature(base) != signature(failure("no memory", kind=FailureClass.OOM))
    assert signature(base) != signature(Failure(FailureClass.EXCEPTION, "no memory"))


def test_the_most_frequent_cause_comes_first_with_its_trials() -> None:
    trials = [failed(i, failure(f"bad batch {i}")) for i in (1, 4, 5)]
    trials += [failed(2, failure("no memory")), trial(3, {}, 1.0)]
    groups = failure_groups(made({"a": {"min": 0, "max": 1}}, sorted(trials, key=lambda t: t.number)))

    assert [(group.size, group.message, group.numbers) for group in groups] == [
        (3, "bad batch 1", (1, 4, 5)),
        (1, "no memory", (2,)),
    ]
    assert groups[0].place == "model.py:7 in fit"


def test_a_failure_without_a_traceback_has_no_place() -> None:
    assert place(Failure(FailureClass.TIMEOUT, "killed after 2 min")) == ""


def test_the_first_line_of_a_message_speaks_for_it() -> None:
    found = failure_groups(made({"a": {"min": 0, "max": 1}}, [failed(0, Failure(FailureClass.EXIT, "\n  one\ntwo"))]))

    assert found[0].message == "one"
