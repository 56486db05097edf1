"""The inline executor: calls in this process."""

from __future__ import annotations

import os

import pytest

from sweeper.executors.inline import InlineExecutor
from sweeper.testing.executors import ExecutorConformance, begin, pid


class TestInlineExecutor(ExecutorConformance):
    @pytest.fixture
    def executor(self) -> InlineExecutor:  # type: ignore[override]  # nothing to close
        return InlineExecutor(1, begin, ("word",))


def test_calls_run_in_this_process() -> None:
    assert InlineExecutor(4, begin, ("word",)).submit(0, pid).result() == os.getpid()


def test_it_has_one_slot_whatever_is_asked() -> None:
    assert InlineExecutor(4, begin, ("word",)).slots == 1
