"""Text that came from anywhere, made fit to show."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sweeper.report.text import clean, clip, code_block, line, markdown

anything = st.text(max_size=60)


@given(st.text(alphabet=st.characters(), max_size=60))
def test_clean_text_can_be_written_and_holds_no_control_characters(text: str) -> None:
    made = clean(text)

    made.encode("utf-8")
    assert not [char for char in made if ord(char) < 32 and char not in "\n\t"]


def test_cut_text_says_how_long_it_was() -> None:
    assert clip("x" * 5000, 3) == "xxx… (5,000 characters)"
    assert clip("short", 5) == "short"


@given(anything)
def test_a_line_is_one_line(text: str) -> None:
    assert len(line(text).splitlines()) <= 1


@given(anything)
def test_a_block_ends_only_at_its_own_fence(text: str) -> None:
    made = code_block(text).split("\n")

    assert made[0] == made[-1]
    assert set(made[0]) == {"`"}
    assert made[0] not in made[1:-1]


def test_markdown_marks_are_escaped() -> None:
    assert markdown("a_b *c* [x](y) `d` <i> $e$ | @f") == (
        r"a\_b \*c\* \[x\](y) \`d\` &#60;i&#62; &#36;e&#36; &#124; &#64;f"
    )
