"""The code and the environment of a sweep: as recorded, as they are now, and what differs, in words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sweeper.artifacts import open_artifacts
from sweeper.config import SweepConfig
from sweeper.controller import provenance
from sweeper.errors import NotFound, UsageError
from sweeper.interfaces import Store
from sweeper.records import SweepRecord

SHOWN = 8  #: packages named in one sentence
CODE_TAG = "sweeper.code.sha256"  #: of the objective's file


@dataclass(frozen=True, slots=True)
class Origin:
    """What ran, and with what. "" and empty are "not known".

    ``changes`` is the SHA-256 of what was not committed, ``file`` that of the objective's file.
    """

    commit: str = ""
    branch: str = ""
    changes: str = ""
    file: str = ""
    python: str = ""
    packages: Mapping[str, str] = field(default_factory=dict)


def recorded(store: Store, sweep: SweepRecord) -> Origin:
    """Return what was kept when the sweep began."""
    files = open_artifacts(store.artifacts_of(sweep.id))

    def read(name: str) -> bytes:
        try:
            return files.read(name)
        except (NotFound, UsageError):
            return b""

    try:
        environment = json.loads(read("environment.json") or b"{}")
    except ValueError:
        environment = {}
    return Origin(
        commit=sweep.tags.get("mlflow.source.git.commit", ""),
        branch=sweep.tags.get("mlflow.source.git.branch", ""),
        changes=_digest(read("code.diff")),
        file=sweep.tags.get(CODE_TAG, ""),
        python=sweep.tags.get("sweeper.python", ""),
        packages=environment.get("packages", {}),
    )


def current(config: SweepConfig, folder: Path | None) -> Origin:
    """Return how things are now; ``folder`` is where the objective's code lies."""
    tags = provenance.tags("", folder=folder)
    return Origin(
        commit=tags.get("mlflow.source.git.commit", ""),
        branch=tags.get("mlflow.source.git.branch", ""),
        changes=_digest(provenance.diff(folder).encode("utf-8", "backslashreplace")),
        file=code_tag(config).get(CODE_TAG, ""),
        python=tags["sweeper.python"],
        packages=provenance.environment()["packages"],
    )


def code_tag(config: SweepConfig) -> dict[str, str]:
    """Return the tag that keeps which code an objective is, beyond what git knows; nothing without a file."""
    target = config.objective.target if config.objective and config.objective.kind == "function" else ""
    path = Path(str(target).rpartition(":")[0])
    return {CODE_TAG: _digest(path.read_bytes())} if path.is_file() else {}


def differences(before: Origin, now: Origin) -> list[str]:
    """Return one sentence for each thing that is known to be another than it was."""
    found = []
    if before.file and now.file and before.file != now.file:
        found.append("the objective's file has changed since")
    if before.commit and before.commit != now.commit:
        found.append(f"the code is at commit {now.commit[:10] or 'none'}, it was at {before.commit[:10]}")
    if before.commit == now.commit and before.changes != now.changes:
        found.append("the changes that are not committed are others than they were")
    if before.python and before.python != now.python:
        found.append(f"Python is {now.python}, it was {before.python}")
    if lines := package_differences(before.packages, now.packages):
        more = f", and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
        found.append(f"packages are others than they were: {', '.join(lines[:SHOWN])}{more}")
    return found


def package_differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return ``name: version, was version`` for each package recorded that is another now, or not there."""
    here = {_plain(name): version for name, version in now.items()}
    return [
        f"{name} {here.get(_plain(name), 'is not installed')} (was {version})"
        for name, version in before.items()
        if here.get(_plain(name)) != version
    ]


def _plain(name: str) -> str:
    """A package's name as package indexes compare them."""
    return name.lower().replace("-", "_").replace(".", "_")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest() if content else ""
