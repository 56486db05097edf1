"""Columns over HTTP: whole, unchanged, in part, zipped for others."""

from __future__ import annotations

import gzip

import pytest
from starlette.testclient import TestClient

from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_sweep, add_trial, completed
from tests.web.unpacking import Block

from ..conftest import BASE
from ..served import application
from .conftest import Pages

ZIPPED = {"accept-encoding": "gzip, br"}


def test_columns_are_given_whole(store: SqlStore, pages: Pages) -> None:
    sweep = add_sweep(store)
    run_id = add_trial(store, sweep, 0, {"depth": 3}, 0.5)

    answer = pages.raw(f"sweeps/{sweep.id}/columns")

    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["cache-control"] == "private, no-cache"
    block = Block(answer.content)
    assert answer.headers["etag"] == f'"{block.header["rev"]}"'
    assert block.ids == [run_id]
    assert block.values("param", "depth") == [3]


@pytest.mark.parametrize("ref", ["last", "digits", "{id}", "{tail}"])
def test_a_sweep_has_many_names(store: SqlStore, pages: Pages, ref: str) -> None:
    sweep = add_sweep(store)
    add_trial(store, sweep, 0)

    answer = pages.raw(f"sweeps/{ref.format(id=sweep.id, tail=sweep.id[-8:])}/columns")

    assert Block(answer.content).header["n"] == 1


def test_who_has_a_revision_is_not_sent_it_again(store: SqlStore, pages: Pages) -> None:
    sweep = add_sweep(store)
    add_trial(store, sweep, 0)
    path = f"/api/v1/sweeps/{sweep.id}/columns"
    tag = pages.client.http.get(path).headers["etag"]

    same = pages.client.http.get(path, headers={"if-none-match": f'"other", W/{tag}'})
    add_trial(store, sweep, 1)
    other = pages.client.http.get(path, headers={"if-none-match": tag})

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert other.status_code == 200
    assert Block(other.content).header["n"] == 2


def test_what_changed_since_is_small(store: SqlStore, pages: Pages) -> None:
    sweep = add_sweep(store)
    for number in range(50):
        add_trial(store, sweep, number, value=0.5)
    run_id = add_trial(store, sweep, 50)
    whole = Block(pages.raw(f"sweeps/{sweep.id}/columns").content)

    store.write(*completed(sweep.id, run_id, 50, 0.75)).result()
    answer = pages.raw(f"sweeps/{sweep.id}/columns", since=whole.header["rev"])

    block = Block(answer.content)
    assert block.fact("number") == [50]
    assert block.values("goal", "accuracy") == [0.75]
    assert len(answer.content) < 2500


def test_other_machines_get_it_zipped(store: SqlStore) -> None:
    sweep = add_sweep(store)
    add_trial(store, sweep, 0)
    path = f"/api/v1/sweeps/{sweep.id}/columns"
    with TestClient(application(store), base_url=BASE, client=("192.0.2.7", 1)) as far:
        with far.stream("GET", path, headers=ZIPPED) as answer:
            zipped = b"".join(answer.iter_raw())
        plain = far.get(path, headers={"accept-encoding": "identity"})
    with TestClient(application(store), base_url=BASE, client=("127.0.0.1", 1)) as near:
        local = near.get(path, headers=ZIPPED)

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "accept-encoding"
    assert gzip.decompress(zipped) == plain.content == local.content
    assert "content-encoding" not in local.headers


def test_a_sweep_that_is_gone_is_told_with_the_nearest(store: SqlStore, pages: Pages) -> None:
    sweep = add_sweep(store)

    status, answer = pages.refused("sweeps/digit/columns")

    assert status == 404
    assert answer["error_code"] == "RESOURCE_DOES_NOT_EXIST"
    assert answer["nearest"] == [{"id": sweep.id, "name": "digits"}]


def test_a_closed_store_is_an_error_in_words(store: SqlStore, pages: Pages) -> None:
    add_sweep(store)
    store.close()

    status, answer = pages.refused("sweeps/last/columns")

    assert status == 400
    assert answer["message"] == "the store is closed"
