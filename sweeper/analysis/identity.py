"""When two things are the same: parameters, objectives, data, code. Light, and the same on every machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from sweeper.records import Params

REUSED = "reused"  #: the worker of a trial whose result was taken from an earlier one
DATA = ("data", "dataset")  #: tags that name the data; also those that begin with one of these and a dot or _
CODE_TAGS = ("sweeper.code.sha256", "mlflow.source.git.commit", "sweeper.git.dirty")


def key_of(params: Params) -> str:
    """Return a text that is the same for the same parameters, whatever their order."""
    return repr(sorted((name, repr(value)) for name, value in params.items()))


def objective_of(config: Mapping[str, Any], name: str = "") -> str:
    """Return what a sweep's config runs, the same on every machine; without an objective it is the sweep's name."""
    match config:
        case {"objective": str(target)}:
            place, _, function = target.rpartition(":")
            return f"{PurePath(place).name}:{function}"
        case {"program": str(program)}:
            return PurePath(program).name
        case {"command": [*words]}:
            return " ".join(map(str, words))
        case {"mlproject": {"uri": uri, **rest}}:
            return f"{uri}#{rest.get('entry_point', 'main')}"
        case {"method": "imported", "experiment": str(experiment)}:
            return f"experiment {experiment}"
    return f"sweep {name}"


def data_of(config: Mapping[str, Any], tags: Mapping[str, str]) -> str:
    """Return the tags of a sweep that name the data: ``dataset=wine``."""
    found = {
        key: value
        for key, value in {**(config.get("tags") or {}), **tags}.items()
        if key in DATA or key.startswith(tuple(f"{word}{mark}" for word in DATA for mark in "._"))
    }
    return ", ".join(f"{key}={value}" for key, value in sorted(found.items()))


def code_of(tags: Mapping[str, str]) -> str:
    """Return the version of the code as a sweep's tags keep it: file, commit, uncommitted changes; "" if unknown."""
    known = [tags.get(name, "") for name in CODE_TAGS]
    return " ".join(known) if known[0] or known[1] else ""
