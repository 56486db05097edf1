"""One schema, said three times: the tables, the frozen SQL and the migrations agree."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from sweeper.errors import StoreUnavailable
from sweeper.store import open_store, revision
from sweeper.store.dialects import MYSQL, POSTGRESQL, SQLITE, Dialect
from sweeper.store.freeze import FROZEN, frozen
from sweeper.store.migrations import HERE, upgrade, upgrade_sqlite
from sweeper.store.statements import compile_all
from sweeper.testing.sweeps import HOLDER, add_sweep, add_trial

NEXT = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9999", "{head}"
def upgrade():
    op.add_column("sweeper_runs", sa.Column("colour", sa.Text()))
    {more}
"""


def described(path: Path) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2").fetchall()
    connection.close()
    return [tuple("".join(str(value).split()) for value in row) for row in found]


def test_the_frozen_sql_is_what_the_statements_say() -> None:
    assert FROZEN.read_text("utf-8") == frozen(), "run: python -m sweeper.store.freeze"


def test_a_new_file_is_what_the_migrations_make(path: Path) -> None:
    open_store(str(path)).close()
    migrated = path.with_name("migrated.db")
    engine = create_engine(f"sqlite:///{migrated}")
    with engine.begin() as connection:
        upgrade(connection)
    engine.dispose()
    assert described(migrated) == described(path)
    found = [sqlite3.connect(file).execute("SELECT id, name, deleted FROM sweeper_experiments").fetchall()
             for file in (path, migrated)]  # fmt: skip
    assert found[0] == found[1] == [(0, "Default", 0)]
    versions = [sqlite3.connect(file).execute("SELECT * FROM sweeper_schema").fetchall() for file in (path, migrated)]
    assert versions[0] == versions[1] == [(revision.HEAD,)]


@pytest.mark.parametrize("dialect", [POSTGRESQL, MYSQL], ids=lambda dialect: dialect.name)
def test_statements_take_the_same_values_on_every_database(dialect: Dialect) -> None:
    here, there = compile_all(SQLITE), compile_all(dialect)
    assert {name: made.parameters for name, made in there.items()} == {
        name: made.parameters for name, made in here.items()
    }
    assert all(made.text.count(dialect.placeholder) == len(made.parameters) for made in there.values())


def test_an_older_store_is_not_read_before_it_is_upgraded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(str(path)).close()
    monkeypatch.setattr(revision, "HEAD", "9999")
    with pytest.raises(StoreUnavailable, match="Run: sweeper db upgrade"):
        open_store(str(path), read_only=True)


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """The real steps and one more."""
    folder = tmp_path / "steps"
    (folder / "versions").mkdir(parents=True)
    for file in (HERE / "versions").glob("v*.py"):
        (folder / "versions" / file.name).write_text(file.read_text())
    (folder / "versions" / "v9999_colour.py").write_text(NEXT.format(head=revision.HEAD, more=""))
    return folder


def test_an_older_store_is_backed_up_and_upgraded(path: Path, versions: Path) -> None:
    store = open_store(str(path))
    run_id = add_trial(store, add_sweep(store), 0)
    store.close()
    raw = sqlite3.connect(path, isolation_level=None)
    upgrade_sqlite(raw, path, revision.HEAD, versions)
    assert raw.execute("SELECT version_num FROM sweeper_schema").fetchall() == [("9999",)]
    assert raw.execute("SELECT id, colour FROM sweeper_runs WHERE kind = 'trial'").fetchall() == [(run_id, None)]
    raw.close()
    backup = path.with_name(f"runs.db.{revision.HEAD}.backup")
    assert backup.stat().st_mode & 0o777 == 0o600
    assert open_store(str(backup), read_only=True).find_trial("last:0").run_id == run_id


def test_an_upgrade_that_breaks_leaves_the_store_as_it_was(path: Path, versions: Path) -> None:
    open_store(str(path)).close()
    before = described(path)
    step = NEXT.format(head=revision.HEAD, more="op.execute('nonsense')")
    (versions / "versions" / "v9999_colour.py").write_text(step)
    raw = sqlite3.connect(path, isolation_level=None)
    with pytest.raises(Exception, match="nonsense"):
        upgrade_sqlite(raw, path, revision.HEAD, versions)
    raw.close()
    assert described(path) == before
    open_store(str(path)).close()


def test_no_upgrade_while_a_sweep_runs(path: Path, versions: Path) -> None:
    store = open_store(str(path))
    store.acquire(add_sweep(store).id, HOLDER, 30)
    store.close()
    raw = sqlite3.connect(path, isolation_level=None)
    with pytest.raises(StoreUnavailable, match="a sweep that runs"):
        upgrade_sqlite(raw, path, revision.HEAD, versions)
    assert raw.execute("SELECT version_num FROM sweeper_schema").fetchall() == [(revision.HEAD,)]
    raw.close()


def test_an_older_store_is_upgraded_when_it_is_opened(
    path: Path, versions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(str(path)).close()
    monkeypatch.setattr(revision, "HEAD", "9999")
    monkeypatch.setattr("sweeper.store.migrations.upgrade_sqlite.__defaults__", (versions,))
    open_store(str(path)).close()
    found = sqlite3.connect(path).execute("SELECT version_num FROM sweeper_schema").fetchall()
    assert found == [("9999",)]
