"""PostgreSQL and MariaDB do what every store must do, and come back after a restart."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, Select, Table, create_engine, exists, literal, select, text, true, union_all

from sweeper.errors import MissingPackage, StoreForeign, StoreNewer, StoreUnavailable, SweeperError, UsageError
from sweeper.events import TagsSet
from sweeper.exchange.lines import read_rows
from sweeper.exchange.store import export, load
from sweeper.interfaces import Store
from sweeper.records import new_id
from sweeper.store import open_store, revision, tracking
from sweeper.store.health import examine
from sweeper.store.store import SqlStore
from sweeper.store.tables import metadata
from sweeper.testing.store import StoreConformance
from sweeper.testing.sweeps import HOLDER, add_run, add_sweep, completed, started

from .disks import wait_until
from .page_cases import PageCases
from .schemas.make import HERE
from .servers import MariaDB, PostgreSQL, free_port
from .sheet_cases import SheetCases

EXPERIMENTS = "sweeper_experiments"


@pytest.fixture(scope="module", params=[PostgreSQL, MariaDB], ids=lambda kind: kind.__name__)
def server(request: pytest.FixtureRequest) -> Iterator[PostgreSQL | MariaDB]:
    """A server of its own; without its packages the tests are skipped on a laptop and fail in CI."""
    if (why := request.param.missing()) and not os.environ.get("CI"):
        pytest.skip(why)
    made = request.param()
    yield made
    made.close()


@pytest.fixture(scope="module")
def engine(server: PostgreSQL | MariaDB) -> Iterator[Engine]:
    """A way to the server beside ours."""
    made = create_engine(server.url, pool_pre_ping=True)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def opened(server: PostgreSQL | MariaDB) -> Iterator[Store]:
    """One store for all tests: connecting takes longer than most of them."""
    made = open_store(server.url, artifacts="memory://files")
    yield made
    made.close()


@pytest.fixture
def shared(opened: Store, engine: Engine) -> Iterator[Store]:
    """The store, and empty again after the test."""
    kept = [table for table in metadata.tables.values() if table.name != "sweeper_meta"]
    yield opened
    with contextlib.suppress(SweeperError):
        opened.flush()
    with engine.begin() as connection:
        for name in connection.scalars(union_all(*(_rows(table) for table in kept))).all():
            connection.execute(text(f"DELETE FROM {name} WHERE {'id <> 0' if name == EXPERIMENTS else '1 = 1'}"))


def _rows(table: Table) -> Select[str]:
    """The name of a table that has rows; one experiment is always there."""
    more = table.c.id != 0 if table.name == EXPERIMENTS else true()
    return select(literal(table.name)).where(exists().select_from(table).where(more))


class TestServerStore(StoreConformance):
    @pytest.fixture
    def store(self, shared: Store) -> Store:
        return shared


class TestServerSheets(SheetCases):
    @pytest.fixture
    def store(self, shared: SqlStore) -> SqlStore:
        return shared


class TestServerPages(PageCases):
    @pytest.fixture
    def store(self, shared: SqlStore) -> SqlStore:
        return shared


def create_database(server: PostgreSQL | MariaDB, name: str) -> None:
    engine = create_engine(server.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("dataset.context = 'train'", 1), ("dataset.context = 'Train'", 0), ("dataset.context ILIKE 'TRAIN'", 1),
        ("dataset.context != 'test'", 1), ("dataset.name IN ('digits', 'x')", 2), ("dataset.context IS NULL", 1),
        ("datasets.digest LIKE '1_'", 2),
    ],
)  # fmt: skip
def test_runs_are_found_by_their_datasets(shared: SqlStore, where: str, count: int) -> None:
    for tags in ({"mlflow.data.context": "train", "a": "b"}, {}):
        used = tracking.Input("digits", "12", "local", "here", tags=tags)
        run_id = add_run(shared)
        shared.change(lambda session, run_id=run_id, used=used: tracking.log_inputs(session, run_id, [used]))
    assert len(shared.runs(where)) == count


COLD = """
import os, sys
import sqlalchemy
from sweeper.store import open_store
sqlalchemy.create_engine(sys.argv[1])  # its driver is imported once for all
waiting, begin = os.pipe()
children = []
for _ in range(8):
    if (child := os.fork()) == 0:
        os.close(begin)
        os.read(waiting, 1)  # until nobody can write there any more
        store = open_store(sys.argv[1], artifacts="memory://files")
        os.write(1, f"{store.experiment('shared')}\\n".encode())
        store.close()
        os._exit(0)
    children.append(child)
os.close(begin)
sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))
"""


def test_processes_start_at_once_on_one_empty_database(server: PostgreSQL | MariaDB) -> None:
    create_database(server, "cold")
    url = server.url.rpartition("/")[0] + "/cold"
    done = subprocess.run([sys.executable, "-c", COLD, url], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["1"] * 8


def test_a_restart_of_the_server_loses_and_doubles_nothing(server: PostgreSQL | MariaDB, shared: Store) -> None:
    # given a controller that writes all the time
    sweep = add_sweep(shared)
    fence = shared.acquire(sweep.id, HOLDER, 60)
    stop = threading.Event()
    numbers: list[int] = []

    def write() -> None:
        while not stop.is_set() or len(numbers) < 20:
            run_id, number = new_id(), len(numbers)
            shared.write(*started(sweep.id, run_id, number, {}), fence=fence)
            shared.write(*completed(sweep.id, run_id, number, 0.5), fence=fence).result()
            numbers.append(number)

    thread = threading.Thread(target=write)
    thread.start()
    # when the server is restarted twice
    server.restart()
    server.restart()
    stop.set()
    thread.join()
    # then every trial is there once
    shared.flush()
    assert [trial.number for trial in shared.trials(sweep.id)] == numbers
    assert shared.find_sweep("last").counts["complete"] == len(numbers)


def test_reading_finds_the_server_again(server: PostgreSQL | MariaDB, shared: Store) -> None:
    run_id = add_run(shared)
    assert shared.run(run_id).id == run_id
    moment = shared.moment()
    server.restart()
    assert moment is None or shared.moment() not in (None, moment)
    assert shared.run(run_id).id == run_id


def test_a_server_that_stays_away_fails_what_waits_and_is_found_when_it_is_back(
    server: PostgreSQL | MariaDB,
) -> None:
    # given a store that looks for its server for two seconds
    store = open_store(server.url, artifacts="memory://files", reconnect=2)
    run_id = add_run(store)
    # when the server is away
    server.stop()
    waiting = [store.write(TagsSet(run_id, {str(n): "1"})) for n in range(3)]
    # then the store says so, and what waits fails in words
    wait_until(lambda: store.trouble)
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1"):
        waiting[0].result()
    # and what is written later fails at its first try
    with pytest.raises(StoreUnavailable):
        store.write(TagsSet(run_id, {"late": "1"})).result()
    # and all is well when the server is back
    server.start()
    store.write(TagsSet(run_id, {"back": "1"})).result()
    assert store.trouble == ""
    assert store.run(run_id).tags == {"back": "1"}
    store.close()


def test_a_reader_does_not_wait_for_a_server(server: PostgreSQL | MariaDB, shared: Store) -> None:
    run_id = add_run(shared)
    reader = open_store(server.url, read_only=True)
    assert reader.run(run_id).id == run_id
    server.stop()
    with pytest.raises(StoreUnavailable):
        reader.run(run_id)
    server.start()
    assert reader.run(run_id).id == run_id
    reader.close()


def test_where_files_go_is_asked_once_and_remembered(server: PostgreSQL | MariaDB) -> None:
    create_database(server, "files")
    url = server.url.rpartition("/")[0] + "/files"
    with pytest.raises(UsageError, match="where files of runs go"):
        open_store(url)
    open_store(url, artifacts="memory://files").close()
    again = open_store(url)
    assert again.artifacts == "memory://files"
    again.close()


def test_a_database_without_our_tables_is_not_read(server: PostgreSQL | MariaDB) -> None:
    create_database(server, "empty")
    with pytest.raises(StoreForeign, match="not a store of sweeper yet"):
        open_store(server.url.rpartition("/")[0] + "/empty", read_only=True)


def test_a_newer_store_is_refused(server: PostgreSQL | MariaDB, opened: Store, engine: Engine) -> None:
    try:
        with engine.begin() as connection:
            connection.execute(text("UPDATE sweeper_schema SET version_num = '0999'"))
        for read_only in (False, True):
            with pytest.raises(StoreNewer, match="0999"):
                open_store(server.url, read_only=read_only)
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE sweeper_schema SET version_num = '{revision.HEAD}'"))


def test_the_password_is_never_shown(server: PostgreSQL | MariaDB, opened: Store) -> None:
    assert "secret" not in opened.url
    with pytest.raises(StoreUnavailable) as caught:
        open_store(f"{server.url.partition(':')[0]}://me:hunter2@127.0.0.1:{free_port()}/db", artifacts="x")
    assert "hunter2" not in str(caught.value)
    assert "me:***@127.0.0.1" in str(caught.value)


@pytest.mark.parametrize(
    ("url", "module", "line"),
    [
        ("postgresql://me@host/db", "psycopg", r"pip install psycopg\[binary\]"),
        ("mysql://me@host/db", "pymysql", "pip install pymysql"),
    ],
)
def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch, url: str, module: str, line: str) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingPackage, match=line):
        open_store(url)


def test_sweeps_move_to_a_server_and_back(server: PostgreSQL | MariaDB, shared: Store, tmp_path: Path) -> None:
    assert isinstance(shared, SqlStore)
    file = HERE / "0001.jsonl"
    load(shared, file)
    assert load(shared, file).runs == 0
    export(shared, tmp_path / "again.jsonl")
    before, after = (
        [(table, {**row, "experiment_id": 0}) for table, row in read_rows(path) if table != "experiments"]
        for path in (file, tmp_path / "again.jsonl")
    )
    assert after == before


def test_no_upgrade_while_a_sweep_runs(server: PostgreSQL | MariaDB, shared: Store, engine: Engine) -> None:
    shared.acquire(add_sweep(shared).id, HOLDER, 60)
    try:
        with engine.begin() as connection:
            connection.execute(text("UPDATE sweeper_schema SET version_num = '0000'"))
        with pytest.raises(StoreUnavailable, match="a sweep that runs"):
            open_store(server.url)
        with pytest.raises(StoreUnavailable, match="Run: sweeper db upgrade"):
            open_store(server.url, read_only=True)
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE sweeper_schema SET version_num = '{revision.HEAD}'"))


def test_an_examination_of_a_server(server: PostgreSQL | MariaDB, opened: Store) -> None:
    found = examine(server.url)
    assert [finding.check for finding in found] == ["server", "clock", "schema"]
    assert all(finding.verdict == "ok" for finding in found)
    assert "secret" not in found[0].text
    away = examine(server.url.replace(str(server.port), str(free_port())))
    assert [(finding.check, finding.verdict) for finding in away] == [("server", "fail")]


def test_writers_of_one_run_take_turns(server: PostgreSQL | MariaDB, shared: Store) -> None:
    run_id = add_run(shared)
    other = open_store(server.url)
    for n in range(30):
        shared.write(TagsSet(run_id, {"a": str(n), "b": str(n)}))
        other.write(TagsSet(run_id, {"b": str(n), "a": str(n)}))
    shared.flush()
    other.flush()
    tags = other.run(run_id).tags
    assert tags == {"a": "29", "b": "29"}
    other.close()
