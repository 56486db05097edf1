"""Stores that released versions wrote are opened, upgraded and hold what they held."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from sweeper.exchange.lines import read_header, read_rows
from sweeper.exchange.store import export
from sweeper.records import RunState
from sweeper.store import open_store, revision

from .schemas.make import HERE, SWEEP, run_id

KEPT = sorted(HERE.glob("*.db.gz"))


def rows(path: Path) -> list[tuple[str, dict[str, Any]]]:
    read_header(path)
    return list(read_rows(path))


@pytest.fixture(params=KEPT, ids=lambda path: path.name)
def old(request: pytest.FixtureRequest, path: Path) -> str:
    """A file as a released version wrote it; gives the version of its schema."""
    path.write_bytes(gzip.decompress(request.param.read_bytes()))
    version: str = request.param.name.partition(".")[0]
    return version


def test_every_schema_has_a_store_that_is_kept() -> None:
    assert KEPT[-1].name == f"{revision.HEAD}.db.gz", "run: python -m tests.store.schemas.make"


def test_an_old_store_holds_what_it_held(old: str, path: Path, tmp_path: Path) -> None:
    # given what the version exported that wrote the file
    before = rows(HERE / f"{old}.jsonl")
    # when it is opened by this version
    store = open_store(path)
    export(store, tmp_path / "now.jsonl")
    # then every row is there, and every column it had has its value
    after = rows(tmp_path / "now.jsonl")
    assert len(after) == len(before)
    for (table, row), (table_now, row_now) in zip(before, after, strict=True):
        assert (table_now, {key: row_now[key] for key in row}) == (table, row)
    assert path.with_name(f"runs.db.{old}.backup").exists() == (old != revision.HEAD)
    store.close()


def test_an_old_store_can_be_read_and_written(old: str, path: Path) -> None:
    store = open_store(path)
    sweep = store.find_sweep("digits")
    assert (sweep.id, sweep.counts["complete"], sweep.counts["queued"]) == (SWEEP, 2, 1)
    assert sweep.best is not None
    assert sweep.best.number == 1
    assert [trial.state for trial in store.trials(SWEEP)][:5] == [
        RunState.COMPLETE, RunState.COMPLETE, RunState.PRUNED, RunState.FAILED, RunState.CANCELLED,
    ]  # fmt: skip
    assert store.children(run_id(1))[0].params == {"fold": "0"}
    assert store.artifacts == "/data/artifacts"
    assert len(store.runs("tags.note = '漢字'")) == 1
    assert store.experiment("new") == "2"
    store.close()


def test_the_kept_files_are_whole() -> None:
    for kept in KEPT:
        header = json.loads((HERE / kept.name.replace(".db.gz", ".jsonl")).read_text().splitlines()[0])
        assert header["schema"] == kept.name.partition(".")[0]
