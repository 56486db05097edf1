"""The JSON shapes of models and versions: what ``--json`` prints. A key may be added, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sweeper.records import STAGES, ModelVersion, RegisteredModel

Data = dict[str, Any]


def model_shape(model: RegisteredModel, versions: Sequence[ModelVersion]) -> Data:
    """One line of ``models ls --json``. ``latest`` maps each stage to the newest version in it."""
    return {
        "name": model.name,
        "description": model.description,
        "created": model.created,
        "updated": model.updated,
        "versions": len(versions),
        "latest": {stage: number for stage, number in latest(versions).items() if number},
        "aliases": dict(model.aliases),
        "tags": dict(model.tags),
    }


def version_shape(version: ModelVersion) -> Data:
    """A version with everything that is known of it."""
    return {
        "name": version.name,
        "version": version.number,
        "stage": version.stage,
        "aliases": list(version.aliases),
        "state": version.state,
        "message": version.message,
        "source": version.source,
        "location": version.location,
        "run_id": version.run_id,
        "user": version.user,
        "description": version.description,
        "created": version.created,
        "updated": version.updated,
        "tags": dict(version.tags),
        "facts": dict(version.facts),
    }


def latest(versions: Sequence[ModelVersion]) -> dict[str, int]:
    """Return for each stage the number of its newest version, 0 for none."""
    found = dict.fromkeys(STAGES, 0)
    for version in versions:
        found[version.stage] = max(found[version.stage], version.number)
    return found
