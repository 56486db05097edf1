"""``sweeper db``: copies, exports, imports, and what is refused."""

from __future__ import annotations

from pathlib import Path

from sweeper.records import SweepRecord
from sweeper.store import revision

from .conftest import Sweeper


def test_a_backup_is_a_store(sweeper: Sweeper, digits: SweepRecord) -> None:
    assert sweeper("db", "backup", "copy.db").code == 0
    assert sweeper("show", "digits", "--store", "copy.db", "--json").json[0]["id"] == digits.id
    again = sweeper("db", "backup", "copy.db")
    assert (again.code, "--force" in again.err) == (2, True)
    assert sweeper("db", "backup", "copy.db", "--force", "--json").json[0]["file"] == "copy.db"


def test_a_store_moves_in_a_file(sweeper: Sweeper, digits: SweepRecord) -> None:
    exported = sweeper("db", "export", "all.jsonl", "--json").json[0]
    assert exported == {"target": "all.jsonl", "runs": 8, "files": 0}
    assert sweeper("db", "import", "all.jsonl", "--store", "other.db").out == (
        "8 runs imported, 0 were here already, 0 files\n"
    )
    assert sweeper("db", "import", "all.jsonl", "--store", "other.db", "--json").json == [
        {"runs": 0, "known": 8, "files": 0}
    ]
    before, after = (sweeper("trials", "last", "--json", "--store", name).out for name in ("sweeper.db", "other.db"))
    assert before == after
    assert before


def test_a_sweep_moves_in_a_folder(sweeper: Sweeper, here: Path, digits: SweepRecord) -> None:
    assert sweeper("db", "export", "folder", "--sweep", "digits").code == 0
    assert sorted(path.name for path in (here / "folder").iterdir()) == ["manifest.json", "store.jsonl"]
    assert sweeper("db", "import", "folder", "--store", "other.db").code == 0
    assert sweeper("db", "export", "more", "--sweep", "nothing").code == 2


def test_half_a_file_is_refused(sweeper: Sweeper, here: Path, digits: SweepRecord) -> None:
    sweeper("db", "export", "all.jsonl")
    content = (here / "all.jsonl").read_bytes()
    (here / "all.jsonl").write_bytes(content[: len(content) // 2])
    refused = sweeper("db", "import", "all.jsonl", "--store", "other.db")
    assert refused.code == 2
    assert "Nothing was imported" in refused.err
    assert sweeper("ls", "--store", "other.db", "--json").json == []


def test_files_that_are_not_there(sweeper: Sweeper, here: Path) -> None:
    assert sweeper("db", "import", "none.jsonl").code == 2
    assert sweeper("db", "backup", "copy.db", "--store", "none.db").code == 3
    assert sweeper("db", "export", "all.jsonl", "--store", "none.db").code == 3
    assert not (here / "all.jsonl").exists()


def test_an_upgrade_says_what_the_schema_is(sweeper: Sweeper, digits: SweepRecord) -> None:
    assert sweeper("db", "upgrade", "--json").json == [{"schema": revision.HEAD}]
