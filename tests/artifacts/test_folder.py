"""Files in a folder: whole or not at all, private, and no link followed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sweeper.artifacts import open_artifacts
from sweeper.errors import StoreUnavailable, SweeperError, UsageError
from sweeper.interfaces import ArtifactStore
from sweeper.testing.artifacts import ArtifactConformance


class TestFolder(ArtifactConformance):
    @pytest.fixture
    def artifacts(self, tmp_path: Path) -> ArtifactStore:
        return open_artifacts(str(tmp_path / "files"))


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    # given a process that would make everything readable for all
    before = os.umask(0)
    try:
        open_artifacts(tmp_path / "files").write("run/deep/a", b"x")
    finally:
        os.umask(before)
    # then files and folders are private nevertheless
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in (tmp_path / "files").rglob("*")}
    assert modes == {"run": "0o700", "deep": "0o700", "a": "0o600"}
    assert oct((tmp_path / "files").stat().st_mode & 0o777) == "0o700"


@pytest.mark.parametrize("path", ["run/link/secret", "run/file", "run/link"])
def test_no_link_is_followed_out(tmp_path: Path, path: str) -> None:
    # given links that lead out of the root
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    artifacts = open_artifacts(tmp_path / "files")
    artifacts.write("run/a", b"x")
    (tmp_path / "files" / "run" / "link").symlink_to(outside)
    (tmp_path / "files" / "run" / "file").symlink_to(outside / "secret")
    # then nothing is read through them, listed or got
    for action in (lambda: artifacts.read(path), lambda: artifacts.get(path, tmp_path / "got")):
        with pytest.raises(SweeperError):
            action()
    assert artifacts.list("run") == [("run/a", False, 1)]
    assert not (tmp_path / "got").exists() or not (tmp_path / "got").read_bytes()
    # and nothing behind them is written or deleted
    if path == "run/link/secret":
        with pytest.raises(UsageError, match="link"):
            artifacts.write(path, b"y")
        with pytest.raises(UsageError, match="link"):
            artifacts.delete(path)
    else:
        artifacts.delete(path)
    assert (outside / "secret").read_text() == "secret"


def test_a_write_that_breaks_leaves_the_old_file(tmp_path: Path) -> None:
    artifacts = open_artifacts(tmp_path / "files")
    artifacts.write("run/a", b"old")
    with pytest.raises(TypeError):
        artifacts.write("run/a", object())  # type: ignore[arg-type]  # breaks in the middle of the write
    assert artifacts.read("run/a") == b"old"
    assert os.listdir(tmp_path / "files" / "run") == ["a"]


def test_a_root_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("")
    for action in (lambda: open_artifacts(tmp_path / "files").write("a", b""),
                   lambda: open_artifacts(tmp_path / "files").read("a")):  # fmt: skip
        with pytest.raises(StoreUnavailable, match="files"):
            action()


def test_a_link_to_the_root_itself_is_fine(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "files").symlink_to(tmp_path / "real")
    open_artifacts(tmp_path / "files").write("run/a", b"x")
    assert (tmp_path / "real" / "run" / "a").read_bytes() == b"x"
