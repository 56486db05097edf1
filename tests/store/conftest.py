"""A store in a temporary folder, and what is in a store as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sweeper.store import open_store
from sweeper.store.store import SqlStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    made = open_store(str(path))
    yield made
    made.close()
