"""Where a sweep comes from: a real repository, no secrets."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from sweeper.controller import provenance


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=n", "-c", "user.email=e@x", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    git(tmp_path, "init", "-q", "-b", "trunk")
    git(tmp_path, "config", "color.ui", "always")
    (tmp_path / "train.py").write_text("x = 1\n")
    git(tmp_path, "add", "train.py")
    git(tmp_path, "commit", "-q", "-m", "one")
    return tmp_path


def test_a_clean_repository(repository: Path) -> None:
    tags = provenance.tags("train.py", ["sweeper", "run"], repository)

    assert tags["mlflow.source.git.commit"] == git(repository, "rev-parse", "HEAD")
    assert tags["mlflow.source.git.branch"] == "trunk"
    assert tags["sweeper.git.dirty"] == "false"
    assert provenance.diff(repository) == ""


def test_uncommitted_changes_are_kept_as_a_plain_patch(repository: Path) -> None:
    (repository / "train.py").write_text("x = 2\n")
    (repository / "untracked").write_text("y")

    assert provenance.tags("train.py", [], repository)["sweeper.git.dirty"] == "true"
    changes = provenance.diff(repository)
    assert "-x = 1\n+x = 2" in changes
    assert "\x1b" not in changes
    assert "untracked" not in changes


def test_a_huge_patch_is_cut_with_a_note(repository: Path) -> None:
    (repository / "train.py").write_text("z\n" * provenance.DIFF_LIMIT)

    changes = provenance.diff(repository)

    assert changes.endswith("more characters not kept]\n")
    assert len(changes) < provenance.DIFF_LIMIT + 100


def test_no_repository_is_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    assert "mlflow.source.git.commit" not in provenance.tags("train.py", [], tmp_path)
    assert provenance.diff(tmp_path) == ""


def test_without_git_there_is_no_code_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "mlflow.source.git.commit" not in provenance.tags("train.py", [], tmp_path)


def test_names_that_mlflow_knows_are_mlflows(repository: Path) -> None:
    tags = provenance.tags("train.py", ["sweeper", "run", "a file.yaml"], repository)

    assert tags["mlflow.source.name"] == "train.py"
    assert tags["mlflow.source.type"] == "LOCAL"
    assert tags["mlflow.user"] == provenance.user()
    assert tags["sweeper.command"] == "sweeper run a file.yaml"
    assert tags["sweeper.python"] == platform.python_version()


def test_secrets_do_not_get_in(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWEEPER_TOKEN", "hunter2")
    monkeypatch.setattr(sys, "argv", ["/usr/bin/sweeper", "run", "--store", "postgresql://me:hunter2@db/x"])

    kept = json.dumps([provenance.tags("https://me:hunter2@host/train.py", [], repository), provenance.environment()])

    assert "hunter2" not in kept
    assert "sweeper run --store postgresql://me:***@db/x" in kept


def test_arguments_that_are_no_text_can_be_kept(repository: Path) -> None:
    tags = provenance.tags("tr\udcffain.py", ["sweeper", "\udcff"], repository)

    for value in tags.values():
        value.encode("utf-8")


def test_the_environment_names_versions() -> None:
    found = provenance.environment()

    assert found["python"] == sys.version
    assert found["packages"]["optuna"].startswith("5.")
    assert list(found["packages"]) == sorted(found["packages"], key=str.lower)
    json.dumps(found)
