"""The simulation of power cuts keeps what was synced and may lose the rest."""

from __future__ import annotations

import random

from tests.chaos.power import SECTOR, Disk, Operation, cuts


def write(offset: int, data: bytes, path: str = "/d/f") -> Operation:
    return Operation("w", path, offset, data)


SYNC = Operation("s", "/d/f", 0, b"")


def test_what_was_synced_survives_every_cut() -> None:
    disk = Disk()
    for operation in (write(0, b"a" * 2000), Operation("t", "/d/f", 1500, b""), SYNC):
        disk.take(operation)
    assert {disk.after_cut(random.Random(seed)) for seed in range(50)} == {b"a" * 1500}


def test_what_was_not_synced_may_be_there_or_not_or_in_part() -> None:
    disk = Disk()
    disk.take(write(0, b"a" * 4 * SECTOR))
    found = {disk.after_cut(random.Random(seed)) for seed in range(200)}
    assert b"" in found
    assert b"a" * 4 * SECTOR in found
    assert any(0 < content.count(b"a") < 4 * SECTOR for content in found)
    assert all(content.count(b"a") % SECTOR == 0 for content in found)


def test_what_was_acknowledged_before_a_cut_is_told_with_it() -> None:
    acks = [Operation("a", "/d/acks", 0, line) for line in (b"0\n", b"1\n")]
    log = [write(0, b"1"), SYNC, acks[0], write(1, b"2"), acks[1]]
    seen = [(files["f"][:1], told) for files, told in cuts(log, ("f",), "acks", 40, random.Random(1))]
    assert {content for content, _ in seen} == {b"1"}
    assert {tuple(told) for _, told in seen} == {(0,), (0, 1)}
