"""With what a run was made: machine, packages, code, and how that differs from the best trial's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sweeper.errors import SweeperError
from sweeper.interfaces import ArtifactStore, Store
from sweeper.records import Run
from sweeper.web.files import root_of

TAGS = {
    "sweeper.host": "host",
    "mlflow.user": "user",
    "sweeper.python": "python",
    "sweeper.version": "sweeper",
    "mlflow.source.name": "source",
    "sweeper.command": "command",
}
COMMIT, BRANCH, DIRTY = "mlflow.source.git.commit", "mlflow.source.git.branch", "sweeper.git.dirty"
CHECKSUM = "sweeper.code.sha256"
CODE = {COMMIT: "commit", BRANCH: "branch", DIRTY: "uncommitted changes", CHECKSUM: "checksum of the objective's file"}
LARGEST = 4 << 20  #: bytes of a file that is looked at
SHOWN = 200_000  #: characters of a diff


def environment(tags: Mapping[str, str], recorded: Mapping[str, Any]) -> list[list[str]]:
    """Return names and values, of those that are known. ``recorded`` is what the sweep kept of its machine."""
    rows = [[name, tags[key]] for key, name in TAGS.items() if tags.get(key)]
    rows += [[key, str(recorded[key])] for key in ("platform", "cores") if recorded.get(key)]
    return rows


def packages(recorded: Mapping[str, Any]) -> list[list[str]]:
    found = recorded.get("packages")
    return [[str(name), str(version)] for name, version in found.items()] if isinstance(found, dict) else []


def recorded(store: Store, files: ArtifactStore, owner: Run) -> dict[str, Any]:
    """Return what a sweep kept of its environment; nothing where there is no such file, or another one."""
    try:
        found = json.loads(_read(store, files, owner, "environment.json") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def code(store: Store, files: ArtifactStore, owner: Run, best: Run | None) -> dict[str, Any]:
    """Return the version of the code of ``owner`` (a sweep, or a run outside), and how that of ``best`` differs.

    ``diff`` holds the changes that were not committed; ``diff_to_best`` is None where nothing is known to differ.
    """
    diff = _read(store, files, owner, "code.diff")
    lines = [line for line in diff.splitlines() if line[:1] in "+-" and not line.startswith(("+++", "---"))]
    return {
        "version": owner.tags.get(COMMIT, "") or owner.tags.get(CHECKSUM, ""),
        "branch": owner.tags.get(BRANCH, ""),
        "dirty": owner.tags.get(DIRTY) == "true",
        "added": sum(line.startswith("+") for line in lines),
        "removed": sum(line.startswith("-") for line in lines),
        "diff": diff[:SHOWN] or None,
        "diff_to_best": None if best is None or best.id == owner.id else _against(store, files, owner, diff, best),
    }


def _against(store: Store, files: ArtifactStore, owner: Run, diff: str, best: Run) -> str | None:
    """What differs from the code of the best trial, as a unified diff."""
    from difflib import unified_diff

    lines = []
    for key, name in {**CODE, **TAGS}.items():
        one, other = best.tags.get(key, ""), owner.tags.get(key, "")
        if one != other and key != "sweeper.command":
            lines += [f"-{name}: {one}" if one else "", f"+{name}: {other}" if other else ""]
    theirs = _read(store, files, best, "code.diff")
    if theirs != diff:
        lines += unified_diff(theirs.splitlines(), diff.splitlines(), "best", "this", lineterm="", n=1)
    return "\n".join(line for line in lines if line)[:SHOWN] or None


def _read(store: Store, files: ArtifactStore, owner: Run, name: str) -> str:
    try:
        with files.open(f"{root_of(store, files, owner)}/{name}") as file:
            return file.read(LARGEST).decode("utf-8", "replace")
    except SweeperError:
        return ""
