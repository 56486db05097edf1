"""Draws the picture of the README, a moment of a real sweep: ``python docs/images/draw.py``."""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from sweeper.api import run_sweep
from sweeper.cli.launch import Opening
from sweeper.cli.plan import read_config
from sweeper.cli.progress.live import block
from sweeper.cli.progress.summary import summarise
from sweeper.cli.session import Session
from sweeper.interfaces import Hook, Progress
from sweeper.store import open_store

PICTURE = Path(__file__).resolve().with_name("live.svg")
COMMAND = "sweeper run digits_forest"


class Keep(Hook):
    """Keeps every moment of a sweep."""

    def __init__(self) -> None:
        self.moments: list[Progress] = []

    def progress(self, progress: Progress) -> None:
        self.moments.append(progress)


def main() -> None:
    config = read_config(COMMAND.rpartition(" ")[2])
    console = Console(
        record=True,
        width=92,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        markup=False,
        highlight=False,
    )
    session = Session()
    session.__dict__["console"] = console
    console.print(f"$ {COMMAND}", style="bold")
    keep = Keep()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        store = open_store()
        store.url = "sqlite:///sweeper.db"
        run_sweep(config, store=store, hooks=[Opening(session, config), keep], report=False)
        moment = next(one for one in keep.moments if sum(one.counts.values()) >= 0.7 * (one.total or 0))
        console.print(block(summarise(moment, config.goals)))
        store.close()
    picture = re.sub(r"@font-face \{.*?\}\s*", "", console.export_svg(title="sweeper"), flags=re.DOTALL)
    PICTURE.write_text(picture, encoding="utf-8")  # without fonts from elsewhere: the reader's own monospace one
    print(PICTURE, file=sys.stderr)


if __name__ == "__main__":
    main()
