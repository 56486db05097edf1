"""The file of an export: whole, unchanged, ours, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from sweeper.errors import StoreUnavailable, UsageError
from sweeper.exchange.lines import read_header, read_rows, write_lines

ROWS = [("a", {"id": 1, "text": "é\u2028\n"}), ("b", {"id": 2, "text": None})]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "x.jsonl"
    assert write_lines(path, {"schema": "0001"}, ROWS) == 2
    return path


def test_rows_come_back(file: Path) -> None:
    assert read_header(file) == {"version": 1, "schema": "0001"}
    assert list(read_rows(file)) == ROWS


def test_only_its_owner_may_read_it(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["x.jsonl"]


def test_every_shorter_file_is_refused(file: Path) -> None:
    content = file.read_bytes()
    for length in range(len(content)):
        file.write_bytes(content[:length])
        with pytest.raises(UsageError, match=r"not whole|not an export"):
            read_header(file)


def test_every_changed_byte_is_found(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1
        file.write_bytes(changed)
        with pytest.raises(UsageError):
            read_header(file)


@pytest.mark.parametrize("content", ["", "{}\n", "[1]\n", '{"table":"runs"}\n', "hello\n", '{"table":' * 5000])
def test_a_file_of_somebody_else_is_refused(file: Path, content: str) -> None:
    file.write_text(content)
    with pytest.raises(UsageError, match="not an export of sweeper"):
        read_header(file)


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    write_lines(path, {"version": 2}, [])
    with pytest.raises(UsageError, match="newer sweeper"):
        read_header(path)


def test_nothing_is_left_when_rows_break_off(tmp_path: Path) -> None:
    def broken() -> object:
        yield ROWS[0]
        raise StoreUnavailable("gone")

    with pytest.raises(StoreUnavailable):
        write_lines(tmp_path / "x.jsonl", {}, broken())  # type: ignore[arg-type]  # a generator that fails
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="could not be written"):
        write_lines(tmp_path / "no" / "x.jsonl", {}, [])
