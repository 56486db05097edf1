"""What dead controllers left behind on this host: sweeps, workers, results on disk, folders."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sweeper.artifacts import open_artifacts
from sweeper.cli.text import inert, plural, tail
from sweeper.controller.recovery import end_workers
from sweeper.controller.session import acquire, spool_folder, tidy
from sweeper.controller.standing import alive
from sweeper.events import SweepChanged
from sweeper.interfaces import Store
from sweeper.processes import start_time
from sweeper.records import SweepRecord, SweepState
from sweeper.registry.files import abandoned
from sweeper.store.findings import Finding, ok, warn
from sweeper.trial import spool
from sweeper.trial.channel import SOCKET
from sweeper.trial.worker import workers_of

YOUNG = 60.0  #: seconds: a folder as new as that may belong to a controller that is just starting


def places() -> set[Path]:
    """Return where controllers make their folders."""
    return {Path(tempfile.gettempdir()), Path("/tmp")}


def examine(store: Store, writer: Store | None) -> list[Finding]:
    """Return what there is to say. With ``writer`` sweeps without a controller can be marked as such."""
    found: list[Finding] = []
    sweeps = {sweep.id: sweep for sweep in store.sweeps() if sweep.state.ended or alive(store, sweep) is None}
    for sweep in sweeps.values():
        if not sweep.state.ended:
            found += _abandoned(store, writer, sweep)
    for folder in _spools(store.artifacts):
        if folder.name in sweeps:
            found += _spool(folder, sweeps[folder.name])
    if not any(finding.check == "sweeps" for finding in found):
        found.append(ok("sweeps", "every sweep that runs has a living controller"))
    if not any(finding.check == "workers" for finding in found):
        found.append(ok("workers", "no worker has lost its controller"))
    return [*found, *_uploads(store), *_runtimes()]


def _uploads(store: Store) -> Iterator[Finding]:
    if places := abandoned(store):
        yield warn(
            "models",
            f"{plural(len(places), 'folder')} of files copied for model versions that never came to be",
            "sweeper doctor --repair removes them",
            lambda: _forget(store.artifacts, places),
        )


def _forget(artifacts: str, places: list[str]) -> None:
    for place in places:
        open_artifacts(artifacts).delete(place)


def _abandoned(store: Store, writer: Store | None, sweep: SweepRecord) -> Iterator[Finding]:
    if store.lease(sweep.id) is None:
        return  # it was interrupted in good order, and says so
    done = sum(count for state, count in sweep.counts.items() if state not in ("queued", "running"))
    yield warn(
        "sweeps",
        f"{inert(sweep.name)} {tail(sweep.id)} ({plural(done, 'trial')} ended) lost its controller",
        f"sweeper resume {tail(sweep.id)}; sweeper doctor --repair only marks it as interrupted",
        None if writer is None else lambda: _mark(writer, sweep),
    )


def _mark(store: Store, sweep: SweepRecord) -> None:
    """Say in the store that nobody runs a sweep."""
    fence = acquire(store, sweep)
    changed = SweepChanged(sweep.id, time.time(), SweepState.INTERRUPTED, reason="its controller disappeared")
    store.write(changed, fence=fence).result()
    store.release(fence)


def _spools(artifacts: str) -> list[Path]:
    root = spool_folder(artifacts, "x").parent
    return sorted(folder for folder in root.iterdir() if folder.is_dir()) if root.is_dir() else []


def _spool(folder: Path, sweep: SweepRecord) -> Iterator[Finding]:
    """Look at what workers of a sweep without a controller keep on this disk."""
    name = f"{inert(sweep.name)} {tail(sweep.id)}"
    if living := [path for path in workers_of(folder) if _lives(path)]:
        yield warn(
            "workers",
            f"{plural(len(living), 'worker')} of {name} go on without a controller",
            "wait a few seconds, or end them with sweeper doctor --repair; sweeper resume does so, too",
            lambda: end_workers(folder, 0.0),
        )
    elif workers_of(folder):
        yield warn(
            "leftovers", f"notes of dead workers of {name} in {folder}", "sweeper doctor --repair", lambda: tidy(folder)
        )
    if files := spool.files(folder):
        resume = f"sweeper resume {tail(sweep.id)} takes them"
        yield warn("spool", f"{plural(len(files), 'file')} with results of {name} that are not in the store", resume)
    if torn := [*folder.glob("*.tmp")] if not living else []:
        yield warn(
            "leftovers",
            f"{plural(len(torn), 'file')} of {name} that a worker did not finish",
            "sweeper doctor --repair",
            lambda: _delete(torn),
        )
    if odd := [*folder.glob("*.unreadable")]:
        yield warn("spool", f"results of {name} that could not be read: {odd[0]}", "look at it, then delete it")


def _lives(note: Path) -> bool:
    pid, _, started = note.stem.partition("-")
    since = start_time(int(pid))
    return since is not None and f"{since:.2f}" == started


def _runtimes() -> Iterator[Finding]:
    """Folders for sockets and output whose controller and workers are gone."""
    dead = [folder for folder in _folders() if not _answers(folder / SOCKET) and not _has_workers(folder)]
    if dead:
        yield warn(
            "leftovers",
            f"{plural(len(dead), 'folder')} of dead controllers: {', '.join(map(str, dead[:3]))}",
            "sweeper doctor --repair deletes them",
            lambda: _delete(dead),
        )
    else:
        yield ok("leftovers", "no folder of a dead controller")


def _delete(paths: list[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _folders() -> list[Path]:
    found = [folder for place in places() for folder in place.glob("sweeper-*") if (folder / SOCKET).exists()]
    return sorted(folder for folder in found if _old_and_mine(folder))


def _old_and_mine(folder: Path) -> bool:
    try:
        about = folder.stat()
    except OSError:
        return False
    return about.st_uid == os.getuid() and time.time() - about.st_ctime > YOUNG


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except OSError:
            return True
    return True


def _has_workers(folder: Path) -> bool:
    pids = [path.stem.rpartition("-")[2] for path in folder.glob("output-*.log")]
    return any(start_time(int(pid)) is not None for pid in pids if pid.isdigit())
