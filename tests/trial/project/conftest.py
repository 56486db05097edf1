"""Projects in folders and in git repositories, a cache of their own, and sweeps over their entry points."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.trial.command.conftest import only, store, sweep, write  # noqa: F401  # fixtures

Git = Callable[..., str]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing is fetched or made in the cache of this user; no configuration of git or pip counts."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "PIP_CONFIG_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("SWEEPER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Runs git in the folder ``repository``."""

    def git(*words: str) -> str:
        identity = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main"]
        place = tmp_path / "repository"
        place.mkdir(exist_ok=True)
        done = subprocess.run(["git", *identity, *words], cwd=place, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    return git
