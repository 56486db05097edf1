"""What an examination says about a store: each check both ways."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from sweeper.store import health, open_store, place, revision
from sweeper.store.findings import Finding
from sweeper.store.health import examine
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_run, add_sweep, add_trial


def verdicts(found: list[Finding]) -> dict[str, str]:
    return {finding.check: finding.verdict.value for finding in found}


def told(found: list[Finding], check: str) -> Finding:
    return next(finding for finding in found if finding.check == check)


def test_a_sound_store(store: SqlStore, path: Path) -> None:
    add_trial(store, add_sweep(store), 0, value=1.0)
    found = verdicts(examine(path))
    found.pop("sqlite")
    assert found == dict.fromkeys(
        ("filesystem", "space", "schema", "integrity", "counts", "settings", "permissions"), "ok"
    )


@pytest.mark.parametrize(("version", "verdict"), [((3, 40, 1), "warn"), ((3, 51, 2), "warn"), ((3, 51, 3), "ok")])
def test_the_fault_of_older_sqlite_is_told(version: tuple[int, ...], verdict: str) -> None:
    finding = health._version(version)
    assert finding.verdict == verdict
    assert ("rare fault" in finding.text) == (verdict == "warn")


def test_a_store_that_is_not_there(path: Path) -> None:
    assert told(examine(path), "store").verdict == "fail"
    assert not path.exists()


@pytest.mark.parametrize(
    ("content", "check", "said"),
    [(b"hello" * 1000, "store", "not a SQLite database"), (b"", "schema", "not a store of sweeper")],
)
def test_a_file_of_somebody_else(path: Path, content: bytes, check: str, said: str) -> None:
    path.write_bytes(content)
    finding = told(examine(path), check)
    assert finding.verdict == "fail"
    assert said in finding.text


def test_a_damaged_file(store: SqlStore, path: Path) -> None:
    for _ in range(500):
        add_run(store)
    store.close()
    content = bytearray(path.read_bytes())
    content[len(content) // 3 : len(content) // 2] = b"\xff" * (len(content) // 2 - len(content) // 3)
    path.write_bytes(content)
    finding = told(examine(path), "integrity")
    assert finding.verdict == "fail"
    assert "damaged" in finding.text


def test_schemas_of_other_versions(store: SqlStore, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.close()
    for head, wanted in (("9999", ("warn", "sweeper db upgrade")), ("0000", ("fail", "upgrade sweeper"))):
        monkeypatch.setattr(revision, "HEAD", head)
        finding = told(examine(path), "schema")
        assert (finding.verdict, finding.advice) == wanted


def test_counts_that_are_wrong(store: SqlStore, path: Path) -> None:
    sweep = add_sweep(store)
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE sweeper_status SET complete = 3")
    finding = told(examine(path), "counts")
    assert finding.verdict == "fail"
    assert sweep.id in finding.text


def test_files_that_others_may_read_are_closed_to_them(store: SqlStore, path: Path) -> None:
    # given a store that others may read, with its artifacts
    Path(store.artifacts).mkdir(mode=0o755)
    add_run(store)
    path.chmod(0o644)
    finding = told(examine(path), "permissions")
    assert finding.verdict == "warn"
    assert str(path) in finding.text
    # when that is repaired
    assert finding.repair is not None
    finding.repair()
    # then it is so no more
    assert told(examine(path), "permissions").verdict == "ok"
    assert (path.stat().st_mode & 0o777, Path(store.artifacts).stat().st_mode & 0o777) == (0o600, 0o700)


def test_an_examination_does_not_disturb(path: Path) -> None:
    store = open_store(path)
    run_id = add_run(store)
    examine(path)
    store.write().result()
    assert store.run(run_id).id == run_id
    store.close()


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/me/local\\040disk xfs rw 0 0
me@host: /mnt/far fuse.sshfs rw 0 0
share /mnt/win cifs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("folder", "kind", "verdict"),
    [
        ("/var/lib", "ext4", "ok"),
        ("/home/me", "nfs4", "warn"),
        ("/home/me/local disk/x", "xfs", "ok"),
        ("/homes", "ext4", "ok"),
        ("/mnt/far/deep", "fuse.sshfs", "warn"),
        ("/mnt/win", "cifs", "warn"),
    ],
)
def test_filesystems_of_networks_are_warned_of(tmp_path: Path, folder: str, kind: str, verdict: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    assert place.filesystem(Path(folder), str(mounts)) == kind
    assert place.check_filesystem(Path(folder), str(mounts)).verdict == verdict


def test_without_a_list_of_mounts_nothing_is_claimed(tmp_path: Path) -> None:
    assert place.filesystem(tmp_path, str(tmp_path / "none")) == ""
    assert place.check_filesystem(tmp_path, str(tmp_path / "none")).verdict == "ok"


@pytest.mark.parametrize(
    ("little", "least", "verdict"), [(0, 0, "ok"), (2**62, 0, "warn"), (2**62, 2**62, "fail")]
)
def test_little_room_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, little: int, least: int, verdict: str
) -> None:
    monkeypatch.setattr(place, "LITTLE", little)
    monkeypatch.setattr(place, "HARDLY_ANY", least)
    assert place.check_room(tmp_path / "not" / "there", "the store").verdict == verdict


@pytest.mark.parametrize(("clock", "verdict"), [(100.5, "ok"), (103.0, "ok"), (107.0, "warn"), (94.0, "warn")])
def test_clocks_that_differ_are_told(clock: float, verdict: str) -> None:
    assert health._clock(100.0, clock, 101.0).verdict == verdict
