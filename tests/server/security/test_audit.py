"""Who did what on the pages can be read afterwards."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_sweep

from ..test_shell import OWN, SECRET, Site

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    caplog.set_level(logging.INFO, "sweeper.server.audit")
    return lambda: [json.loads(each.getMessage()) for each in caplog.records if each.name == "sweeper.server.audit"]


def test_what_a_page_does_is_kept_with_what_it_is_about(store: SqlStore, lines: Lines) -> None:
    team, sweep = Site(store, token="write"), add_sweep(store)
    team.sign_in()

    team.http.post(f"/api/v1/sweeps/{sweep.id}/control", json={"wanted": "cancel", "token": SECRET}, headers=OWN)
    team.http.post("/api/v1/models/none/alias", json={"alias": "a\n{}", "version": 3, "expect": 0}, headers=OWN)
    team.http.get("/api/v1/meta")

    signed_in, control, alias = lines()
    assert (signed_in["by"], signed_in["method"], signed_in["status"]) == ("anna", "POST", 303)
    assert (control["by"], control["path"]) == ("anna", f"/api/v1/sweeps/{sweep.id}/control")
    assert (control["status"], control["asked"]) == (200, {"wanted": "cancel"})
    assert alias["asked"] == {"name": "none", "version": "3", "alias": "a\n{}"}
    assert SECRET not in json.dumps(lines())


def test_sign_ins_are_kept_and_those_that_failed(store: SqlStore, lines: Lines) -> None:
    team, ui = Site(store, token="write"), Site(store, ui=True)
    key = ui.key.renew()

    team.http.post(
        "/?a=b", content=b"token=wrong", headers={**OWN, "content-type": "application/x-www-form-urlencoded"}
    )
    ui.get("/start?key=wrong")
    ui.get(f"/start?key={key}")
    ui.http.post("/signout", headers=OWN)

    assert [(each["by"], each["path"], each["status"]) for each in lines()] == [
        ("nobody", "/", 401), ("nobody", "/start", 403), ("browser", "/start", 303), ("browser", "/signout", 303),
    ]  # fmt: skip
    assert key not in json.dumps(lines())
    assert "wrong" not in json.dumps(lines())
