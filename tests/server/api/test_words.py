"""What the pages are told when the store cannot be read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sweeper.errors import StoreError, StoreNewer, StoreUnavailable
from sweeper.server.api.words import in_words, nearest, unavailable
from sweeper.server.routing import get
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_sweep

from .conftest import Pages


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StoreUnavailable("/home/ada/runs.db: another process kept it locked for 30 s"), "is locked by another"),
        (StoreUnavailable("/home/ada/runs.db has an older schema. Run: sweeper db upgrade"), "sweeper db upgrade"),
        (StoreNewer("/home/ada/runs.db was written by a newer version"), "newer version of sweeper"),
        (StoreUnavailable("/home/ada/runs.db: disk I/O error"), "cannot be reached"),
        (StoreError("/home/ada"), "cannot be read"),
    ],
)
def test_a_store_that_cannot_be_read_is_told_in_words_without_its_place(error: StoreError, said: str) -> None:
    answer = unavailable(error)

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert said in bytes(answer.body).decode()
    assert "ada" not in bytes(answer.body).decode()


def test_plain_data_is_json_and_a_response_is_itself() -> None:
    handler: Any = in_words(get("x", lambda ctx, ask: [float("nan")])).handler
    answer = handler(None, None)
    again: Any = in_words(get("x", lambda ctx, ask: answer)).handler

    assert bytes(answer.body) == b'["NaN"]'
    assert again(None, None) is answer


def test_a_database_that_broke_is_a_503_that_says_when_to_ask_again(
    pages: Pages, store: SqlStore, tmp_path: Path
) -> None:
    add_sweep(store)
    assert pages.get("sweeps")["total"] == 1

    with closing(sqlite3.connect(tmp_path / "runs.db")) as connection:
        connection.execute("ALTER TABLE sweeper_status RENAME TO gone")
        connection.commit()
    answer = pages.raw("sweeps")

    assert answer.status_code == 503
    assert answer.json()["error_code"] == "TEMPORARILY_UNAVAILABLE"
    assert answer.headers["retry-after"]


def test_the_nearest_are_the_latest_of_their_names(store: SqlStore) -> None:
    add_sweep(store, "digits", created=1.0)
    late = add_sweep(store, "Digits", created=2.0)
    add_sweep(store, "vit", created=3.0)

    assert nearest(store, "digit")[0]["id"] in {late.id, *(sweep.id for sweep in store.sweeps(name="digits"))}
    assert {each["name"] for each in nearest(store, "vitt")} == {"vit"}
    assert [each["name"] for each in nearest(store, "qqqq")] == ["vit", "Digits", "digits"]
