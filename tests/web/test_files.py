"""Files of a run: where they may be, and how they may be shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sweeper.artifacts import open_artifacts
from sweeper.errors import UsageError
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_run, add_sweep, add_trial
from sweeper.web.files import MB, listed, preview, raster, recorded_root, root_of

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def test_folders_come_first_and_paths_are_those_of_the_run(fresh: SqlStore) -> None:
    run_id = add_trial(fresh, add_sweep(fresh), 0, value=0.5)
    files = open_artifacts(fresh.artifacts)
    files.write(f"{run_id}/z.txt", b"hello")
    files.write(f"{run_id}/plots/roc.png", PNG)
    root = root_of(fresh, files, fresh.run(run_id))
    assert listed(files, root) == [
        {"path": "plots", "dir": True, "size": 0, "preview": "none"},
        {"path": "z.txt", "dir": False, "size": 5, "preview": "text"},
    ]
    assert [row["path"] for row in listed(files, root, "plots/")] == ["plots/roc.png"]
    assert listed(files, root, "z.txt") == []
    assert listed(files, root, "nowhere") == []


@pytest.mark.parametrize("path", ["..", "../other", "plots/../../other", "a//b", "a\\b", "a\0b", "."])
def test_no_path_leads_out_of_a_run(fresh: SqlStore, path: str) -> None:
    files = open_artifacts(fresh.artifacts)
    with pytest.raises(UsageError, match="artifact path"):
        listed(files, root_of(fresh, files, fresh.run(add_run(fresh))), path)


@pytest.mark.parametrize("place", ["/etc", "{root}", "{root}x/run", "{root}/../secret", "s3://bucket/run", ""])
def test_a_record_that_names_another_place_is_refused(fresh: SqlStore, place: str) -> None:
    run = replace(fresh.run(add_run(fresh)), artifact_uri=place.format(root=fresh.artifacts))
    with pytest.raises(UsageError):
        root_of(fresh, open_artifacts(fresh.artifacts), run)


def test_a_store_that_was_moved_with_its_files_finds_them(fresh: SqlStore) -> None:
    run = fresh.run(add_run(fresh))
    moved, files = replace(run, artifact_uri=f"/home/before/artifacts/{run.id}"), open_artifacts(fresh.artifacts)
    with pytest.raises(UsageError, match="outside"):
        root_of(fresh, files, moved)
    files.write(f"{run.id}/notes.txt", b"x")
    assert root_of(fresh, files, moved) == run.id
    with pytest.raises(UsageError, match="outside"):
        root_of(fresh, files, replace(moved, artifact_uri="/etc"))
    with pytest.raises(UsageError, match="outside"):
        recorded_root(fresh, moved)


def test_links_are_neither_listed_nor_followed(fresh: SqlStore, tmp_path: Path) -> None:
    run_id = add_run(fresh)
    files = open_artifacts(fresh.artifacts)
    files.write(f"{run_id}/own.txt", b"mine")
    Path(fresh.artifacts, run_id, "link.txt").symlink_to("/etc/passwd")
    Path(fresh.artifacts, run_id, "folder").symlink_to(tmp_path)
    root = root_of(fresh, files, fresh.run(run_id))
    assert [row["path"] for row in listed(files, root)] == ["own.txt"]
    assert listed(files, root, "folder") == []


@pytest.mark.parametrize(
    ("path", "size", "kind"),
    [
        ("plots/roc.PNG", 10, "image"),
        ("a.jpeg", 16 * MB, "image"),
        ("a.jpeg", 16 * MB + 1, "none"),
        ("page.svg", 10, "text"),
        ("page.html", 10, "text"),
        ("rows.csv", 10, "table"),
        ("rows.csv", 5 * MB, "none"),
        ("model/MLmodel", 10, "text"),
        ("model.pkl", 10, "none"),
        ("report.pdf", 10, "none"),
        ("png", 10, "none"),
        (".png", 10, "image"),
    ],
)
def test_a_preview_goes_by_name_and_size(path: str, size: int, kind: str) -> None:
    assert preview(path, False, size) == kind
    assert preview(path, True, 0) == "none"


@pytest.mark.parametrize(
    ("first", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0\0\0JFIF", "image/jpeg"),
        (b"GIF89a" + b"\0" * 10, "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", None),
        (b"<svg xmlns='http", None),
        (b"<!DOCTYPE html>", None),
        (b"%PDF-1.7", None),
        (b" \x89PNG\r\n\x1a\n", None),
        (b"BM\0\0\0\0", None),
        (b"", None),
    ],
)
def test_an_image_is_told_by_its_first_bytes(first: bytes, kind: str | None) -> None:
    assert raster(first) == kind
