"""Words about a sweep."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.analysis.inert import OBEYED
from sweeper.analysis.summary import Summary
from sweeper.web.facts import command, facts
from tests.web.conftest import Kinds

words = st.text(st.characters(min_codepoint=32, exclude_categories=OBEYED), min_size=1, max_size=10)


@given(st.lists(words, min_size=1, max_size=4), words)
def test_a_shell_reads_a_command_as_its_words(given_words: list[str], url: str) -> None:
    made = command("trials", *given_words, url=url)

    assert shlex.split(made) == ["sweeper", "trials", *given_words, "--store", url]


@pytest.mark.parametrize(("seconds", "worked"), [(10.0, 60.0), (60.0, 10.0)], ids=["a slow start", "a long pause"])
def test_how_many_ran_at_once_counts_the_time_in_which_trials_ran(sweep: Kinds, seconds: float, worked: float) -> None:
    counts = {"complete": 4, "queued": 0, "running": 0}
    summary = Summary(counts, 4, 4, 0, seconds, worked, 20.0, 5.0, 4.0, 0, None)

    told = dict(facts(sweep("ordinary"), summary, {}))

    assert told["Compute"] == "20 s (2.0 at once)"
