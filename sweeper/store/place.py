"""Where a SQLite store lies: kind of filesystem, free room, who may read it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from sweeper.store.findings import Finding, fail, ok, warn

SHARED = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "gpfs", "beegfs", "glusterfs", "fuseblk")
)
LITTLE, HARDLY_ANY = 200 * 2**20, 20 * 2**20  #: bytes of free room
BESIDE = ("", "-wal", "-shm", "-ballast", "-checkpoint")
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def filesystem(path: Path, mounts: str = "/proc/self/mounts") -> str:
    """Return the kind of filesystem that holds ``path`` ("ext4", "nfs4", "fuse.sshfs"); "" when it is not known."""
    try:
        lines = Path(mounts).read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    place, best, kind = os.path.realpath(path), "", ""
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = fields[1].encode("ascii", "surrogateescape").decode("unicode_escape", "surrogateescape")
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind


def check_filesystem(folder: Path, mounts: str = "/proc/self/mounts") -> Finding:
    kind = filesystem(folder, mounts)
    if kind in SHARED or kind.startswith("fuse."):
        return warn(
            "filesystem",
            f"{folder} is on {kind}: locks and shared memory may not work there, and a store can be damaged",
            "put the store on a disk of this machine, or use PostgreSQL; artifacts may stay there",
        )
    return ok("filesystem", f"{folder} is on {kind or 'a filesystem of unknown kind'}")


def check_room(folder: Path, what: str) -> Finding:
    """Look at the free room where ``what`` (a name for people) is written."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    room = os.statvfs(folder)
    free = room.f_bavail * room.f_frsize
    text = f"{free / 1e9:.1f} GB are free for {what}"
    advice = "make room: a running sweep pauses when nothing can be written, and goes on when there is room"
    if free < HARDLY_ANY:
        return fail("space", text.replace(f"{free / 1e9:.1f} GB", f"{free / 1e6:.0f} MB"), advice)
    return warn("space", text, advice) if free < LITTLE else ok("space", text)


def check_permissions(path: Path, artifacts: Path | None) -> Finding:
    """Nobody but the owner may read or write the store's files."""
    open_ones = list(_open_to_others(path, artifacts))
    if not open_ones:
        return ok("permissions", "only you may read the store and its artifacts")
    listed = ", ".join(str(each) for each in open_ones[:3]) + (", ..." if len(open_ones) > 3 else "")
    return warn(
        "permissions",
        f"others on this machine may read or change {listed}",
        "sweeper doctor --repair takes that away",
        lambda: _close_to_others(open_ones),
    )


def _close_to_others(paths: list[Path]) -> None:
    for path in paths:
        path.chmod(path.stat().st_mode & ~OTHERS)


def _open_to_others(path: Path, artifacts: Path | None) -> Iterator[Path]:
    for suffix in BESIDE:
        file = path.with_name(path.name + suffix)
        if file.exists() and file.stat().st_mode & OTHERS:
            yield file
    if artifacts is not None and artifacts.is_dir() and artifacts.stat().st_mode & OTHERS:
        yield artifacts
