"""A store in a folder of its own, and trials that have a model: a folder with an ``MLmodel`` file and weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sweeper.artifacts import open_artifacts
from sweeper.events import TagsSet
from sweeper.interfaces import Store
from sweeper.records import SweepRecord
from sweeper.registry.registry import Registry
from sweeper.store import open_store
from sweeper.testing.sweeps import add_sweep, add_trial
from sweeper.trial.models import digest, sha256_of, tag_of

MLMODEL = """\
flavors:
  python_function: {loader_module: mlflow.sklearn, model_path: model.skops}
  sklearn: {serialization_format: skops, skops_trusted_types: [sklearn.tree._tree.Tree], code: null}
signature:
  inputs: '[{"type": "double", "name": "a"}]'
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "runs.db")
    yield opened
    opened.close()


@pytest.fixture
def registry(store: Store) -> Registry:
    return Registry(store, user="me")


@pytest.fixture
def sweep(store: Store) -> SweepRecord:
    return add_sweep(store, config={"name": "digits", "tags": {"dataset": "iris"}}, tags={"dataset": "iris"})


def model_folder(folder: Path, weights: str = "weights") -> Path:
    """Write a folder that looks like a model of scikit-learn."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "MLmodel").write_text(MLMODEL)
    (folder / "model.skops").write_text(weights)
    (folder / "requirements.txt").write_text("# made\nscikit-learn==0.1\nnumpy\n")
    return folder


Trained = Callable[..., str]


@pytest.fixture
def trained(store: Store, sweep: SweepRecord, tmp_path: Path) -> Trained:
    """Writes a complete trial that logged a model; gives its run id."""

    def write(number: int, value: float = 0.5, weights: str | None = None, name: str = "model") -> str:
        run_id = add_trial(store, sweep, number, {"depth": number}, value)
        made = model_folder(tmp_path / f"made-{number}", weights or f"weights {number}")
        open_artifacts(store.artifacts).put(made, f"{run_id}/{name}")
        files = {path.name: sha256_of(path) for path in made.iterdir()}
        saved = {"flavor": "sklearn", "size": 1, "sha256": digest(files)}
        store.write(TagsSet(run_id, tag_of(name, saved))).result()
        return run_id

    return write
