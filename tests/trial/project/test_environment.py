"""Environments of projects: made from local wheels only."""

from __future__ import annotations

import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sweeper.errors import ObjectiveError
from sweeper.trial.project.environment import READY, prepare, read_environment, variables

Write = Callable[..., Path]
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A package ``tinypart`` in ``wheels``."""
    info = "tinypart-1.0.dist-info"
    place = tmp_path / "wheels" / "tinypart-1.0-py3-none-any.whl"
    place.parent.mkdir()
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("tinypart.py", "ANSWER = 42\n")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tinypart\nVersion: 1.0\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return place


def test_without_a_file_it_is_the_python_of_this_process() -> None:
    assert prepare(None) is None
    path = variables(None)["PATH"].split(":")
    assert path[0] == path[-1] == str(Path(sys.executable).parent)


def test_it_is_made_once_and_used_again_until_its_file_changes(
    wheel: Path, write: Write, cache: Path, tmp_path: Path
) -> None:
    file = write(
        "python_env.yaml",
        f"""
        python: "{HERE}"
        dependencies: ["--find-links wheels", "-r more.txt"]
        """,
    )
    write("more.txt", "tinypart >= 1.0 ; python_version > '3'  # a marker\n")
    notices: list[str] = []
    made: list[Path | None] = []
    threads = [threading.Thread(target=lambda: made.append(prepare(file, notices.append))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (place,) = set(made)
    assert place is not None
    assert (place / READY).exists()
    (notice,) = notices
    assert f"Making the environment of {file}" in notice
    around = variables(place)
    assert around["VIRTUAL_ENV"] == str(place)
    look = "import tinypart, sys; print(tinypart.ANSWER, sys.prefix)"
    said = subprocess.run(["python", "-c", look], env=around, capture_output=True, text=True, check=True).stdout
    assert said.split() == ["42", str(place)]

    write("more.txt", "\n")
    assert prepare(file) != place


def test_one_that_cannot_be_made_says_why_and_leaves_nothing(write: Write, cache: Path) -> None:
    file = write("requirements.txt", "no-such-package-here\n")

    with pytest.raises(ObjectiveError) as failed:
        prepare(file)
    assert f"the environment of {file} cannot be made: " in str(failed.value)
    assert "exited with code 1:\n" in str(failed.value)
    assert "no-such-package-here" in str(failed.value)
    assert [path.suffix for path in (cache / "environments").iterdir()] == [".lock"]


@pytest.mark.parametrize(
    ("name", "text", "python", "installs"),
    [
        ("requirements.txt", "a\nb\n", "", [["-r requirements.txt"]]),
        ("python_env.yaml", "python: 3.12\nbuild_dependencies: [b]\ndependencies: [a]", "3.12", [["b"], ["a"]]),
        ("python_env.yaml", "{}", "", []),
        ("conda.yaml", "channels: [x]\ndependencies: [python=3.9.*, pip, {pip: [a, b]}]", "3.9", [["a", "b"]]),
        ("conda.yaml", "name: x\ndependencies: [conda-forge::python >=3.9, pip<=23, {pip: [a]}]", "3.9", [["a"]]),
    ],
)  # fmt: skip
def test_what_a_file_asks_for(write: Write, name: str, text: str, python: str, installs: list[list[str]]) -> None:
    wanted = read_environment(write(name, text))

    assert (wanted.python, [list(install) for install in wanted.installs]) == (python, installs)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("conda.yaml", "channels: []\ndependencies: [python, numpy=1.2, cuda]", "numpy=1.2, cuda would need conda"),
        ("conda.yaml", "channels: []\ndependencies: [{pip: a}]", "pip must be a list of requirements, got 'a'"),
        ("python_env.yaml", "dependencies: a", "dependencies must be a list of requirements, got 'a'"),
        ("python_env.yaml", "[a]", "must be a mapping, got"),
        ("python_env.yaml", "python: '2.1'", "asks for Python 2.1: this one is .*, and there is no python2.1 on PATH"),
        ("python_env.yaml", "python: 3.10", "python: 3.10 is read as 3.1; write it in quotes"),
        ("python_env.yaml", "python: new", "python must be a version such as 3.11, got 'new'"),
        ("python_env.yaml", "dependencies: [-r nope.txt]", "requirements file .*nope.txt cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_told_before_anything_is(
    write: Write, cache: Path, name: str, text: str, said: str
) -> None:
    with pytest.raises(ObjectiveError, match=said):
        prepare(write(name, text))
    assert not cache.exists()
