"""Where a model version comes from, as plain JSON: sweep, trial, config, code, environment, model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sweeper.artifacts import open_artifacts
from sweeper.controller.origin import recorded
from sweeper.errors import NotFound, UsageError
from sweeper.interfaces import Store
from sweeper.records import Run, SweepRecord, TrialRecord
from sweeper.registry import mlmodel
from sweeper.registry.files import checksums, size_of
from sweeper.trial.handle import IMPORTANCE_FILE
from sweeper.trial.models import digest


def model_facts(path: Path) -> dict[str, Any]:
    """Return what the files of a model are: checksums, size, and what an ``MLmodel`` among them says."""
    files = checksums(path)
    read = mlmodel.read_mlmodel(path) if path.is_dir() else {}
    return {
        "files": files,
        "sha256": digest(files),
        "size": size_of(path),
        "flavors": mlmodel.flavors(read),
        "signature": mlmodel.signature(read),
        "requirements": mlmodel.requirements(path),
        "runs_code": mlmodel.runs_code(read, files),
    }


def lineage(store: Store, run: Run, sweep: SweepRecord | None, trial: TrialRecord | None) -> dict[str, Any]:
    """Return where a run comes from. Without a sweep: the run's own params, metrics and tags."""
    found: dict[str, Any] = {
        "run": {"id": run.id, "name": run.name, "kind": run.kind, "state": str(run.state)},
        "params": dict(trial.params) if trial else dict(run.params),
        "metrics": {**run.metrics, **(trial.metrics if trial else {})},
        "tags": _data_tags(run.tags),
        "importance": importance(store, run),
    }
    if trial is not None:
        found["trial"] = {
            "number": trial.number,
            "values": list(trial.values) if trial.values else None,
            "seed": trial.seed,
            "started": trial.started,
            "ended": trial.ended,
        }
    if sweep is not None:
        found["tags"] = {**_data_tags(sweep.tags), **found["tags"]}
        found["sweep"] = {
            "id": sweep.id,
            "name": sweep.name,
            "method": sweep.method,
            "seed": sweep.seed,
            "goals": [[goal.name, goal.direction] for goal in sweep.goals],
            "trials": sum(sweep.counts.values()),
        }
        found["config"] = dict(sweep.config)
        origin = asdict(recorded(store, sweep))
        found["environment"] = {"python": origin.pop("python"), "packages": dict(origin.pop("packages"))}
        found["code"] = {key: value for key, value in origin.items() if value}
    else:
        known = {"commit": "mlflow.source.git.commit", "branch": "mlflow.source.git.branch"}
        found["code"] = {key: run.tags[tag] for key, tag in known.items() if tag in run.tags}
        found["environment"] = {"python": run.tags.get("sweeper.python", ""), "packages": {}}
    return found


def importance(store: Store, run: Run) -> dict[str, float]:
    """Return the feature importance that the run logged; empty when it logged none."""
    try:
        found = json.loads(open_artifacts(store.artifacts_of(run.id)).read(IMPORTANCE_FILE))
    except (NotFound, UsageError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): float(value) for name, value in found.items() if isinstance(value, int | float)}


def _data_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags that people set: data, team, purpose."""
    return {key: value for key, value in tags.items() if not key.startswith(("mlflow.", "sweeper."))}
