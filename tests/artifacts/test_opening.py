"""Which artifact store a path or URL means."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sweeper.artifacts import open_artifacts
from sweeper.errors import MissingPackage, UsageError


def test_a_path_and_a_file_url_are_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert open_artifacts("files").root == str(tmp_path / "files")
    assert open_artifacts("~/files").root == str(tmp_path / "home" / "files")
    assert open_artifacts(f"file://{tmp_path}/a%20b").root == f"{tmp_path}/a b"


def test_what_cannot_be_opened_is_said() -> None:
    with pytest.raises(UsageError, match="use a folder"):
        open_artifacts("nothing://bucket")
    with pytest.raises(UsageError, match="must be a folder"):
        open_artifacts("")
    with pytest.raises(UsageError, match="credentials") as caught:
        open_artifacts("s3://key:hunter2@bucket/x")
    assert "hunter2" not in str(caught.value)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(MissingPackage, match="pip install s3fs"):
        open_artifacts("s3://bucket/x")


def test_a_folder_needs_no_fsspec(tmp_path: Path) -> None:
    code = f"import sys; from sweeper.artifacts import open_artifacts as o; o({str(tmp_path)!r}).write('a', b''); " \
           "print('fsspec' in sys.modules)"  # fmt: skip
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"
