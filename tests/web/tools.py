"""Node and its two packages for tests: a laptop without them skips these tests, CI does not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

JS = Path(__file__).resolve().parent / "js"
STATIC = JS.parents[2] / "sweeper" / "web" / "static"
OLDEST = (20, 19)  #: the first Node that sees by itself that a file is a module


def needs(reason: str) -> None:
    """Say why a test cannot run here."""
    pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


def node() -> str:
    """Return the command of a Node that is new enough."""
    found = shutil.which("node")
    if found is None:
        needs("Node is not installed: apt-get install nodejs npm")
    version = subprocess.run([str(found), "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(map(int, re.findall(r"\d+", version)[:2])) < OLDEST:
        needs(f"Node {version.strip()} is too old: {'.'.join(map(str, OLDEST))} or newer")
    return str(found)


def package(path: str) -> Path:
    """Return a file of a package that package.json names."""
    found = JS / "node_modules" / path
    if not found.exists():
        needs(f"{path.partition('/')[0]} is not installed: make dev (it needs npm)")
    return found


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*map(str, words)], cwd=JS, capture_output=True, text=True, timeout=150, check=False)


def scripts(suffixes: Sequence[str] = (".js",)) -> list[Path]:
    """Return our own files of the pages, without what others wrote."""
    return sorted(path for path in STATIC.rglob("*") if path.suffix in suffixes and "vendor" not in path.parts)
