"""SQLite does what every store must do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sweeper.interfaces import Store
from sweeper.store import open_store
from sweeper.testing.store import StoreConformance


class TestSqliteStore(StoreConformance):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        made = open_store(str(tmp_path / "runs.db"))
        yield made
        made.close()
