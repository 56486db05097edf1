"""Hooks: what one of them does never ends a sweep."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from sweeper.controller.audience import Audience
from sweeper.interfaces import Hook, Progress
from sweeper.records import SweepRecord

PROGRESS = Progress("s", "running", 1, {}, None, None, 0.0, 0.0, None)
SWEEP: Any = SweepRecord.__new__(SweepRecord)
STORE: Any = object()


class Listener(Hook):
    def __init__(self) -> None:
        self.heard: list[str] = []

    def notice(self, message: str) -> None:
        self.heard.append(message)

    def progress(self, progress: Progress) -> None:
        self.heard.append("progress")


class Broken(Hook):
    def progress(self, progress: Progress) -> None:
        raise ValueError("no terminal")

    def finished(self, sweep: SweepRecord, store: Any) -> None:
        raise OSError("disk full")


def test_an_error_is_told_to_the_others_and_they_go_on() -> None:
    listener = Listener()

    Audience([Broken(), listener]).progress(PROGRESS)

    assert listener.heard == ["Broken.progress failed and was passed over: ValueError: no terminal", "progress"]


def test_each_thing_that_breaks_is_told_once() -> None:
    listener = Listener()
    audience = Audience([Broken(), listener])
    for _ in range(3):
        audience.progress(PROGRESS)
        audience.finished(SWEEP, STORE)

    told = [message for message in listener.heard if message != "progress"]
    assert [message.split(":")[1].strip() for message in told] == ["ValueError", "OSError"]


def test_nobody_else_there_is_a_warning() -> None:
    with pytest.warns(RuntimeWarning, match="no terminal"):
        Audience([Broken()]).progress(PROGRESS)


def test_a_hook_that_fails_at_hearing_of_failures_is_passed_over() -> None:
    class Deaf(Hook):
        def notice(self, message: str) -> None:
            raise RuntimeError

    listener = Listener()
    Audience([Deaf(), Broken(), Deaf(), listener]).notice("hello")
    Audience([Deaf(), Broken(), listener]).progress(PROGRESS)

    assert "hello" in listener.heard


def test_a_method_may_be_left_out_by_any_object() -> None:
    class OnlyNotices:
        def __init__(self) -> None:
            self.heard: list[str] = []

        def notice(self, message: str) -> None:
            self.heard.append(message)

    hook: Any = OnlyNotices()
    audience = Audience([hook, Hook()])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        audience.started(SWEEP, STORE)
        audience.progress(PROGRESS)
        audience.trial_ended(SWEEP, STORE)
        audience.notice("hello")
        audience.finished(SWEEP, STORE)

    assert hook.heard == ["hello"]


def test_trials_are_made_only_for_a_hook_that_looks_at_them() -> None:
    class Looks(Hook):
        def trial_ended(self, sweep: SweepRecord, trial: Any) -> None:
            pass

    assert not Audience([Hook(), Listener()]).wants_trials
    assert Audience([Hook(), Looks()]).wants_trials
    assert not Audience([]).wants_trials


def test_a_person_can_still_interrupt() -> None:
    class Interrupted(Hook):
        def progress(self, progress: Progress) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Audience([Interrupted()]).progress(PROGRESS)
