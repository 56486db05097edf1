"""Words about a sweep."""

from __future__ import annotations

import shlex

from hypothesis import given
from hypothesis import strategies as st

from sweeper.analysis.inert import OBEYED
from sweeper.web.facts import command

words = st.text(st.characters(min_codepoint=32, exclude_categories=OBEYED), min_size=1, max_size=10)


@given(st.lists(words, min_size=1, max_size=4), words)
def test_a_shell_reads_a_command_as_its_words(given_words: list[str], url: str) -> None:
    made = command("trials", *given_words, url=url)

    assert shlex.split(made) == ["sweeper", "trials", *given_words, "--store", url]
