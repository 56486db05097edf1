"""Stores of older versions are opened, and upgrades die in the middle."""

from __future__ import annotations

import contextlib
import gzip
import shutil
import sqlite3
import sys
import time
from pathlib import Path

import pytest

from sweeper.errors import StoreNewer
from sweeper.exchange.store import export
from sweeper.store import migrations, open_store, revision
from tests.chaos.arena import Arena, wait_until
from tests.store import schemas

NEXT = "9001"
STEP = f"""
import time
import sqlalchemy as sa
from alembic import op
revision, down_revision = "{NEXT}", "{revision.HEAD}"
def upgrade():
    for number in range(40):
        op.add_column("sweeper_runs", sa.Column(f"made{{number}}", sa.Text(), server_default="x"))
        time.sleep(0.01)
"""
CHILD = f"""
import sqlite3, sys
from pathlib import Path
from sweeper.store import migrations
raw = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
print("begins", flush=True)
migrations.upgrade_sqlite(raw, Path(sys.argv[1]), "{revision.HEAD}", Path(sys.argv[2]))
"""


def upgraded(arena: Arena, kills: int = 20) -> str:
    """R19: every stored schema is opened with its data; an upgrade killed anywhere is repeated; a newer one refused."""
    fixtures = sorted(Path(schemas.__path__[0]).glob("*.db.gz"))
    assert fixtures
    for fixture in fixtures:
        path = _unpack(fixture, arena.folder / fixture.name.removesuffix(".gz"))
        store = open_store(path)
        export(store, arena.folder / "export.jsonl")
        store.close()
        kept = fixture.with_name(fixture.name.replace(".db.gz", ".jsonl")).read_text().splitlines()
        assert (arena.folder / "export.jsonl").read_text().splitlines()[1:-1] == kept[1:-1], fixture.name
    _refused(_unpack(fixtures[-1], arena.folder / "newer.db"))
    half = sum(_killed(arena, fixtures[-1]) for _ in range(kills))
    return f"{len(fixtures)} stored schema opened, newer refused; {kills} upgrades killed, {half} before their end"


def _refused(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE {revision.TABLE} SET version_num = '{NEXT}'")
    with pytest.raises(StoreNewer, match="newer"):
        open_store(path)


def _killed(arena: Arena, fixture: Path) -> bool:
    """Kill an upgrade, do it again, compare; return whether it had not ended."""
    path = _unpack(fixture, arena.folder / "upgrade.db")
    steps = arena.folder / "steps"
    if not steps.exists():
        shutil.copytree(migrations.HERE / "versions", steps / "versions")
        (steps / "versions" / f"v{NEXT}_next.py").write_text(STEP)
    before = _contents(path)
    process = arena.popen([sys.executable, "-c", CHILD, str(path), str(steps)])
    assert process.stdout is not None
    wait_until(lambda: process.stdout is not None and process.stdout.readline())
    time.sleep(arena.random.uniform(0.0, 0.6))
    arena.kill(process)
    (version, columns), contents = _version(path), _contents(path)
    assert contents == before
    assert (version, columns) in ((revision.HEAD, 0), (NEXT, 40)), f"half an upgrade: {version}, {columns} columns"
    if version == revision.HEAD:
        code, said = arena.finish(arena.popen([sys.executable, "-c", CHILD, str(path), str(steps)]))
        assert code == 0, said
        assert _version(path) == (NEXT, 40)
        assert _contents(path) == before
    assert _contents(path.with_name(f"{path.name}.{revision.HEAD}.backup")) == before
    return version == revision.HEAD


def _unpack(fixture: Path, path: Path) -> Path:
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    path.write_bytes(gzip.decompress(fixture.read_bytes()))
    return path


def _version(path: Path) -> tuple[str, int]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (version,) = connection.execute(f"SELECT version_num FROM {revision.TABLE}").fetchone()
        columns = [row[1] for row in connection.execute("PRAGMA table_info(sweeper_runs)")]
    return version, sum(name.startswith("made") for name in columns)


def _contents(path: Path) -> list[tuple[object, ...]]:
    """Return the rows that matter, without columns that the upgrade made."""
    made = _version(path)[1]
    rows: list[tuple[object, ...]] = []
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for table in ("runs", "params", "points", "attempts", "tags"):
            found = connection.execute(f"SELECT * FROM sweeper_{table} ORDER BY 1, 2, 3").fetchall()
            rows += [row[:-made] for row in found] if made and table == "runs" else found
    return rows
