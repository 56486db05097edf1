"""``make chaos``: every experiment once, and a scorecard R1 to R20: pass, fail or not covered, with figure and seed."""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.chaos import native
from tests.chaos.arena import Arena, Skip, arena
from tests.chaos.experiments import controllers, files, servers, soak, starts, trials, upgrade, values

Experiment = Callable[[Arena], str]
LIMIT = 240  #: seconds after which an experiment has failed

EXPERIMENTS: list[tuple[str, str, Experiment]] = [
    ("R1", "50 kill -9 of the controller, resumed", controllers.killed),
    ("R2", "faults of 5 kinds in 5 % of the trials each", trials.broken),
    ("R2", "workers killed from outside", trials.killed_workers),
    ("R3", "5 % of the trials hang", trials.hanging),
    ("R4", "Ctrl-C once, twice, SIGTERM", controllers.signalled),
    ("R5", "kill -9 of the controller: its workers", controllers.orphaned),
    ("R6", "two controllers, SIGSTOP beyond the lease", controllers.two),
    ("R6", "two resume at the same moment", controllers.both),
    ("R7", "store blocked for 4 s", controllers.blocked),
    ("R8", "8 cold starts on SQLite", starts.cold),
    ("R8", "8 cold starts on PostgreSQL and MariaDB", starts.cold_servers),
    ("R9", "8 writers and a reader on one SQLite file", starts.crowd),
    ("R10", "500 power cuts, simulated", files.power),
    ("R11", "I/O errors injected", files.errors),
    ("R12", "disk full, then room again", files.full),
    ("R13", "PostgreSQL restarted 5 times", servers.restarted),
    ("R14", "connections to PostgreSQL break and stall", servers.broken_way),
    ("R17", "odd values on three databases", values.bad),
    ("R19", "stored schemas, upgrades killed", upgrade.upgraded),
    ("R20", "everything at random for 40 s", soak.soak),
    ("R20", "memory and open files", soak.steady),
    ("R18", "spool torn at every byte", files.torn),
    ("R9", "two sweeps and other runs on one SQLite file", starts.neighbours),
    ("R16", "clock +-2 days, suspended", controllers.asleep),
]

NOT_COVERED = {
    "R15": "a tracking server that is down: there is no server yet",
}


@dataclass(frozen=True)
class Score:
    """How one experiment went; ``outcome`` is pass, fail or not covered."""

    id: str
    title: str
    outcome: str
    figure: str
    seed: int
    seconds: float


def score(number: str, title: str, experiment: Experiment, seed: int) -> Score:
    """Run one experiment."""
    began = time.monotonic()
    outcome, figure = "fail", ""
    try:
        with arena(seed) as room, limited(LIMIT):
            outcome, figure = "pass", experiment(room)
    except Skip as reason:
        outcome, figure = "fail" if os.environ.get("CI") else "not covered", str(reason)
    except Exception as error:
        outcome, figure = "fail", f"{type(error).__name__}: {error}"
        traceback.print_exc()
    return Score(number, title, outcome, figure, seed, round(time.monotonic() - began, 1))


class limited:  # noqa: N801  # reads as a word
    """A block that may take so many seconds."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        def ring(number: int, frame: object) -> None:
            raise AssertionError(f"it did not end within {self._seconds} s")

        signal.signal(signal.SIGALRM, ring)
        signal.alarm(self._seconds)

    def __exit__(self, *error: object) -> None:
        signal.alarm(0)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--only", nargs="*", metavar="R", help="such as R1 R13")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the scorecard there")
    parser.add_argument("--document", type=Path, metavar="FILE", help="put the scorecard between its marks there")
    given = parser.parse_args(arguments)
    seed = random.SystemRandom().randrange(2**31) if given.seed is None else given.seed
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that every arena is left in good order
    print(f"seed {seed}", flush=True)
    scores: list[Score] = []
    for number, title, experiment in EXPERIMENTS:
        if not given.only or number in given.only:
            scores.append(score(number, title, experiment, seed))
            show(scores[-1])
    native.remove()
    scores += [
        Score(number, why, "not covered", "", seed, 0.0)
        for number, why in NOT_COVERED.items()
        if not given.only or number in given.only
    ]
    print()
    for each in ordered(scores):
        show(each)
    if given.document:
        write(given.document, scores)
    if given.json:
        given.json.write_text(json.dumps([asdict(each) for each in scores], indent=1) + "\n")
    failed = sum(each.outcome == "fail" for each in scores)
    took = sum(each.seconds for each in scores)
    print(f"{len(scores)} experiments in {took:.0f} s, {failed} failed; again: make chaos CHAOS='--seed {seed}'")
    return 1 if failed else 0


def show(score: Score) -> None:
    figure = " ".join(score.figure.split())[:400]
    print(f"{score.id:4} {score.outcome:12} {score.seconds:6.1f} s  {score.title}: {figure}", flush=True)


def write(document: Path, scores: Sequence[Score]) -> None:
    """Replace what stands between the marks of a Markdown document by the scorecard."""
    before, begin, rest = document.read_text().partition("<!-- scorecard: begin -->\n")
    _, end, after = rest.partition("<!-- scorecard: end -->")
    assert begin, f"{document} has no marks for the scorecard"
    assert end, f"{document} has no second mark for the scorecard"
    zero = "lost 0, phantom 0, duplicated 0, resurrected 0, fenced-but-written 0"
    lines = [
        f"| {score.id} | {score.title} | {score.outcome} | {score.figure.replace(zero, 'all zero')} "
        f"| {score.seconds:.0f} s |"
        for score in ordered(scores)
    ]
    versions = f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}"
    told = f"Seed {scores[0].seed}, {os.cpu_count()} cores, {versions}, {sum(score.seconds for score in scores):.0f} s."
    table = "\n".join(["| | experiment | | figure | took |", "|---|---|---|---|---|", *lines])
    document.write_text(f"{before}{begin}{told}\n\n{table}\n{end}{after}")


def ordered(scores: Sequence[Score]) -> list[Score]:
    return sorted(scores, key=lambda score: int(score.id[1:]))


if __name__ == "__main__":
    sys.exit(main())
