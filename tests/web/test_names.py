"""File names out of any name."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.testing.sweeps import sweep_record
from sweeper.web.names import file_name, file_names, stem_of


@given(st.lists(st.text(max_size=80), unique=True, max_size=12))
def test_names_are_safe_and_differ_even_where_case_does_not_count(names: list[str]) -> None:
    made = file_names(names, "parameter")

    assert list(made) == names
    assert len({name.lower() for name in made.values()}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,70}", name) for name in made.values())


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("optimizer.lr", "optimizer.lr"),
        ("../../etc/passwd", "etc-passwd"),
        ("a b/c", "a-b-c"),
        ("学习率", "x"),
        (".", "x"),
    ],
)
def test_names_stay_recognisable(name: str, made: str) -> None:
    assert file_name(name, "x") == made


def test_files_about_a_sweep_have_its_name_and_the_end_of_its_id() -> None:
    sweep = sweep_record('x"; filename=y')
    assert stem_of(sweep) == f"x-filename-y-{sweep.id[-8:]}"


def test_names_that_come_to_the_same_are_numbered() -> None:
    assert list(file_names(["a b", "a/b", "A-B"], "x").values()) == ["a-b", "a-b-2", "A-B-3"]
