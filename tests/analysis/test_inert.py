"""Text that came from anywhere does nothing where it lands."""

from __future__ import annotations

import subprocess

import pytest

from sweeper.analysis.inert import word

OBEYED = ("a\nreboot", "\x1b[201~\x03reboot\n", "it's\x15", "a\\b\x07", "x\u202egnp", "\u2028", "\x9b31m")


@pytest.mark.parametrize("text", [*OBEYED, "it's", "a b", "$(reboot)", "`reboot`", "a;reboot", "\\x41", ""])
def test_a_shell_reads_the_word_and_the_terminal_obeys_nothing(text: str) -> None:
    typed = word(text)

    assert typed.isprintable()
    read = subprocess.run(
        ["bash", "-c", f"printf %s {typed}"], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}
    )
    assert read.stdout.decode() == text


def test_what_needs_no_quotes_has_none() -> None:
    assert word("digits-2") == "digits-2"
