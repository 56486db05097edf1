"""The store behind a server keeps the contract of a store."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sweeper.artifacts import open_artifacts
from sweeper.errors import StoreUnavailable, UsageError
from sweeper.registry.loading import checked
from sweeper.registry.registering import register
from sweeper.registry.registry import Registry
from sweeper.server.security import tokens
from sweeper.store import open_database, open_store
from sweeper.store.store import SqlStore
from sweeper.testing.artifacts import ArtifactConformance
from sweeper.testing.store import StoreConformance
from sweeper.testing.sweeps import add_sweep, add_trial
from tests.registry.conftest import model_folder
from tests.server.served import Exchanged, application, served, serving

SECRET = "a-secret-of-some-length"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqlStore]:
    made = open_database(str(tmp_path / "runs.db"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Exchanged, str]]:
    """A server that listens for all tests here; each gives it a store."""
    app = Exchanged()
    with pytest.MonkeyPatch.context() as patch, serving(app) as url:
        # the certificates of the machine are read for each client, also for those that speak HTTP alone
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield app, url


@pytest.fixture
def near(server: tuple[Exchanged, str], database: SqlStore) -> Iterator[Any]:
    app, url = server
    app.app = application(database)
    made = open_store(url)
    yield made
    made.close()


class TestHttpStore(StoreConformance):
    @pytest.fixture
    def store(self, near: Any) -> Any:
        return near


class TestServedArtifacts(ArtifactConformance):
    @pytest.fixture
    def artifacts(self, near: Any) -> Any:
        return open_artifacts(near.artifacts)


def test_a_token_is_asked_for(database: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(database, tokens.kept("me", "read", SECRET)) as url:
        with pytest.raises(UsageError, match="SWEEPER_TOKEN"):
            open_store(url)
        monkeypatch.setenv("SWEEPER_TOKEN", SECRET)
        store = open_store(url)
        assert store.sweeps() == []
        with pytest.raises(UsageError, match="does not allow"):
            store.experiment("new")
        store.close()


def test_no_server_is_one_sentence() -> None:
    with pytest.raises(StoreUnavailable, match="sweeper server"):
        open_store("http://127.0.0.1:1")


def test_another_server_is_told_apart(tmp_path: Path) -> None:
    import http.server

    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with pytest.raises(UsageError, match="not a sweeper server"):
        open_store(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()


def test_what_is_written_while_the_server_is_away_arrives(database: SqlStore) -> None:
    from sweeper.events import RunStarted
    from sweeper.records import Run, new_id

    # given a store whose server goes away
    with served(database) as url:
        store = open_store(url, reconnect=30)
    run = Run(new_id(), "late", started=1.0)
    written = store.write(RunStarted(run))
    # when it comes back at the same address
    with served(database, port=int(url.rpartition(":")[2])):
        # then nothing is lost
        written.result(30)
        assert store.run(run.id).name == "late"
        store.close()


def test_credentials_do_not_belong_into_the_url() -> None:
    with pytest.raises(UsageError, match="SWEEPER_TOKEN"):
        open_store("http://me:secret@127.0.0.1:5000")


def test_a_sweep_runs_through_a_server(database: SqlStore) -> None:
    from sweeper.api.running import run_sweep
    from sweeper.config import parse_config

    config = parse_config(
        {
            "name": "far",
            "metric": {"name": "loss"},
            "method": "random",
            "parameters": {"x": {"min": 0.0, "max": 1.0}},
            "budget": {"trials": 5},
            "executor": {"workers": 2},
        }
    )

    def train(x: float, trial: Any) -> float:
        trial.log_text("hello", "a.txt")
        return x

    with served(database) as url:
        store = open_store(url)
        result = run_sweep(config, store=store, function=train, report=False)
        assert result.sweep.counts["complete"] == 5
        best = result.sweep.best
        assert best is not None
        assert open_artifacts(store.artifacts).read(f"{best.run_id}/a.txt") == b"hello"
        store.close()
    # and where the database is, everything is as if it had run there
    assert database.find_sweep("far").counts["complete"] == 5
    assert (Path(database.artifacts) / best.run_id / "a.txt").read_text() == "hello"
    assert database.run(best.run_id).artifact_uri == f"{database.artifacts}/{best.run_id}"


def test_a_model_is_registered_and_read_through_a_server(database: SqlStore, tmp_path: Path) -> None:
    # given a trial with a model, and a folder of this machine
    run_id = add_trial(database, add_sweep(database), 0, value=0.5)
    local = model_folder(tmp_path / "local", "other weights")
    open_artifacts(database.artifacts).put(model_folder(tmp_path / "logged"), f"{run_id}/model")
    with served(database) as url:
        store = open_store(url)
        registry = Registry(store)
        # when both are registered from here
        logged = register(registry, "digits", "numbers").version
        copied = register(registry, "digits", "numbers", path=local).version
        # then each side finds the files where it can reach them
        for version, weights in ((logged, "weights"), (copied, "other weights")):
            there = database.models.version("numbers", version.number)
            assert version.location.startswith(url)
            assert Path(there.location, "model.skops").read_text() == weights
            with checked(registry.resolve(f"models:/numbers/{version.number}")) as (path, read):
                assert (path / "model.skops").read_text() == weights
                assert "sklearn" in read["flavors"]
        store.close()
