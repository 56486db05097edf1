"""Finding runs: filters, orders, pages, views."""

from __future__ import annotations

from typing import Any

import pytest

from ..conftest import Client


@pytest.fixture
def names(client: Client) -> Any:
    """Four runs; gives a function from a search to the names found."""
    for at, (name, loss, kind) in enumerate((("a", 0.3, "x"), ("b", 0.1, "y"), ("c", "NaN", "x"), ("d", None, "y"))):
        run_id = client.ok("runs/create", experiment_id="0", start_time=at, run_name=name)["run"]["info"]["run_id"]
        points = [] if loss is None else [{"key": "loss", "value": loss, "timestamp": 1}]
        client.ok("runs/log-batch", run_id=run_id, metrics=points, params=[{"key": "kind", "value": kind}])

    def search(**body: Any) -> list[str]:
        found = client.ok("runs/search", **({"experiment_ids": ["0"]} | body))
        return [run["info"]["run_name"] for run in found.get("runs", [])]

    return search


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("", "dcba"),
        ("metrics.loss < 0.2", "b"),
        ("metrics.loss != 0.3", "cb"),
        ("params.kind = 'x'", "ca"),
        ("params.kind = \"x\" and metrics.`loss` <= 0.3", "a"),
        ("params.kind LIKE '%'", "dcba"),
        ("tags.`mlflow.runName` IN ('a', 'b')", "ba"),
        ("attributes.run_name ILIKE 'A'", "a"),
        ("run_name = 'd'", "d"),
        ("metrics.loss IS NULL", "d"),
        ("tags.none = 'x'", ""),
        ("status = 'RUNNING' AND start_time > 1", "dc"),
    ],
)
def test_filters(names: Any, where: str, found: str) -> None:
    assert "".join(names(filter=where)) == found


@pytest.mark.parametrize(
    ("order_by", "found"),
    [
        (["metrics.loss ASC"], "bacd"),
        (["metrics.loss DESC"], "abcd"),
        (["start_time ASC"], "abcd"),
        (["params.kind ASC", "start_time ASC"], "acbd"),
        (["run_name DESC"], "dcba"),
    ],
)
def test_orders(names: Any, order_by: list[str], found: str) -> None:
    assert "".join(names(order_by=order_by)) == found


def test_pages(client: Client, names: Any) -> None:
    seen, token = "", None
    while True:
        page = client.ok("runs/search", experiment_ids=["0"], max_results=3, page_token=token)
        seen += "".join(run["info"]["run_name"] for run in page.get("runs", []))
        token = page.get("next_page_token")
        if token is None:
            break
    assert seen == "dcba"
    assert client.refused("runs/search", experiment_ids=["0"], page_token="nonsense")[0] == 400


def test_views(client: Client, names: Any) -> None:
    (first, *_) = client.ok("runs/search", experiment_ids=["0"])["runs"]
    client.ok("runs/delete", run_id=first["info"]["run_id"])
    assert names() == ["c", "b", "a"]
    assert names(run_view_type="DELETED_ONLY") == ["d"]
    assert len(names(run_view_type="ALL")) == 4


def test_no_experiment_has_no_runs(names: Any) -> None:
    assert names(experiment_ids=[]) == names(experiment_ids=["7"]) == []


@pytest.mark.parametrize(
    "body",
    [
        {"filter": "metrics.loss <"},
        {"filter": "1 = 1"},
        {"filter": "params.kind = 'x' OR (1=1)"},
        {"filter": "'; DROP TABLE sweeper_runs; --"},
        {"order_by": ["metrics.loss SIDEWAYS"]},
        {"order_by": ["nothing.x"]},
        {"max_results": 0},
        {"max_results": 50001},
        {"experiment_ids": ["a"]},
        {"run_view_type": "SOME"},
    ],
)
def test_bad_searches_get_a_sentence(client: Client, body: dict[str, Any]) -> None:
    code, error, message = client.refused("runs/search", **({"experiment_ids": ["0"]} | body))
    assert (code, error) == (400, "INVALID_PARAMETER_VALUE")
    assert "sqlite" not in message.lower()
