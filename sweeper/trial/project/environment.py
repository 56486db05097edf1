"""The environment of a project: made once from its file, kept for later sweeps, the same on every host."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sweeper.config.files import read_text
from sweeper.config.places import read_yaml
from sweeper.config.wording import shown
from sweeper.errors import ObjectiveError
from sweeper.trial.project.source import cache

READY = ".ready"  #: this file in an environment says that it is whole
LAST = 15  #: lines of an installer's output that a message shows
_INCLUDED = re.compile(r"(?:-r|-c|--requirement|--constraint)[ =]?\s*(\S+)")
_CONDA = re.compile(r"(?:[\w-]+::)?([\w.-]+)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an environment file asks for: a Python version ("" is any), and lists of requirements, one call each."""

    file: Path
    python: str
    installs: tuple[tuple[str, ...], ...]


def read_environment(file: Path) -> Wanted:
    """Read ``python_env.yaml``, ``conda.yaml`` (its part for pip) or ``requirements.txt``. Raises ObjectiveError."""
    if file.suffix == ".txt":
        return Wanted(file, "", ((f"-r {shlex.quote(file.name)}",),))
    data, _, _ = read_yaml(read_text(file, str(file)), str(file))
    if not isinstance(data, dict):
        raise ObjectiveError(f"{file} must be a mapping, got {shown(data)}")
    return _conda(file, data) if "channels" in data or _has_pip_part(data) else _python_env(file, data)


def prepare(file: Path | None, notice: Callable[[str], None] = lambda _: None) -> Path | None:
    """Return the folder of the environment that ``file`` describes, made when there is none yet; None: no file.

    ``notice`` is told before it is made, which takes a while. Raises ObjectiveError with what the installer said.
    """
    if file is None:
        return None
    wanted = read_environment(file)
    python = _interpreter(wanted)
    place = cache("environments", _fingerprint(wanted, python))
    if (place / READY).exists():
        return place
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(place.with_name(f"{place.name}.lock")):
        if not (place / READY).exists():
            notice(f"Making the environment of {file} in {place}: once, later sweeps use it again.")
            shutil.rmtree(place, ignore_errors=True)
            try:
                _make(place, python, wanted)
                (place / READY).touch()
            except BaseException:
                shutil.rmtree(place, ignore_errors=True)
                raise
    return place


def variables(place: Path | None) -> dict[str, str]:
    """Return the variables with which ``python`` is that of an environment; None: the Python that runs sweeper.

    The commands of sweeper are found last.
    """
    mine = str(Path(sys.executable).parent)
    before = [] if place is None else [str(place / "bin")]
    path = os.pathsep.join([*(before or [mine]), os.environ.get("PATH", os.defpath), mine])
    return {"PATH": path} if place is None else {"PATH": path, "VIRTUAL_ENV": str(place)}


def _python_env(file: Path, data: dict[str, Any]) -> Wanted:
    python = data.get("python")
    if python == 3.1:
        raise ObjectiveError(f"{file}: python: 3.10 is read as 3.1; write it in quotes: '3.10'")
    builds, others = (_requirements(file, data.get(key), key) for key in ("build_dependencies", "dependencies"))
    return Wanted(file, "" if python is None else str(python), tuple(filter(None, (builds, others))))


def _has_pip_part(data: dict[str, Any]) -> bool:
    dependencies = data.get("dependencies")
    return isinstance(dependencies, list) and any(isinstance(item, dict) for item in dependencies)


def _conda(file: Path, data: dict[str, Any]) -> Wanted:
    """Only the part for pip can be installed; the Python version is read, anything else is refused."""
    python, pip, others = "", list[str](), list[str]()
    dependencies = data.get("dependencies") or []
    for item in dependencies if isinstance(dependencies, list) else [dependencies]:
        if isinstance(item, dict) and set(item) == {"pip"}:
            pip += _requirements(file, item["pip"], "pip")
        elif isinstance(item, str) and (found := _CONDA.match(item)) and found[1] == "python":
            python = item[found.end() :].strip("=<>~ .*")
        elif not (isinstance(item, str) and found and found[1] in ("pip", "setuptools", "wheel")):
            others.append(str(item))
    if others:
        raise ObjectiveError(
            f"{file}: {', '.join(others)} would need conda, which is not used here; move what pip can install below "
            "- pip:, or write a python_env.yaml"
        )
    return Wanted(file, python, (tuple(pip),) if pip else ())


def _requirements(file: Path, value: Any, key: str) -> tuple[str, ...]:
    lines = [] if value is None else value
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise ObjectiveError(f"{file}: {key} must be a list of requirements, got {shown(value)}")
    return tuple(lines)


def _interpreter(wanted: Wanted) -> str:
    """Return a Python of the version that is wanted: this one, or one on PATH."""
    numbers = re.match(r"(\d+)(?:\.(\d+))?", wanted.python)
    if not wanted.python or (numbers and (sys.version_info[0], sys.version_info[1]) == _pair(numbers)):
        return sys.executable
    if numbers is None:
        raise ObjectiveError(f"{wanted.file}: python must be a version such as 3.11, got {wanted.python!r}")
    name = "python" + ".".join(filter(None, numbers.groups()))
    if (found := shutil.which(name)) is None:
        mine = ".".join(map(str, sys.version_info[:2]))
        raise ObjectiveError(
            f"{wanted.file} asks for Python {wanted.python}: this one is {mine}, and there is no {name} on PATH; "
            "install it, or change the file"
        )
    return found


def _pair(numbers: re.Match[str]) -> tuple[int, int]:
    return int(numbers[1]), int(numbers[2] or sys.version_info[1])


def _fingerprint(wanted: Wanted, python: str) -> str:
    """The same for the same Python, requirements and included files. Local packages belong to their folder."""
    content = hashlib.sha256(os.path.realpath(python).encode())
    lines = [line for install in wanted.installs for line in (*install, "")]
    for text in _texts(lines, wanted.file.parent):
        content.update(text.encode() + b"\0")
        if re.search(r"(^|[\s=])(\.{0,2}/|file:)|(^|\s)(-e|--editable|-f|--find-links)\b", text, re.MULTILINE):
            content.update(str(wanted.file.parent.resolve()).encode())
    return content.hexdigest()[:16]


def _texts(lines: Sequence[str], folder: Path, depth: int = 0) -> Iterator[str]:
    """Yield requirements and the content of files they include."""
    for line in lines:
        yield line
        if (found := _INCLUDED.match(line.strip())) and depth < 10:
            path = folder / found[1].strip("'\"")
            try:
                yield from _texts(path.read_text("utf-8").splitlines(), path.parent, depth + 1)
            except (OSError, UnicodeDecodeError) as error:
                raise ObjectiveError(f"requirements file {path} cannot be read: {error}") from None


def _make(place: Path, python: str, wanted: Wanted) -> None:
    inside = str(place / "bin" / "python")
    if uv := shutil.which("uv"):
        _run([uv, "venv", "--quiet", "--no-python-downloads", "--python", python, str(place)], wanted)
        install = [uv, "pip", "install", "--quiet", "--python", inside]
    elif importlib.util.find_spec("pip") is not None:
        _run([python, "-m", "venv", "--without-pip", str(place)], wanted)
        install = [sys.executable, "-m", "pip", "--python", inside, "install", "--quiet", "--no-input"]
        install.append("--disable-pip-version-check")
    else:
        _run([python, "-m", "venv", str(place)], wanted)
        install = [inside, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    for requirements in wanted.installs:
        _run([*install, *(word for line in requirements for word in _words(line))], wanted)


def _words(line: str) -> list[str]:
    """An option is several words; a requirement is one, with its spaces."""
    line = line.partition(" #")[0].strip()
    return shlex.split(line) if line.startswith("-") else [line] if line else []


def _run(words: Sequence[str], wanted: Wanted) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "VIRTUAL_ENV")}
    done = subprocess.run(
        words,
        cwd=wanted.file.parent,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        said = done.stdout.decode("utf-8", "replace").strip().splitlines()[-LAST:]
        raise ObjectiveError(
            f"the environment of {wanted.file} cannot be made: {shlex.join(words)} exited with code "
            f"{done.returncode}:\n" + "\n".join(said)
        )


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
