"""Where the files of a run's model lie: among its artifacts, or below the id that an MLflow client gave the model."""

from __future__ import annotations

from pathlib import Path

from sweeper.artifacts import open_artifacts
from sweeper.errors import NotFound, UsageError
from sweeper.interfaces import Store
from sweeper.records import LoggedFiles


def place_in_run(store: Store, run_id: str, path: str) -> str:
    """Return the location of ``path`` of a run.

    Its first name is a folder or file among the run's artifacts; or else, as MLflow has it, the name of a model that an
    MLflow client logged in the run. What is neither lies nowhere among the artifacts.
    """
    root = store.artifacts_of(run_id)
    name, slash, rest = path.partition("/")
    logged = logged_in(store, run_id)
    if name in logged and name not in [there for there, _, _ in open_artifacts(root).list()]:
        return f"{place_of(store, logged[name])}{slash}{rest}"
    if "://" not in root and Path(root, path).resolve() != Path(root).resolve() / path:
        raise UsageError(f"runs:/{run_id}/{path} is a link, or below one: no place for a model of a run")
    return f"{root}/{path}"


def logged_in(store: Store, run_id: str) -> dict[str, LoggedFiles]:
    """Return the models that MLflow's clients logged in a run by name; of one name the latest."""
    return {model.name: model for model in reversed(store.models.logged(run_id))}


def place_of(store: Store, model: LoggedFiles) -> str:
    """Return where the files of a logged model are."""
    return f"{store.artifacts.rstrip('/')}/{model.id}"


def find_logged(store: Store, model_id: str) -> LoggedFiles:
    """Return the logged model of an id. Raises NotFound."""
    for model in store.models.logged(model_id):
        return model
    raise NotFound("logged model", model_id)
