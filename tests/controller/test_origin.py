"""Code and environment, as recorded and as they are now."""

from __future__ import annotations

from dataclasses import replace

from sweeper.controller.origin import Origin, differences, package_differences

BEFORE = Origin("a" * 40, "main", "", "f" * 64, "3.11.7", {"numpy": "2.0", "scikit_learn": "1.5"})


def test_what_is_the_same_or_not_known_is_not_named() -> None:
    assert differences(BEFORE, BEFORE) == []
    assert differences(Origin(), BEFORE) == []
    assert differences(BEFORE, replace(BEFORE, packages={"Scikit.Learn": "1.5", "numpy": "2.0", "more": "1"})) == []


def test_each_thing_that_differs_is_one_sentence() -> None:
    now = Origin("b" * 40, "main", "c" * 64, "0" * 64, "3.12.1", {"numpy": "2.1"})
    assert differences(BEFORE, now) == [
        "the objective's file has changed since",
        "the code is at commit bbbbbbbbbb, it was at aaaaaaaaaa",
        "Python is 3.12.1, it was 3.11.7",
        "packages are others than they were: numpy 2.1 (was 2.0), scikit_learn is not installed (was 1.5)",
    ]
    assert differences(BEFORE, replace(BEFORE, changes="d" * 64)) == [
        "the changes that are not committed are others than they were"
    ]


def test_many_packages_are_counted() -> None:
    packages = {f"p{number:02}": "1" for number in range(20)}
    (line,) = differences(Origin(packages=packages), Origin())
    assert line.endswith("and 12 more")
    assert len(package_differences(packages, {})) == 20
