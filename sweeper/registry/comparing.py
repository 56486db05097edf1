"""What differs between two versions of a model: parameters, metrics, code, packages, files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sweeper.records import ModelVersion

Facts = dict[str, dict[str, Any]]  #: by group and name


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is another in the two versions; None where a version does not have it."""

    group: str
    name: str
    one: Any
    other: Any


GROUPS = ("version", "params", "metrics", "code", "environment", "packages", "config", "files")
_VERSION = ("stage", "source", "run_id", "user", "description")


def compare(one: ModelVersion, other: ModelVersion) -> list[Difference]:
    """Return all that differs, group by group, sorted by name; what is the same is left out."""
    return [difference for group in GROUPS for difference in _group(group, _facts(one), _facts(other))]


def _facts(version: ModelVersion) -> Facts:
    facts = version.facts
    model, environment = facts.get("model", {}), facts.get("environment", {})
    sweep, trial = facts.get("sweep", {}), facts.get("trial", {})
    found: Facts = {
        "version": {name: getattr(version, name) or None for name in _VERSION},
        "params": facts.get("params", {}),
        "metrics": facts.get("metrics", {}),
        "code": facts.get("code", {}),
        "environment": {"python": environment.get("python"), "flavors": ", ".join(model.get("flavors", []))},
        "packages": environment.get("packages", {}),
        "config": {key: value for key, value in flat(facts.get("config", {})) if key not in ("name", "description")},
        "files": model.get("files", {}),
    }
    found["version"] |= {
        "sweep": sweep.get("name"),
        "trial": trial.get("number"),
        "seed": trial.get("seed"),
        "tags": ", ".join(f"{key}={value}" for key, value in sorted(facts.get("tags", {}).items())) or None,
    }
    return found


def _group(group: str, one: Facts, other: Facts) -> Iterator[Difference]:
    a, b = one[group], other[group]
    for name in sorted({*a, *b}):
        if a.get(name) != b.get(name):
            yield Difference(group, name, a.get(name), b.get(name))


def flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield nested mappings as dotted names."""
    for key, item in value.items():
        if isinstance(item, Mapping) and item:
            yield from flat(item, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", item
