"""The model registry as plain data: models, versions, where they come from, what happened to them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sweeper.analysis.inert import word
from sweeper.errors import NotFound
from sweeper.records import STAGES, ModelVersion
from sweeper.registry.comparing import compare
from sweeper.registry.progress import progress
from sweeper.registry.registry import Registry
from sweeper.web.model_shapes import model_shape, version_shape

Data = dict[str, Any]


def models_page(registry: Registry) -> list[Data]:
    """Return every registered model by name, each with its newest version."""
    found = []
    for model in registry.search():
        versions = registry.versions(model.name, facts=False)
        newest = max((version.number for version in versions), default=None)
        found.append({**model_shape(model, versions), "newest": newest})
    return found


def model_page(registry: Registry, name: str) -> Data:
    """Return one model: its versions, the newest first, what happened to it, and how its metrics went.

    Raises NotFound.
    """
    model = registry.get(name)
    versions = registry.versions(name)
    went = progress(name, versions)
    return {
        **model_shape(model, versions),
        "stages": list(STAGES),
        "list": [version_row(version) for version in reversed(versions)],
        "history": [asdict(change) for change in reversed(registry.history(name))],
        "progress": {"versions": list(went.numbers), "metrics": went.metrics, "importance": went.importance},
    }


def version_page(registry: Registry, name: str, ref: str, artifacts: str) -> Data:
    """Return one version with all that is known of it, and what differs from the one before.

    ``ref`` is a number, ``@ALIAS``, a stage or "latest"; ``artifacts`` the root below which locations are told.
    Raises NotFound, UsageError.
    """
    version = registry.resolve(f"models:/{name}{ref if ref.startswith('@') else f'/{ref}'}").version
    if version is None:
        raise NotFound("model version", f"{name}/{ref}")
    versions = registry.versions(name)
    older = [each for each in versions if each.number < version.number]
    newer = [each.number for each in versions if each.number > version.number]
    full = next(each for each in versions if each.number == version.number)
    label = f"{name}/{full.number}"
    named = word(label)
    return {
        **version_row(full),
        **version_shape(full),
        "location": full.location.removeprefix(f"{artifacts.rstrip('/')}/"),
        "stages": list(STAGES),
        "previous": older[-1].number if older else None,
        "next": newer[0] if newer else None,
        "differences": [asdict(each) for each in compare(older[-1], full)] if older else [],
        "history": [asdict(each) for each in reversed(registry.history(name)) if each.version == full.number],
        "commands": [
            {"label": "Show it", "command": f"sweeper models show {named}"},
            {"label": "Load it", "command": f"sweeper.load_model({f'models:/{label}'!r})"},
            {"label": "Serve it", "command": f"sweeper models serve {named}"},
            {"label": "Download it", "command": f"sweeper models download {named} FOLDER"},
        ],
    }


def version_row(version: ModelVersion) -> Data:
    """Return what a list of versions shows, with the lineage in short."""
    facts, model = version.facts, version.facts.get("model", {})
    sweep, trial = facts.get("sweep", {}), facts.get("trial", {})
    goals = [{"name": name, "goal": direction} for name, direction in sweep.get("goals", [])]
    return {
        "name": version.name,
        "version": version.number,
        "stage": version.stage,
        "aliases": list(version.aliases),
        "state": version.state,
        "message": version.message,
        "created": version.created,
        "updated": version.updated,
        "user": version.user,
        "description": version.description,
        "run_id": version.run_id,
        "source": version.source,
        "sweep": {"id": sweep["id"], "name": sweep["name"]} if sweep else None,
        "number": trial.get("number"),
        "goals": goals,
        "values": trial.get("values"),
        "params": facts.get("params", {}),
        "metrics": facts.get("metrics", {}),
        "flavors": model.get("flavors", []),
        "size": model.get("size"),
        "runs_code": model.get("runs_code") or None,
    }
