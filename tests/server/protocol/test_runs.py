"""Runs over the protocol: what clients send, and what they are answered."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sweeper.events import SweepCreated, TrialCreated
from sweeper.records import Goal, RunState, SweepRecord, SweepState, new_id
from sweeper.server.protocol.search import sample
from sweeper.store.store import SqlStore

from ..conftest import Client


def data(client: Client, run_id: str) -> dict[str, Any]:
    whole: dict[str, Any] = client.found("runs/get", run_id=run_id)["run"]
    return whole


def metrics(client: Client, run_id: str) -> dict[str, Any]:
    return {item["key"]: item["value"] for item in data(client, run_id)["data"]["metrics"]}


def tags(client: Client, run_id: str) -> dict[str, str]:
    return {item["key"]: item["value"] for item in data(client, run_id)["data"]["tags"]}


def test_a_run_begins_with_what_is_known(client: Client) -> None:
    made = client.ok(
        "runs/create",
        experiment_id="0",
        start_time=1234,
        user_id="anna",
        run_name="first",
        tags=[{"key": "k", "value": "v"}],
    )["run"]
    assert made["info"] | {"run_id": "", "run_uuid": "", "artifact_uri": ""} == {
        "run_id": "",
        "run_uuid": "",
        "run_name": "first",
        "experiment_id": "0",
        "user_id": "anna",
        "status": "RUNNING",
        "start_time": 1234,
        "artifact_uri": "",
        "lifecycle_stage": "active",
    }
    assert made["info"]["artifact_uri"] == f"mlflow-artifacts:/{made['info']['run_id']}"
    assert tags(client, made["info"]["run_id"]) == {"k": "v", "mlflow.runName": "first"}


def test_a_run_without_a_name_gets_one(client: Client) -> None:
    assert tags(client, client.run())["mlflow.runName"].count("-") == 2


def test_two_different_names_are_refused(client: Client) -> None:
    code, error, message = client.refused(
        "runs/create", experiment_id="0", run_name="a", tags=[{"key": "mlflow.runName", "value": "b"}]
    )
    assert (code, error) == (400, "INVALID_PARAMETER_VALUE")
    assert "different values" in message


def test_a_child_names_its_parent_when_it_begins_or_later(client: Client, store: SqlStore) -> None:
    # given a parent, a child that begins with the tag, and one that gets it later (as MLflow's Optuna storage does)
    parent = client.run()
    first = client.run(tags=[{"key": "mlflow.parentRunId", "value": parent}])
    second = client.run()
    client.ok("runs/log-batch", run_id=second, tags=[{"key": "mlflow.parentRunId", "value": parent}])
    # then both are its children
    assert [run.id for run in store.children(parent)] == [first, second]
    assert tags(client, second)["mlflow.parentRunId"] == parent
    # and a parent that does not exist, or a run as its own parent, is only a tag
    third = client.run(tags=[{"key": "mlflow.parentRunId", "value": "f" * 32}])
    client.ok("runs/set-tag", run_id=third, key="mlflow.parentRunId", value=third)
    client.ok("runs/set-tag", run_id=parent, key="mlflow.parentRunId", value=first)
    assert store.run(third).parent_id is None
    assert store.run(parent).parent_id is None


def test_r_sends_everything_as_text(client: Client) -> None:
    made = client.ok("runs/create", experiment_id="0", start_time="1000", tags=None)["run"]["info"]
    run_id = made["run_uuid"]
    client.ok("runs/log-metric", run_uuid=run_id, run_id=run_id, key="m", value="1.5", timestamp="7", step="2")
    assert data(client, run_id)["data"]["metrics"] == [{"key": "m", "value": 1.5, "timestamp": 7, "step": 2}]
    found = client.ok("runs/search", experiment_ids=["0"], filter=None, run_view_type="ACTIVE_ONLY", max_results="5")
    assert [run["info"]["run_uuid"] for run in found["runs"]] == [run_id]


def test_both_spellings_of_a_field_are_read_and_never_both_at_once(client: Client) -> None:
    run_id = client.run()
    client.ok("runs/log-parameter", runId=run_id, key="a", value="1")
    refused = client.refused("runs/log-parameter", runId=run_id, run_id=run_id, key="b", value="1")
    assert refused[:2] == (400, "INVALID_PARAMETER_VALUE")
    assert data(client, run_id)["data"]["params"] == [{"key": "a", "value": "1"}]


@pytest.mark.parametrize(
    ("sent", "answered", "kept"),
    [
        (1.5, 1.5, 1.5),
        ("NaN", "NaN", math.nan),
        ("Infinity", "Infinity", math.inf),
        ("-Infinity", "-Infinity", -math.inf),
        (-0.0, -0.0, -0.0),
    ],
)
def test_any_float_comes_back(client: Client, store: SqlStore, sent: Any, answered: Any, kept: float) -> None:
    run_id = client.run()
    client.ok("runs/log-metric", run_id=run_id, key="m", value=sent, timestamp=1)
    assert metrics(client, run_id) == {"m": answered}
    assert repr(store.run(run_id).metrics["m"]) == repr(kept)


def test_the_latest_value_is_of_the_greatest_step(client: Client) -> None:
    run_id = client.run()
    points = [{"key": "m", "value": value, "timestamp": 5, "step": step} for step, value in ((3, 30.0), (1, 10.0))]
    client.ok("runs/log-batch", run_id=run_id, metrics=points)
    assert metrics(client, run_id) == {"m": 30.0}
    history = client.found("metrics/get-history", run_id=run_id, metric_key="m")["metrics"]
    assert [(point["step"], point["value"]) for point in history] == [(1, 10.0), (3, 30.0)]


def test_a_history_comes_in_pages(client: Client) -> None:
    run_id = client.run()
    points = [{"key": "m", "value": step, "timestamp": step, "step": step} for step in range(25)]
    client.ok("runs/log-batch", run_id=run_id, metrics=points)
    seen: list[int] = []
    token = ""
    while True:
        page = client.found("metrics/get-history", run_id=run_id, metric_key="m", max_results=10, page_token=token)
        seen += [point["step"] for point in page["metrics"]]
        token = page.get("next_page_token", "")
        if not token:
            break
    assert seen == list(range(25))
    assert client.found("metrics/get-history", run_id="0" * 32, metric_key="m") == {}


def test_histories_of_many_runs(client: Client) -> None:
    ids = [client.run() for _ in range(2)]
    for run_id in ids:
        points = [{"key": "m", "value": step, "timestamp": step, "step": step} for step in range(100)]
        client.ok("runs/log-batch", run_id=run_id, metrics=points)
    bulk = client.found("metrics/get-history-bulk", run_id=ids, metric_key="m")["metrics"]
    assert [point["run_id"] for point in bulk] == [ids[0]] * 100 + [ids[1]] * 100
    few = client.found(
        "metrics/get-history-bulk-interval", run_ids=ids, metric_key="m", start_step=10, end_step=19, max_results=4
    )["metrics"]
    assert [point["step"] for point in few] == [10, 13, 16, 19] * 2
    assert client.get("metrics/get-history-bulk", metric_key="m").status_code == 400


def test_a_sample_keeps_both_ends() -> None:
    points = [{"step": step} for step in range(1001)]
    taken = [point["step"] for point in sample(points, 11)]
    assert taken == list(range(0, 1001, 100))


def test_a_batch_that_is_refused_leaves_nothing(client: Client) -> None:
    run_id = client.run()
    client.ok("runs/log-batch", run_id=run_id, params=[{"key": "a", "value": "1"}])
    code, error, message = client.refused(
        "runs/log-batch",
        run_id=run_id,
        metrics=[{"key": "m", "value": 1, "timestamp": 1}],
        params=[{"key": "b", "value": "2"}, {"key": "a", "value": "3"}],
        tags=[{"key": "t", "value": "1"}],
    )
    assert (code, error) == (400, "INVALID_PARAMETER_VALUE")
    assert message.startswith("Changing param values is not allowed. Param with key='a' was already logged with value")
    whole = data(client, run_id)["data"]
    assert whole.get("metrics") is None
    assert whole["params"] == [{"key": "a", "value": "1"}]
    assert "t" not in tags(client, run_id)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"metrics": [{"key": "m", "value": 1, "timestamp": 1}] * 1001}, "at most 1000 metrics"),
        ({"params": [{"key": f"p{i}", "value": "1"} for i in range(101)]}, "at most 100 params"),
        ({"params": [{"key": "a", "value": "1"}] * 2}, "Duplicate parameter keys"),
        ({"metrics": [{"value": 1, "timestamp": 1}]}, "metrics[0].key"),
        ({"metrics": [{"key": "m", "timestamp": 1}]}, "metrics[0].value"),
        ({"metrics": [{"key": "m", "value": "x", "timestamp": 1}]}, "metrics[0].value"),
        ({"metrics": [{"key": "m", "value": 1, "timestamp": -1}]}, "timestamp"),
        ({"metrics": [{"key": "../m", "value": 1, "timestamp": 1}]}, "../m"),
        ({"params": {"a": 1}}, "params"),
        ({"tags": [{"key": "", "value": "x"}]}, "tags[0].key"),
    ],
)
def test_bad_batches_get_a_sentence(client: Client, body: dict[str, Any], words: str) -> None:
    code, error, message = client.refused("runs/log-batch", run_id=client.run(), **body)
    assert (code, error) == (400, "INVALID_PARAMETER_VALUE")
    assert words in message


def test_what_is_too_long_is_shortened_and_says_so(client: Client) -> None:
    run_id = client.run()
    for _ in range(2):  # the same again is no change
        client.ok("runs/log-parameter", run_id=run_id, key="p", value="x" * 7000)
    (param,) = data(client, run_id)["data"]["params"]
    assert len(param["value"]) == 6000
    assert param["value"].endswith("... [shortened]")


def test_a_deleted_run_takes_nothing_until_it_is_restored(client: Client) -> None:
    run_id = client.run()
    client.ok("runs/delete", run_id=run_id)
    assert data(client, run_id)["info"]["lifecycle_stage"] == "deleted"
    for path, body in (
        ("runs/log-metric", {"key": "m", "value": 1, "timestamp": 1}),
        ("runs/log-parameter", {"key": "p", "value": "1"}),
        ("runs/set-tag", {"key": "t", "value": "1"}),
        ("runs/update", {"status": "FINISHED"}),
    ):
        assert "Current state is deleted" in client.refused(path, run_id=run_id, **body)[2]
    client.ok("runs/restore", run_id=run_id)
    client.ok("runs/set-tag", run_id=run_id, key="t", value="1")
    client.ok("runs/delete-tag", run_id=run_id, key="t")
    assert client.refused("runs/delete-tag", run_id=run_id, key="t")[:2] == (404, "RESOURCE_DOES_NOT_EXIST")


def test_a_run_ends_and_goes_on(client: Client) -> None:
    run_id = client.run()
    ended = client.ok("runs/update", run_id=run_id, status="FAILED", end_time=5000)["run_info"]
    assert (ended["status"], ended["end_time"]) == ("FAILED", 5000)
    again = client.ok("runs/update", run_id=run_id, status="RUNNING", run_name="again")["run_info"]
    assert (again["status"], again["run_name"]) == ("RUNNING", "again")


def test_only_its_controller_ends_a_trial(client: Client, store: SqlStore) -> None:
    # given a trial of a sweep
    sweep = SweepRecord(new_id(), "s", SweepState.RUNNING, "random", (Goal("m"),), {}, {}, created=1.0)
    trial = new_id()
    store.write(SweepCreated(sweep, {}, {}), TrialCreated(sweep.id, trial, 0, {"x": 1}, 0, 2.0)).result()
    # when a client inside it ends "its" run
    answered = client.ok("runs/update", run_id=trial, status="FINISHED", end_time=9)
    # then it is told so, and the trial stays what it is
    assert answered["run_info"]["status"] == "SCHEDULED"
    assert store.run(trial).state is RunState.QUEUED
    assert tags(client, trial)["sweeper.client_status"] == "complete"


def test_unknown_runs_are_not_found(client: Client) -> None:
    for path, body in (("runs/update", {}), ("runs/delete", {}), ("runs/log-parameter", {"key": "a", "value": "1"})):
        assert client.refused(path, run_id="0" * 32, **body)[:2] == (404, "RESOURCE_DOES_NOT_EXIST")
    assert client.get("runs/get", run_id="../../etc").status_code == 404
    assert client.refused("runs/log-parameter", key="a", value="1")[1] == "INVALID_PARAMETER_VALUE"


def test_inputs_and_outputs(client: Client) -> None:
    run_id = client.run()
    about = {"name": "digits", "digest": "abc", "source_type": "local", "source": "{}", "profile": "{}"}
    tag = {"key": "mlflow.data.context", "value": "training"}
    datasets = [{"dataset": about, "tags": [tag]}]
    client.ok("runs/log-inputs", run_id=run_id, datasets=datasets, models=[{"model_id": "a"}])
    client.ok("runs/outputs", run_id=run_id, models=[{"model_id": "b", "step": 3}])
    whole = data(client, run_id)
    assert whole["inputs"] == {
        "dataset_inputs": [{"tags": [tag], "dataset": about}],
        "model_inputs": [{"model_id": "a"}],
    }
    assert whole["outputs"] == {"model_outputs": [{"model_id": "b", "step": 3}]}
    summaries = client.ok("experiments/search-datasets", experiment_ids=["0"])["dataset_summaries"]
    assert summaries == [{"experiment_id": "0", "name": "digits", "digest": "abc", "context": "training"}]
    long = about | {"digest": "x" * 37}
    assert "digest" in client.refused("runs/log-inputs", run_id=run_id, datasets=[{"dataset": long}])[2]
