"""Which database a URL means."""

from __future__ import annotations

from pathlib import Path

import pytest

from sweeper.errors import UsageError
from sweeper.store.url import locate, mask


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SWEEPER_STORE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (None, "sweeper.db"),
        ("runs.db", "runs.db"),
        ("a b/ü.db", "a b/ü.db"),
        ("sqlite:///runs.db", "runs.db"),
        ("sqlite:///deep/er/runs.db", "deep/er/runs.db"),
        ("SQLite:///runs.db", "runs.db"),
        ("~/runs.db", "home/runs.db"),
        (Path("runs.db"), "runs.db"),
    ],
)
def test_a_file_is_found(here: Path, url: str | None, path: str) -> None:
    assert locate(url).path == here / path
    assert locate(url).shown == f"sqlite:///{here / path}"


def test_an_absolute_path_has_four_slashes() -> None:
    assert locate("sqlite:////data/runs.db").path == locate("/data/runs.db").path == Path("/data/runs.db")


def test_the_environment_names_the_default(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWEEPER_STORE", "sqlite:///other.db")
    assert locate(None).path == here / "other.db"
    assert locate("runs.db").path == here / "runs.db"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "a path like runs.db"),
        ("mongodb://host/db", "'mongodb' is not a kind of database"),
        ("sqlite://runs.db", "three slashes"),
        ("sqlite:///", "a file is needed"),
        (":memory:", "a file is needed"),
        ("sqlite:///:memory:", "a file is needed"),
        ("runs/", "a file is needed"),
        ("a\0b", "a file is needed"),
        ("sqlite:///runs.db?mode=ro", "options after"),
    ],
)
def test_what_cannot_be_a_store_is_said(url: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        locate(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:secret@host/db", "postgresql://me:***@host/db"),
        ("mysql+pymysql://me:s@cr:et@host:3306/db", "mysql+pymysql://me:***@host:3306/db"),
        ("http://host:5000", "http://host:5000"),
        ("postgresql://me@host/db", "postgresql://me@host/db"),
    ],
)
def test_passwords_are_masked(url: str, shown: str) -> None:
    assert mask(url) == shown


def test_a_password_is_not_in_the_error() -> None:
    with pytest.raises(UsageError) as caught:
        locate("oracle://me:hunter2@host/db")
    assert "hunter2" not in str(caught.value)
