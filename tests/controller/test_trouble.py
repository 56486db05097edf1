"""A sweep whose store cannot be written for a while: it holds, says so, and goes on with nothing lost."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from sweeper.interfaces import Hook, Progress
from sweeper.store import open_store
from sweeper.store.sql import Session

from .conftest import runner


class Watcher(Hook):
    """Frees the disk some moments after a person is told that it is full."""

    def __init__(self, disk: dict[str, bool]) -> None:
        self.disk = disk
        self.said: list[str] = []
        self.held: list[float] = []  # the time that the sweep has used, at each moment it was held

    def notice(self, message: str) -> None:
        self.said.append(message)

    def progress(self, progress: Progress) -> None:
        if self.said and self.disk["full"]:
            self.held.append(progress.seconds)
            self.disk["full"] = len(self.held) < 4


def test_a_full_disk_holds_the_sweep(tmp_path: Path) -> None:
    # given a disk that is full from the third trial on, by SQLite's own limit of pages
    store = open_store(str(tmp_path / "runs.db"))
    disk = {"full": False}
    database: Any = store._database
    begin = database.begin

    def limited(session: Session) -> None:
        session.text(f"PRAGMA max_page_count={1 if disk['full'] else 2**30}")
        begin(session)

    database.begin = limited

    def objective(x: float, trial: Any) -> float:
        if trial.number == 2:
            disk["full"] = True
        time.sleep(0.05)
        trial.set_tag("long", "x" * 8000)
        return x

    watcher = Watcher(disk)
    # when a sweep of 12 trials runs
    result = runner(store)(objective, hooks=[watcher], trials=12)
    # then it says what is wrong, uses no time meanwhile, goes on when there is room, and has everything
    held = [text for text in watcher.said if "No new trials for now" in text]
    assert len(held) == 1
    assert "is full" in held[0]
    assert len(watcher.held) == 4
    assert len(set(watcher.held)) == 1
    assert "The store can be written again." in watcher.said
    assert result.sweep.counts["complete"] == 12
    assert all(len(store.run(trial.run_id).tags["long"]) == 8000 for trial in result.trials)
    store.close()
