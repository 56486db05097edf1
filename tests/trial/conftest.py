"""A sink that keeps what a handle emits, with real artifacts in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from sweeper.artifacts import open_artifacts
from sweeper.events import Event
from sweeper.interfaces import ArtifactStore


class ListSink:
    """Keeps every record in a list; files go to a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events: list[Event] = []

    def emit(self, event: Event) -> None:
        self.events.append(event)

    def artifacts(self) -> ArtifactStore:
        return open_artifacts(str(self.folder))


@pytest.fixture
def sink(tmp_path: Path) -> ListSink:
    return ListSink(tmp_path / "artifacts")
