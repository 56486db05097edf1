"""What has to be open while a sweep runs."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from sweeper.controller.session import runtime_folder


def test_folders_of_processes_that_are_gone_are_removed_and_those_of_living_ones_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/tmp")
    mine = runtime_folder()
    space = mine.name.split("-")[1]
    gone = Path(tempfile.mkdtemp(prefix=f"sweeper-{space}-1-0.01-"))
    elsewhere = Path(tempfile.mkdtemp(prefix="sweeper-9-1-0.01-"))
    other = runtime_folder()
    try:
        assert not gone.exists()
        assert mine.exists()
        assert elsewhere.exists()
        assert len(str(other / "channel.sock")) < 100
    finally:
        mine.rmdir()
        other.rmdir()
        elsewhere.rmdir()
