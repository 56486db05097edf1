"""A folder appears whole, and takes nothing away that is not its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sweeper.errors import UsageError
from sweeper.report.folder import write_folder

OURS = re.compile(r"report\.md|slice_.*")


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    write_folder(tmp_path / "a" / "b", {"report.md": b"1"}, OURS)

    assert content(tmp_path / "a" / "b") == {"report.md": b"1"}
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_an_earlier_folder_of_ours_is_replaced_whole(tmp_path: Path) -> None:
    write_folder(tmp_path / "r", {"report.md": b"1", "slice_a": b"a"}, OURS)

    write_folder(tmp_path / "r", {"report.md": b"2"}, OURS)

    assert content(tmp_path / "r") == {"report.md": b"2"}
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_in_a_folder_with_other_files_only_ours_change(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_bytes(b"years")
    (tmp_path / "slice_old").write_bytes(b"x")
    (tmp_path / "slice_folder").mkdir()

    write_folder(tmp_path, {"report.md": b"2"}, OURS)

    assert (tmp_path / "thesis.tex").read_bytes() == b"years"
    assert (tmp_path / "report.md").read_bytes() == b"2"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.md", "slice_folder", "thesis.tex"]


def test_through_a_link_the_folder_it_names_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    write_folder(tmp_path / "link", {"report.md": b"2"}, OURS)

    assert (tmp_path / "link").is_symlink()
    assert content(tmp_path / "real") == {"report.md": b"2"}


def test_when_writing_fails_the_earlier_folder_stays_and_nothing_is_left_over(tmp_path: Path) -> None:
    write_folder(tmp_path / "r", {"report.md": b"1"}, OURS)

    with pytest.raises(UsageError, match="cannot write the folder"):
        write_folder(tmp_path / "r", {"report.md": b"2", "no/such/folder": b""}, OURS)

    assert content(tmp_path / "r") == {"report.md": b"1"}
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "r").write_text("a file")

    with pytest.raises(UsageError, match="cannot write the folder"):
        write_folder(tmp_path / "r", {"report.md": b"2"}, OURS)

    assert (tmp_path / "r").read_text() == "a file"
