"""Our records as MLflow's messages."""

from __future__ import annotations

from sweeper.records import Run
from sweeper.server.protocol.answers import Answer, message, milliseconds, number, pairs
from sweeper.store.search import RUN_STATUS, SWEEP_STATUS
from sweeper.store.tracking import Experiment, Input, LoggedModel, Tracked, Value

PARENT, NAME, USER = "mlflow.parentRunId", "mlflow.runName", "mlflow.user"
CONTEXT = "mlflow.data.context"
PRUNED = "sweeper.pruned"
LIFECYCLE = {False: "active", True: "deleted"}
SCHEME = "mlflow-artifacts:/"


def experiment(record: Experiment) -> Answer:
    return message(
        experiment_id=str(record.id),
        name=record.name,
        artifact_location=f"{SCHEME}{record.id}",
        lifecycle_stage=LIFECYCLE[record.deleted],
        creation_time=milliseconds(record.created),
        last_update_time=milliseconds(record.updated),
        tags=pairs(record.tags),
    )


def status(run: Run) -> str:
    """Return MLflow's word for the state of a run."""
    return (SWEEP_STATUS if run.kind == "sweep" else RUN_STATUS)[str(run.state)]


def run_info(run: Run, root: str) -> Answer:
    return message(
        run_id=run.id,
        run_uuid=run.id,
        run_name=run.name,
        experiment_id=run.experiment_id,
        user_id=run.user or run.tags.get(USER, ""),
        status=status(run),
        start_time=milliseconds(run.started),
        end_time=milliseconds(run.ended),
        artifact_uri=artifact_uri(run, root),
        lifecycle_stage=LIFECYCLE[run.deleted],
    )


def artifact_uri(run: Run, root: str) -> str:
    """Return where a client finds the files of a run: through this server when they lie below its root."""
    below = run.artifact_uri.removeprefix(f"{root.rstrip('/')}/")
    return f"{SCHEME}{below}" if below != run.artifact_uri else run.artifact_uri


def run(record: Tracked, root: str) -> Answer:
    return message(
        info=run_info(record.run, root),
        data=message(
            metrics=[metric(value) for value in record.values],
            params=pairs(record.run.params),
            tags=pairs(tags(record.run)),
        )
        or {},
        inputs=message(
            dataset_inputs=[dataset(item) for item in record.inputs],
            model_inputs=[{"model_id": model} for direction, model, _ in record.models if direction == "in"],
        )
        or None,
        outputs=message(
            model_outputs=[
                message(model_id=model, step=step) for direction, model, step in record.models if direction == "out"
            ]
        )
        or None,
    )


def tags(run: Run) -> dict[str, str]:
    """Return the tags of a run with those that are columns here."""
    found = {NAME: run.name, **run.tags}
    found[NAME] = run.name
    if run.parent_id:
        found[PARENT] = run.parent_id
    if run.kind != "run" and str(run.state) == "pruned":
        found[PRUNED] = "true"
    return found


def metric(value: Value) -> Answer:
    return {
        "key": value.key, "value": number(value.value), "timestamp": milliseconds(value.time), "step": value.step,
    }  # fmt: skip


def dataset(item: Input) -> Answer:
    return message(
        tags=pairs(item.tags),
        dataset=message(
            name=item.name,
            digest=item.digest,
            source_type=item.source_type,
            source=item.source,
            schema=item.fields,
            profile=item.profile,
        ),
    )


def logged_model(record: LoggedModel) -> Answer:
    return message(
        info=message(
            model_id=record.id,
            experiment_id=str(record.experiment_id),
            name=record.name,
            creation_timestamp_ms=milliseconds(record.created),
            last_updated_timestamp_ms=milliseconds(record.updated),
            artifact_uri=f"{SCHEME}{record.id}",
            status=record.state,
            model_type=record.model_type or None,
            source_run_id=record.run_id,
            tags=pairs(record.tags),
        ),
        data=message(
            params=pairs(record.params),
            metrics=[
                message(**metric(value), model_id=record.id, run_id=record.run_id) for value in record.values
            ],
        )
        or None,
    )
