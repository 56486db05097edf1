"""What MLflow's clients keep beside runs: experiments that are renamed and deleted, inputs, logged models.

Functions on a session. Those that write are called inside a transaction of the writer (``store.change``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sweeper.errors import NotFound, UsageError
from sweeper.records import Run
from sweeper.store import floats, queries
from sweeper.store.experiments import find_or_create
from sweeper.store.names import check_key, check_name, metric_value, param_text, tag_value, text_number, time_value
from sweeper.store.sql import Session

READY = "LOGGED_MODEL_READY"
PENDING = "LOGGED_MODEL_PENDING"
STATES = (READY, PENDING, "LOGGED_MODEL_UPLOAD_FAILED")


@dataclass(frozen=True, slots=True)
class Experiment:
    """A collection of runs. ``id`` is a whole number, as MLflow's are."""

    id: int
    name: str
    created: float
    updated: float
    deleted: bool
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Value:
    """The latest value of a metric: of the greatest step, then time, then value."""

    key: str
    value: float
    step: int
    time: float


@dataclass(frozen=True, slots=True)
class Input:
    """A dataset that a run used. ``fields`` is its schema and ``profile`` its summary, both JSON text of the client."""

    name: str
    digest: str
    source_type: str
    source: str
    fields: str | None = None
    profile: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tracked:
    """A run with all that a client can have logged to it. ``models`` are (direction, model id, step)."""

    run: Run
    values: Sequence[Value] = ()
    inputs: Sequence[Input] = ()
    models: Sequence[tuple[str, str, int]] = ()


@dataclass(frozen=True, slots=True)
class LoggedModel:
    """A model that a run logged: files below its id, with params, values and tags of its own."""

    id: str
    experiment_id: int
    name: str
    model_type: str = ""
    run_id: str | None = None
    state: str = PENDING
    created: float = 0.0
    updated: float = 0.0
    deleted: bool = False
    params: Mapping[str, str] = field(default_factory=dict)
    values: Sequence[Value] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


# -- experiments ------------------------------------------------------------------------------------------------------


def experiments(session: Session) -> list[Experiment]:
    """Return all of them, deleted ones too, in the order of their numbers."""
    return _experiments(session, session.rows("experiments"))


def experiment(session: Session, number: int) -> Experiment:
    for found in _experiments(session, session.rows("experiment_by_id", number)):
        return found
    raise NotFound("experiment", str(number))


def experiment_named(session: Session, name: str) -> Experiment | None:
    for found in _experiments(session, session.rows("experiment_named", name)):
        return found
    return None


def create_experiment(session: Session, name: str, tags: Mapping[str, str], time: float) -> int:
    """Make a new experiment and return its number. Raises UsageError when there is one of that name."""
    if not name.strip():
        raise UsageError("an experiment needs a name")
    if session.rows("experiment_id", check_name(name, "experiment name")):
        raise UsageError(f"Experiment(name={name}) already exists.")
    number = find_or_create(session, name, time)
    for key, value in tags.items():
        session.run("upsert_experiment_tag", number, check_key(key, "tag"), tag_value(key, value))
    return number


def change_experiment(
    session: Session, number: int, time: float, *, name: str | None = None, deleted: bool | None = None
) -> None:
    """Rename an experiment, delete it or restore it; its runs go and come with it."""
    known = experiment(session, number)
    if name is not None:
        other = experiment_named(session, check_name(name, "experiment name"))
        if other is not None and other.id != number:
            raise UsageError(f"Experiment(name={name}) already exists.")
    gone = known.deleted if deleted is None else deleted
    session.run("update_experiment", name or known.name, int(gone), time, number)
    if deleted is not None and deleted != known.deleted:
        session.run("mark_runs_of_experiment", int(deleted), number, int(known.deleted))


def tag_experiment(session: Session, number: int, key: str, value: str | None) -> None:
    """Set a tag of an experiment; None deletes it."""
    known = experiment(session, number)
    if value is not None:
        session.run("upsert_experiment_tag", number, check_key(key, "tag"), tag_value(key, value))
    elif key not in known.tags:
        raise NotFound("tag", key, known.tags)
    else:
        session.run("delete_experiment_tag", number, key)


def _experiments(session: Session, rows: Sequence[Any]) -> list[Experiment]:
    tags = _by_owner(session.rows_in("experiment_tags", [row[0] for row in rows]))
    return [
        Experiment(row[0], row[1], row[2], row[2] if row[3] is None else row[3], bool(row[4]), tags.get(row[0], {}))
        for row in rows
    ]


# -- runs -------------------------------------------------------------------------------------------------------------


def tracked(session: Session, ids: Sequence[str]) -> list[Tracked]:
    """Return runs in the order of their ids, deleted ones too; those that do not exist are left out."""
    runs = queries.runs(session, ids)
    values, inputs, models = _values(session, ids), _inputs(session, ids), _models(session, ids)
    return [Tracked(run, values.get(run.id, ()), inputs.get(run.id, ()), models.get(run.id, ())) for run in runs]


def mark_run(session: Session, run_id: str, deleted: bool) -> None:
    """Delete a run softly, or bring it back. Only runs that no controller owns."""
    for run in queries.runs(session, [run_id]):
        if deleted and run.kind != "run" and not run.state.ended:
            raise UsageError(f"run {run_id} is a {run.kind} that is not over: cancel its sweep first")
        session.run("mark_run", int(deleted), run_id)
        return
    raise NotFound("run", run_id)


def log_inputs(
    session: Session, run_id: str, datasets: Iterable[Input], models: Iterable[tuple[str, str, int]] = ()
) -> None:
    """Say which datasets a run used and which models it took ("in") or made ("out")."""
    if not queries.runs(session, [run_id]):
        raise NotFound("run", run_id)
    for item in datasets:
        name = check_name(item.name, "dataset name")
        tags = json.dumps(dict(item.tags), ensure_ascii=False)
        row = (run_id, name, item.digest, item.source_type, item.source, item.fields, item.profile, tags)
        session.run("upsert_input", *row)
    for direction, model_id, step in models:
        session.run("upsert_run_model", run_id, direction, model_id, step)


def datasets(session: Session, experiment_ids: Sequence[int]) -> list[tuple[int, str, str, dict[str, str]]]:
    """Return (experiment, name, digest, tags) of the datasets that runs of experiments used, each once."""
    found = {(row[0], row[1], row[2], row[3]): None for row in session.rows_in("datasets", experiment_ids)}
    return [(number, name, digest, json.loads(tags)) for number, name, digest, tags in sorted(found)]


def history(session: Session, run_id: str, key: str, count: int, skip: int = 0) -> list[Value]:
    """Return points of one metric in the order of time, step and value."""
    return [
        Value(key, floats.join(kind, value), step, time)
        for kind, value, step, time in session.rows("history", run_id, key, skip + count)[skip:]
    ]


def _values(session: Session, ids: Sequence[str]) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for owner, key, kind, value, step, time in session.rows_in("latest_values", ids):
        found.setdefault(owner, []).append(Value(key, floats.join(kind, value), step, time))
    return found


def _inputs(session: Session, ids: Sequence[str]) -> dict[str, list[Input]]:
    found: dict[str, list[Input]] = {}
    for owner, name, digest, source_type, source, fields, profile, tags in session.rows_in("inputs", ids):
        made = Input(name, digest, source_type, source, fields, profile, json.loads(tags))
        found.setdefault(owner, []).append(made)
    return found


def _models(session: Session, ids: Sequence[str]) -> dict[str, list[tuple[str, str, int]]]:
    found: dict[str, list[tuple[str, str, int]]] = {}
    for owner, direction, model_id, step in session.rows_in("run_models", ids):
        found.setdefault(owner, []).append((direction, model_id, step))
    return found


# -- logged models ----------------------------------------------------------------------------------------------------


def create_logged_model(session: Session, model: LoggedModel) -> None:
    """Keep a new logged model with its params and tags."""
    experiment(session, model.experiment_id)
    _write_model(session, model)
    add_to_model(session, model.id, params=model.params, tags=model.tags)


def change_logged_model(session: Session, model_id: str, time: float, **changes: Any) -> LoggedModel:
    """Change the state of a logged model, or mark it deleted; return it as it is then."""
    changed = replace(logged_model(session, model_id), updated=time, **changes)
    _write_model(session, changed)
    return changed


def add_to_model(
    session: Session,
    model_id: str,
    *,
    params: Mapping[str, str] | None = None,
    tags: Mapping[str, str] | None = None,
    values: Iterable[Value] = (),
) -> None:
    """Log params, tags and values to a model. A param keeps its first value."""
    known = {key for _, key, _ in session.rows_in("params", [model_id])}
    for key, value in (params or {}).items():
        if key not in known:
            text = param_text(check_key(key, "param"), value)
            session.run("insert_param", model_id, key, text, text_number(text))
    for key, value in (tags or {}).items():
        session.run("upsert_tag", model_id, check_key(key, "tag"), tag_value(key, value))
    for point in values:
        kind, number = floats.split(metric_value(point.key, point.value))
        session.run("upsert_metric", model_id, check_key(point.key, "metric"), point.step, point.time, number, kind)


def untag_model(session: Session, model_id: str, key: str) -> None:
    if key not in logged_model(session, model_id).tags:
        raise NotFound("tag", key)
    session.run("delete_tag", model_id, key)


def logged_model(session: Session, model_id: str, *, deleted: bool = False) -> LoggedModel:
    """Return one logged model; one that was deleted only if asked for. Raises NotFound."""
    for model in _logged_models(session, session.rows_in("logged_models_by_id", [model_id])):
        if deleted or not model.deleted:
            return model
    raise NotFound("logged model", model_id)


def logged_models(session: Session, experiment_ids: Sequence[int]) -> list[LoggedModel]:
    """Return the logged models of experiments, the latest first."""
    found = _logged_models(session, session.rows_in("logged_models_of", experiment_ids))
    return sorted(found, key=lambda model: (-model.created, model.id))


def logged_models_by_id(session: Session, ids: Sequence[str]) -> list[LoggedModel]:
    """Return the logged models of these ids that are there and not deleted."""
    found = _logged_models(session, session.rows_in("logged_models_by_id", ids))
    return [model for model in found if not model.deleted]


def models_of_run(session: Session, run_id: str) -> list[LoggedModel]:
    """Return what a run logged, oldest first."""
    return _logged_models(session, session.rows("logged_models_of_run", run_id))


def _write_model(session: Session, model: LoggedModel) -> None:
    if model.state not in STATES:
        raise UsageError(f"{model.state!r} is not a state of a logged model; choose from: {', '.join(STATES)}")
    session.run(
        "upsert_logged_model", model.id, model.experiment_id, check_name(model.name, "model name"),
        check_name(model.model_type, "model type"), model.run_id, model.state, time_value("model", model.created),
        time_value("model", model.updated), int(model.deleted),
    )  # fmt: skip


def _logged_models(session: Session, rows: Sequence[Any]) -> list[LoggedModel]:
    ids = [row[0] for row in rows]
    params, tags = _by_owner(session.rows_in("params", ids)), _by_owner(session.rows_in("tags", ids))
    values = _values(session, ids)
    return [
        LoggedModel(
            id=row[0],
            experiment_id=row[1],
            name=row[2],
            model_type=row[3],
            run_id=row[4],
            state=row[5],
            created=row[6],
            updated=row[7],
            deleted=bool(row[8]),
            params=params.get(row[0], {}),
            values=values.get(row[0], ()),
            tags=tags.get(row[0], {}),
        )
        for row in rows
    ]


def _by_owner(rows: Iterable[Sequence[Any]]) -> dict[Any, dict[str, str]]:
    made: dict[Any, dict[str, str]] = {}
    for owner, key, value in rows:
        made.setdefault(owner, {})[key] = value
    return made
