"""Results kept on disk: whole frames survive whatever happens to the rest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sweeper import wire
from sweeper.events import TagsSet
from sweeper.trial import spool
from sweeper.trial.frames import Frame, pack


def frame(number: int) -> Frame:
    return Frame("r", 1, 1, number, (TagsSet("r", {"n": str(number) * (number + 1)}),))


def line(made: Frame) -> bytes:
    return pack(made.run_id, made.attempt, made.serial, made.first, [wire.encode(event) for event in made.events])


def test_what_is_written_is_read(tmp_path: Path) -> None:
    frames = [frame(number) for number in range(3)]

    path = spool.write(tmp_path / "deep" / "spool", "1-2", map(line, frames))

    assert path is not None
    assert list(spool.read(path)) == frames
    assert spool.files(tmp_path / "deep" / "spool") == [path]
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert os.listdir(path.parent) == ["1-2.spool"]


def test_nothing_to_write_leaves_nothing(tmp_path: Path) -> None:
    assert spool.write(tmp_path / "spool", "1-2", []) is None
    assert not (tmp_path / "spool").exists()
    assert spool.files(tmp_path / "spool") == []


def test_a_file_cut_at_any_byte_keeps_its_whole_frames(tmp_path: Path) -> None:
    frames = [frame(number) for number in range(3)]
    path = spool.write(tmp_path, "1-2", map(line, frames))
    assert path is not None
    body = path.read_bytes()
    ends = [sum(12 + len(line(made)) for made in frames[:count]) for count in range(4)]
    assert ends[-1] == len(body)

    for length in range(len(body) + 1):
        path.write_bytes(body[:length])
        whole = sum(end <= length for end in ends) - 1
        assert list(spool.read(path)) == frames[:whole]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_byte_ends_the_reading_before_its_frame(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    frames = [frame(number) for number in range(3)]
    path = spool.write(tmp_path_factory.mktemp("spool"), "1-2", map(line, frames))
    assert path is not None
    body = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(body)

    ends = [sum(12 + len(line(made)) for made in frames[:count]) for count in range(4)]
    whole = sum(end <= place for end in ends) - 1
    assert list(spool.read(path)) == frames[:whole]


def test_files_are_listed_oldest_first(tmp_path: Path) -> None:
    paths = [spool.write(tmp_path, name, [line(frame(0))]) for name in ("b", "a")]
    for age, path in enumerate(reversed(paths)):
        assert path is not None
        os.utime(path, (1000 - age, 1000 - age))
    (tmp_path / "half.tmp").write_bytes(b"torn")

    assert spool.files(tmp_path) == paths
