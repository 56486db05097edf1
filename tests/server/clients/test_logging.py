"""What the fluent API logs: figures, tables, images, datasets, values in the background, the machine's own metrics."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

mlflow: Any = pytest.importorskip("mlflow", reason="needs mlflow-skinny: pip install mlflow-skinny")


def test_a_search_goes_over_many_pages(client: Any) -> None:
    # given more runs than a page has
    made = [client.create_run("0", tags={"at": str(at)}, start_time=at + 1).info.run_id for at in range(23)]
    # when they are read page by page, and as one table
    found, token = [], None
    while True:
        page = client.search_runs(["0"], order_by=["attributes.start_time ASC"], max_results=5, page_token=token)
        found += [run.info.run_id for run in page]
        token = page.token
        if not token:
            break
    table = mlflow.search_runs(["0"], order_by=["attributes.start_time ASC"])
    # then every run is there once
    assert found == made
    assert list(table["run_id"]) == made
    assert list(table["tags.at"]) == [str(at) for at in range(23)]


def test_figures_tables_images_and_text(client: Any) -> None:
    import matplotlib.pyplot as plt
    import numpy as np
    import pandas as pd

    figure, axis = plt.subplots()
    axis.plot([1, 2, 3])
    pixels = np.zeros((4, 5, 3), dtype=np.uint8)
    with mlflow.start_run() as run:
        mlflow.log_figure(figure, "plots/line.png")
        mlflow.log_table({"a": [1, 2], "b": ["x", "y"]}, "table.json")
        mlflow.log_table(pd.DataFrame({"a": [3], "b": ["z"]}), "table.json")
        mlflow.log_image(pixels, "image.png")
        mlflow.log_image(pixels, key="seen", step=1)
        mlflow.log_text("größe", "notes.txt")
    plt.close(figure)
    run_id = run.info.run_id
    assert {item.path for item in client.list_artifacts(run_id)} == {
        "plots", "table.json", "image.png", "images", "notes.txt",
    }  # fmt: skip
    assert mlflow.artifacts.load_text(f"runs:/{run_id}/notes.txt") == "größe"
    assert mlflow.artifacts.load_image(f"runs:/{run_id}/image.png").size == (5, 4)
    table = mlflow.load_table("table.json", run_ids=[run_id])
    assert (list(table["a"]), list(table["b"])) == ([1, 2, 3], ["x", "y", "z"])
    assert json.loads(client.get_run(run_id).data.tags["mlflow.loggedArtifacts"]) == [
        {"path": "table.json", "type": "table"}
    ]


def test_datasets_are_inputs_and_found_by_them(client: Any) -> None:
    import pandas as pd

    data = mlflow.data.from_pandas(pd.DataFrame({"x": [1.0, 2.0], "y": [0, 1]}), name="digits", targets="y")
    with mlflow.start_run() as run:
        mlflow.log_input(data, context="training")
    with mlflow.start_run():
        pass
    (used,) = client.get_run(run.info.run_id).inputs.dataset_inputs
    assert (used.dataset.name, used.dataset.digest) == ("digits", data.digest)
    assert {tag.key: tag.value for tag in used.tags} == {"mlflow.data.context": "training"}
    assert json.loads(used.dataset.profile)["num_rows"] == 2
    for where in ("dataset.name = 'digits'", "dataset.context = 'training'", f"datasets.digest = '{data.digest}'"):
        assert [found.info.run_id for found in client.search_runs(["0"], where)] == [run.info.run_id]


def test_values_logged_in_the_background_arrive_all(client: Any) -> None:
    with mlflow.start_run() as run:
        for step in range(200):
            mlflow.log_metric("loss", 1 / (step + 1), step=step, synchronous=False)
        mlflow.log_params({"a": 1, "b": 2}, synchronous=False)
        mlflow.set_tag("t", "v", synchronous=False).wait()
        mlflow.flush_async_logging()
    found = client.get_run(run.info.run_id).data
    assert (found.params, found.tags["t"]) == ({"a": "1", "b": "2"}, "v")
    history = client.get_metric_history(run.info.run_id, "loss")
    assert [(point.step, point.value) for point in history] == [(step, 1 / (step + 1)) for step in range(200)]


def test_the_machine_is_watched(client: Any) -> None:
    pytest.importorskip("psutil", reason="MLflow's system metrics need psutil: pip install psutil")
    mlflow.set_system_metrics_sampling_interval(0.05)
    mlflow.set_system_metrics_samples_before_logging(1)
    until = time.monotonic() + 60
    try:
        with mlflow.start_run(log_system_metrics=True) as run:
            while time.monotonic() < until:
                logged = client.get_run(run.info.run_id).data.metrics
                if "system/cpu_utilization_percentage" in logged:
                    break
                time.sleep(0.05)
    finally:
        mlflow.set_system_metrics_sampling_interval(None)
        mlflow.set_system_metrics_samples_before_logging(None)
    found = client.get_run(run.info.run_id).data.metrics
    assert {"system/cpu_utilization_percentage", "system/system_memory_usage_megabytes"} <= found.keys()


def test_logged_models_are_searched(client: Any) -> None:
    with mlflow.start_run() as run:
        for name, score in (("small", 0.7), ("large", 0.9)):
            model = mlflow.initialize_logged_model(name=name, params={"name": name}, tags={"team": "a"})
            mlflow.log_metric("accuracy", score, model_id=model.model_id, step=1)
            mlflow.finalize_logged_model(model.model_id, "READY")
    best = mlflow.search_logged_models(
        filter_string="metrics.accuracy > 0.6 AND tags.team = 'a'",
        order_by=[{"field_name": "metrics.accuracy", "ascending": False}],
        output_format="list",
    )
    assert [(model.name, str(model.status), model.source_run_id) for model in best] == [
        ("large", "READY", run.info.run_id), ("small", "READY", run.info.run_id),
    ]  # fmt: skip
    assert best[0].metrics[0].value == 0.9
    assert best[0].params == {"name": "large"}
    assert len(mlflow.search_logged_models(max_results=1, output_format="list")) == 1
