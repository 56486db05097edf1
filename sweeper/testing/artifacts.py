"""What every artifact store must do. Inherit :class:`ArtifactConformance` and give it a fixture ``artifacts``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sweeper.errors import NotFound, SweeperError, UsageError
from sweeper.interfaces import ArtifactStore
from sweeper.testing.cases import case

OUTSIDE = (
    "", "/", "/etc/passwd", "..", "../x", "a/../b", "a/../../x", "a/..", ".", "./a", "a/./b", "a//b", "a/", "//a",
    "a\\b", "..\\x", "C:/x", "c:x", "file:///etc/passwd", "s3://b/x", "a\0b", "a\nb", "\x7f", "a\ud800", "x" * 300,
    "/".join(["ab"] * 400), ".sweeper-0",
)  # fmt: skip


class ArtifactConformance:
    """The contract of :class:`sweeper.interfaces.ArtifactStore`, one sentence a test."""

    @pytest.fixture
    def artifacts(self, tmp_path: Path) -> Any:
        """An empty artifact store."""
        raise NotImplementedError

    def test_what_is_written_is_read(self, artifacts: ArtifactStore) -> None:
        for path, data in {
            "run/a.txt": b"hello",
            "run/deep/er/b.bin": bytes(range(256)),
            "run/empty": b"",
            "run/größe \u2603.txt": b"x",
            "run/a b;c%20.txt": b"y",
            "run/..a": b"z",
        }.items():
            artifacts.write(path, data)
            assert artifacts.read(path) == data

    def test_a_later_write_replaces_the_file(self, artifacts: ArtifactStore) -> None:
        artifacts.write("run/a", b"a longer one")
        artifacts.write("run/a", b"short")
        assert artifacts.read("run/a") == b"short"
        assert artifacts.list("run") == [("run/a", False, 5)]

    def test_a_file_is_read_from_any_place(self, artifacts: ArtifactStore) -> None:
        artifacts.write("run/a", bytes(range(100)))
        with artifacts.open("run/a") as file:
            assert file.seek(0, 2) == 100
            file.seek(90)
            assert file.read(5) == bytes(range(90, 95))
        with pytest.raises(NotFound):
            artifacts.open("run/b")
        with pytest.raises(UsageError, match="folder"):
            artifacts.open("run")

    def test_a_file_is_there_when_its_block_ended_well(self, artifacts: ArtifactStore) -> None:
        with artifacts.new_file("run/a") as file:
            file.write(b"one ")
            file.write(b"two")
        with pytest.raises(ZeroDivisionError), artifacts.new_file("run/b") as file:
            raise ZeroDivisionError(file.write(b"half"))
        assert artifacts.read("run/a") == b"one two"
        assert artifacts.list("run") == [("run/a", False, 7)]

    def test_a_folder_lists_what_is_directly_below(self, artifacts: ArtifactStore) -> None:
        artifacts.write("run/b.txt", b"12")
        artifacts.write("run/a/x", b"1")
        artifacts.write("run/a/y/z", b"123")
        artifacts.write("other", b"")
        assert artifacts.list() == [("other", False, 0), ("run", True, 0)]
        assert artifacts.list("run") == [("run/a", True, 0), ("run/b.txt", False, 2)]
        assert artifacts.list("run/a") == [("run/a/x", False, 1), ("run/a/y", True, 0)]
        assert artifacts.list("nothing") == artifacts.list("run/nothing/at/all") == []

    def test_files_and_folders_are_put_and_got(self, artifacts: ArtifactStore, tmp_path: Path) -> None:
        source = tmp_path / "source"
        (source / "deep").mkdir(parents=True)
        (source / "a.txt").write_bytes(b"a" * 3_000_000)
        (source / "deep" / "b.txt").write_bytes(b"b")
        artifacts.put(source / "deep" / "b.txt", "run/one.txt")
        artifacts.put(source, "run/all")
        assert artifacts.read("run/one.txt") == b"b"
        assert artifacts.list("run/all") == [("run/all/a.txt", False, 3_000_000), ("run/all/deep", True, 0)]
        folder = artifacts.get("run/all", tmp_path / "got")
        assert (folder / "a.txt").read_bytes() == b"a" * 3_000_000
        assert (folder / "deep" / "b.txt").read_bytes() == b"b"
        assert artifacts.get("run/one.txt", tmp_path / "new" / "file").read_bytes() == b"b"

    def test_what_is_not_there_is_named(self, artifacts: ArtifactStore, tmp_path: Path) -> None:
        with pytest.raises(NotFound, match=r"run/a\.txt"):
            artifacts.read("run/a.txt")
        with pytest.raises(NotFound):
            artifacts.get("run", tmp_path / "x")
        with pytest.raises(NotFound):
            artifacts.put(tmp_path / "nothing", "run/a")

    def test_a_folder_is_not_a_file(self, artifacts: ArtifactStore) -> None:
        artifacts.write("run/a/b", b"x")
        with pytest.raises(UsageError):
            artifacts.read("run/a")
        with pytest.raises(SweeperError):
            artifacts.write("run/a", b"y")
        assert artifacts.read("run/a/b") == b"x"

    def test_files_and_folders_are_deleted(self, artifacts: ArtifactStore) -> None:
        for path in ("run/a/b", "run/a/c/d", "run/e"):
            artifacts.write(path, b"x")
        artifacts.delete("run/e")
        artifacts.delete("run/a/c")
        artifacts.delete("run/nothing")
        artifacts.delete("nothing/at/all")
        assert artifacts.list("run") == [("run/a", True, 0)]
        assert artifacts.list("run/a") == [("run/a/b", False, 1)]

    def test_no_path_leads_out(self, artifacts: ArtifactStore, tmp_path: Path) -> None:
        artifacts.write("run/a", b"x")
        file = tmp_path / "file"
        file.write_bytes(b"y")
        for path in OUTSIDE:
            actions: dict[str, Callable[[], Any]] = {
                "write": partial(artifacts.write, path, b"y"),
                "read": partial(artifacts.read, path),
                "put": partial(artifacts.put, file, path),
                "get": partial(artifacts.get, path, tmp_path / "out"),
                "delete": partial(artifacts.delete, path),
                **({"list": partial(artifacts.list, path)} if path else {}),
            }
            for name, action in actions.items():
                with case((name, path)), pytest.raises(UsageError):
                    action()
        assert artifacts.list() == [("run", True, 0)]
        assert artifacts.list("run") == [("run/a", False, 1)]
