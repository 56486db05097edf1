"""What has to be open while a sweep runs."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from sweeper.controller.session import runtime_folder
from sweeper.processes import remove_unused, use


def test_folders_of_processes_that_are_gone_are_removed_and_those_of_living_ones_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/tmp")
    mine = runtime_folder()
    space = mine.name.split("-")[1]
    gone = Path(tempfile.mkdtemp(prefix=f"sweeper-{space}-1-0.01-"))
    elsewhere = Path(tempfile.mkdtemp(prefix="sweeper-9-1-0.01-"))
    used = Path(tempfile.mkdtemp(prefix=f"sweeper-{space}-1-0.02-"))  # by a worker that outlives its controller
    lock = use(used)
    other = runtime_folder()
    try:
        assert not gone.exists()
        assert used.exists()
        assert mine.exists()
        assert elsewhere.exists()
        assert len(str(other / "channel.sock")) < 100
    finally:
        mine.rmdir()
        other.rmdir()
        elsewhere.rmdir()
        os.close(lock)
        remove_unused(used)
    assert not used.exists()
