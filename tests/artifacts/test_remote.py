"""Any file system of fsspec, shown with the one in memory."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import fsspec
import pytest

from sweeper.artifacts import open_artifacts
from sweeper.errors import StoreUnavailable
from sweeper.interfaces import ArtifactStore
from sweeper.testing.artifacts import ArtifactConformance


class TestMemory(ArtifactConformance):
    @pytest.fixture
    def artifacts(self) -> Iterator[ArtifactStore]:
        root = f"memory://{uuid4().hex}/files"
        yield open_artifacts(root)
        files = fsspec.filesystem("memory")
        if files.exists(root):
            files.rm(root, recursive=True)


def test_trouble_of_the_file_system_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    artifacts = open_artifacts(f"memory://{uuid4().hex}")

    def broken(*args: object, **kwargs: object) -> bytes:
        raise PermissionError("no")

    monkeypatch.setattr(type(fsspec.filesystem("memory")), "cat_file", broken)
    with pytest.raises(StoreUnavailable, match="PermissionError: no"):
        artifacts.read("a")
