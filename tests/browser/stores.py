"""Demo stores, each made once and copied: ``opened("running", folder)`` is a store of that shape to read and change."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sweeper.processes import this_process
from sweeper.records import Fence
from sweeper.store import open_database
from sweeper.store.store import SqlStore
from tests.browser.demo import demo
from tests.browser.shapes import LIVE, SHAPES
from tests.browser.writing import NOW, Scribe

BUILDS = {**SHAPES, "demo": demo}
HELD = 6 * 3600.0  #: seconds that the lease of a live sweep lasts


def build(shape: str, path: Path, now: float = NOW) -> None:
    """Write a store of that shape into a new file."""
    store = open_database(str(path))
    BUILDS[shape](Scribe(store, now))
    store.close()


class Shelf:
    """Keeps one store of each shape in a folder, made when it is first asked for."""

    def __init__(self, folder: Path, now: float = NOW) -> None:
        self.folder, self.now = folder, now
        self.fences: dict[Path, dict[str, Fence]] = {}  #: by folder and sweep: with these a test writes as a controller

    def original(self, shape: str) -> Path:
        path = self.folder / shape / "runs.db"
        if not path.exists():
            path.parent.mkdir(parents=True)
            build(shape, path, self.now)
        return path

    @contextmanager
    def opened(self, shape: str, copy: Path | None = None) -> Iterator[SqlStore]:
        """Open a store for reading, or a copy of it in the folder ``copy`` for changing; running sweeps are held."""
        original, folder = self.original(shape), copy or self.folder / f"{shape}-read"
        shutil.copytree(original.parent, folder, dirs_exist_ok=True)
        path = folder / original.name
        store = open_database(str(path))
        fences = {
            sweep.id: store.acquire(sweep.id, this_process(), HELD)
            for sweep in store.sweeps()
            if sweep.name in LIVE and not sweep.state.ended
        }
        self.fences[path.parent] = fences
        yield store
        for fence in fences.values():
            store.release(fence)
        store.close()
