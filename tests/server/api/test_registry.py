"""The registry over the API: what a page may change, and what it finds changed by others."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from sweeper.artifacts import open_artifacts
from sweeper.records import ModelVersion, new_id
from sweeper.registry.registry import Registry
from sweeper.server.security import tokens
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_sweep, add_trial

from ..conftest import BASE
from ..served import application
from .conftest import Pages


@pytest.fixture
def registry(store: SqlStore) -> Registry:
    return Registry(store, user="ada")


def add(registry: Registry, name: str = "digits", amount: int = 1) -> None:
    for _ in range(amount):
        registry.register(ModelVersion(new_id(), name, source="somewhere"))


def test_a_model_is_looked_at_from_the_list_to_the_version(pages: Pages, registry: Registry) -> None:
    assert pages.get("models") == []
    add(registry, amount=2)
    assert [model["name"] for model in pages.get("models")] == ["digits"]
    assert [row["version"] for row in pages.get("models/digits")["list"]] == [2, 1]
    assert pages.get("models/digits/1")["next"] == 2
    assert pages.get("models/digits/latest")["version"] == 2
    assert pages.refused("models/digit")[0] == 404
    assert pages.refused("models/digits/7")[0] == 404


@pytest.mark.parametrize("name", ["a b", "100 %", "ünï-模型", "<b>&", "it's", "find", "search"])
def test_a_name_of_any_kind_is_an_address(pages: Pages, registry: Registry, name: str) -> None:
    add(registry, name)
    assert pages.get(f"models/{quote(name, safe='')}")["name"] == name
    assert pages.post(f"models/{quote(name, safe='')}/alias", alias="champion", version=1)["aliases"] == {"champion": 1}


def test_an_alias_moves_from_what_the_page_saw(pages: Pages, registry: Registry) -> None:
    add(registry, amount=3)
    assert pages.post("models/digits/alias", alias="champion", version=1, expect=0)["aliases"] == {"champion": 1}
    assert pages.post("models/digits/alias", alias="champion", version="2", expect="1")["aliases"] == {"champion": 2}
    registry.set_alias("digits", "champion", 3)
    status, answer = pages.refused_post("models/digits/alias", alias="champion", version=1, expect=2)
    assert (status, answer["error_code"]) == (409, "RESOURCE_CONFLICT")
    assert "it is version 3 now, it was version 2" in answer["message"]
    assert pages.get("models/digits")["aliases"] == {"champion": 3}
    status, _ = pages.refused_post("models/digits/alias", alias="champion", version=None, expect=2)
    assert status == 409
    assert pages.post("models/digits/alias", alias="champion", version=None, expect=3)["aliases"] == {}
    assert pages.get("models/digits")["history"][0]["user"] == "anybody"


def test_a_stage_moves_from_what_the_page_saw(pages: Pages, registry: Registry) -> None:
    add(registry, amount=2)
    pages.post("models/digits/stage", version=1, stage="Production", expect="None")
    found = pages.post("models/digits/stage", version=2, stage="Production", archive=True, expect="None")
    assert [row["stage"] for row in found["list"]] == ["Production", "Archived"]
    status, answer = pages.refused_post("models/digits/stage", version=1, stage="Staging", expect="Production")
    assert (status, answer["error_code"]) == (409, "RESOURCE_CONFLICT")
    assert "it is Archived now, it was Production" in answer["message"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("alias", {"version": 1}),
        ("alias", {"alias": "champion", "version": "x"}),
        ("alias", {"alias": "v1", "version": 1}),
        ("alias", {"alias": "champion", "version": 1, "expect": "x"}),
        ("stage", {"stage": "Staging"}),
        ("stage", {"version": 1}),
        ("stage", {"version": 1, "stage": "Nowhere"}),
        ("stage", {"version": 1, "stage": "Staging", "expect": "Nowhere"}),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    pages: Pages, registry: Registry, path: str, body: dict[str, object]
) -> None:
    add(registry)
    assert pages.refused_post(f"models/digits/{path}", **body)[0] == 400
    found = pages.get("models/digits")
    assert (found["aliases"], found["list"][0]["stage"]) == ({}, "None")


def test_a_trial_is_registered_with_its_model(pages: Pages, store: SqlStore, tmp_path: Path) -> None:
    run_id = add_trial(store, add_sweep(store), 0, value=0.5)
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "weights").write_text("w")
    open_artifacts(store.artifacts).put(tmp_path / "model", f"{run_id}/model")
    wish = {"run_id": run_id, "model": "digits", "alias": "champion", "stage": "Staging", "artifact": "model"}
    made = pages.post("register", **wish)
    assert (made["model"], made["version"], made["known"]) == ("digits", 1, False)
    assert pages.post("register", **wish)["known"] is True
    found = pages.get("models/digits/1")
    assert (found["aliases"], found["stage"], found["run_id"], found["user"]) == (
        ["champion"], "Staging", run_id, "anybody",
    )  # fmt: skip
    assert (found["sweep"]["name"], found["number"], found["metrics"]) == ("digits", 0, {"accuracy": 0.5})
    assert pages.get(f"trials/{run_id}")["registered"] == [
        {"model": "digits", "version": 1, "aliases": ["champion"], "stage": "Staging", "run_id": run_id}
    ]


def test_what_has_no_model_is_not_registered(pages: Pages, store: SqlStore) -> None:
    run_id = add_trial(store, add_sweep(store), 0, value=0.5)
    status, answer = pages.refused_post("register", run_id=run_id, model="digits")
    assert (status, "has no model" in answer["message"]) == (400, True)
    assert pages.refused_post("register", run_id=run_id)[0] == 400
    assert pages.refused_post("register", run_id="nobody", model="digits")[0] == 404
    assert pages.refused_post("register", run_id=run_id, model="a/b")[0] == 400
    assert pages.get("models") == []


def test_who_may_only_read_changes_nothing(store: SqlStore, registry: Registry) -> None:
    add(registry)
    secret, kept = tokens.make("guest", "read")
    headers = {"authorization": f"Bearer {secret}"}
    with TestClient(application(store, kept), base_url=BASE, raise_server_exceptions=False, headers=headers) as http:
        assert http.get("/api/v1/models/digits").status_code == 200
        for path, body in (
            ("models/digits/alias", {"alias": "champion", "version": 1}),
            ("models/digits/stage", {"stage": "Staging", "version": 1}),
            ("register", {"run_id": "x", "model": "digits"}),
        ):
            assert http.post(f"/api/v1/{path}", json=body).status_code == 403
    assert registry.get("digits").aliases == {}
