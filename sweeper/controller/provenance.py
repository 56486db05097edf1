"""Where a sweep comes from: code version, command line, user, host, packages. No environment values, no passwords."""

from __future__ import annotations

import getpass
import os
import platform
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sweeper.config.secrets import mask_urls
from sweeper.trial.values import printable
from sweeper.version import __version__

DIFF_LIMIT = 1 << 20  #: bytes of uncommitted changes kept


def tags(source: str, command_line: Sequence[str] = (), folder: Path | None = None) -> dict[str, str]:
    """Return the tags of a parent run; names that MLflow knows are MLflow's."""
    found = {
        "mlflow.user": user(),
        "mlflow.source.name": mask_urls(source),
        "mlflow.source.type": "LOCAL",
        "sweeper.version": __version__,
        "sweeper.host": socket.gethostname(),
        "sweeper.python": platform.python_version(),
        "sweeper.command": mask_urls(" ".join(command_line or [Path(sys.argv[0]).name, *sys.argv[1:]]))[:5000],
    }
    commit = _git("rev-parse", "HEAD", folder=folder)
    if commit:
        found["mlflow.source.git.commit"] = commit
        found["sweeper.git.dirty"] = str(
            bool(_git("status", "--porcelain", "--untracked-files=no", folder=folder))
        ).lower()
        if branch := _git("rev-parse", "--abbrev-ref", "HEAD", folder=folder):
            found["mlflow.source.git.branch"] = branch
    return {key: printable(value) for key, value in found.items()}


def diff(folder: Path | None = None) -> str:
    """Return the uncommitted changes of the code's repository, cut after 1 MiB with a note; "" when there are none."""
    changes = _git("diff", "--no-color", "--no-ext-diff", "HEAD", folder=folder)
    if len(changes) > DIFF_LIMIT:
        return changes[:DIFF_LIMIT] + f"\n[{len(changes) - DIFF_LIMIT} more characters not kept]\n"
    return changes


def environment() -> dict[str, Any]:
    """Return the interpreter, the machine and the versions of installed packages."""
    names = [info.name for place in sys.path if place for info in Path(place).glob("*.dist-info")]
    packages = dict(name.removesuffix(".dist-info").rpartition("-")[::2] for name in names)
    return {
        "python": sys.version,
        "platform": platform.platform(),
        "cores": os.cpu_count(),
        "packages": dict(sorted(packages.items(), key=lambda item: item[0].lower())),
    }


def user() -> str:
    """Return the name of the person."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def _git(*arguments: str, folder: Path | None) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder or Path.cwd()), *arguments],
            capture_output=True,
            timeout=5,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").rstrip("\n") if done.returncode == 0 else ""
