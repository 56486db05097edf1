"""Experiments over the protocol."""

from __future__ import annotations

from typing import Any

import pytest

from ..conftest import Client


def names(client: Client, **body: Any) -> list[str]:
    found = client.ok("experiments/search", max_results=100, **body)
    return [experiment["name"] for experiment in found.get("experiments", [])]


def test_the_default_experiment_is_there(client: Client) -> None:
    default = client.found("experiments/get", experiment_id="0")["experiment"]
    assert (default["name"], default["lifecycle_stage"]) == ("Default", "active")


def test_an_experiment_is_made_once(client: Client) -> None:
    made = client.ok("experiments/create", name="digits", tags=[{"key": "a", "value": "1"}])["experiment_id"]
    found = client.found("experiments/get-by-name", experiment_name="digits")["experiment"]
    assert found["experiment_id"] == made
    assert found["tags"] == [{"key": "a", "value": "1"}]
    assert client.refused("experiments/create", name="digits")[:2] == (400, "RESOURCE_ALREADY_EXISTS")
    assert client.get("experiments/get-by-name", experiment_name="none").status_code == 404


def test_an_experiment_goes_and_comes_with_its_runs(client: Client) -> None:
    made = client.ok("experiments/create", name="digits")["experiment_id"]
    run_id = client.ok("runs/create", experiment_id=made)["run"]["info"]["run_id"]
    client.ok("experiments/delete", experiment_id=made)
    assert client.found("runs/get", run_id=run_id)["run"]["info"]["lifecycle_stage"] == "deleted"
    assert client.refused("experiments/delete", experiment_id=made)[0] == 404
    assert "deleted" in client.refused("runs/create", experiment_id=made)[2]
    assert "deleted" in client.refused("experiments/create", name="digits")[2]
    assert client.refused("experiments/update", experiment_id=made, new_name="x")[0] == 400
    assert names(client) == ["Default"]
    assert names(client, view_type="DELETED_ONLY") == ["digits"]
    client.ok("experiments/restore", experiment_id=made)
    assert client.found("runs/get", run_id=run_id)["run"]["info"]["lifecycle_stage"] == "active"


def test_experiments_are_found_by_name_and_tag(client: Client) -> None:
    for name in ("a1", "a2", "b1"):
        made = client.ok("experiments/create", name=name)["experiment_id"]
        client.ok("experiments/set-experiment-tag", experiment_id=made, key="kind", value=name[0])
    assert names(client) == ["b1", "a2", "a1", "Default"]
    assert names(client, filter="name LIKE 'a%'", order_by=["name ASC"]) == ["a1", "a2"]
    assert names(client, filter="tags.kind = 'b'") == ["b1"]
    assert names(client, filter="tags.kind IS NULL") == ["Default"]
    assert names(client, filter="name ILIKE 'A_'", order_by=["name DESC"]) == ["a2", "a1"]
    client.ok("experiments/delete-experiment-tag", experiment_id=made, key="kind")
    assert client.refused("experiments/delete-experiment-tag", experiment_id=made, key="kind")[0] == 404
    client.ok("experiments/update", experiment_id=made, new_name="c1")
    assert names(client, filter="name = 'c1'") == ["c1"]


@pytest.mark.parametrize("location", ["file:///etc", "/etc", "s3://other/bucket", "http://169.254.169.254/", "../x"])
def test_where_files_lie_is_not_for_clients_to_say(client: Client, location: str) -> None:
    code, error, message = client.refused("experiments/create", name="x", artifact_location=location)
    assert (code, error) == (400, "INVALID_PARAMETER_VALUE")
    assert "--artifacts" in message


@pytest.mark.parametrize(
    "body", [{}, {"max_results": 0}, {"max_results": 50001}, {"max_results": 1, "filter": "x = 1"}]
)
def test_bad_searches(client: Client, body: dict[str, Any]) -> None:
    assert client.refused("experiments/search", **body)[1] == "INVALID_PARAMETER_VALUE"
