"""What a command finds: files with its parameters, places for metrics and artifacts, and variables that name them."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from sweeper.processes import runtime_folder
from sweeper.trial.command.macros import flat
from sweeper.trial.trial import Trial
from sweeper.trial.values import text

METRICS = "SWEEPER_METRICS_FILE"


class Workspace(NamedTuple):
    """A folder of one execution of a command, removed when it has ended."""

    folder: Path

    @property
    def params_json(self) -> Path:
        return self.folder / "params.json"

    @property
    def params_yaml(self) -> Path:
        return self.folder / "params.yaml"

    @property
    def params_wandb(self) -> Path:
        return self.folder / "wandb.yaml"

    @property
    def metrics(self) -> Path:
        return self.folder / "metrics.jsonl"

    @property
    def artifacts(self) -> Path:
        return self.folder / "artifacts"

    @property
    def socket(self) -> Path:
        return self.folder / "s"


@contextmanager
def workspace(params: Mapping[str, Any], parent: str | None) -> Iterator[Workspace]:
    """Make a workspace that holds the nested ``params``, below ``parent`` (None: among temporary files)."""
    place = Workspace(Path(tempfile.mkdtemp(prefix="command-", dir=parent)) if parent else runtime_folder())
    try:
        import yaml

        place.artifacts.mkdir()
        plain = json.loads(json.dumps(params))
        place.params_json.write_text(json.dumps(plain), "utf-8")
        place.params_yaml.write_text(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True), "utf-8")
        kept = {"wandb_version": 1} | {name: {"value": value} for name, value in plain.items()}
        place.params_wandb.write_text(yaml.safe_dump(kept, sort_keys=False, allow_unicode=True), "utf-8")
        yield place
    finally:
        with suppress(OSError):
            shutil.rmtree(place.folder)


def beside(environment: Mapping[str, str]) -> str | None:
    """Return where a command that ``environment`` belongs to may have workspaces of its own: they go with its own."""
    written = environment.get(METRICS)
    return str(Path(written).parent.parent) if written and Path(written).parent.is_dir() else None


def variables(place: Workspace, params: Mapping[str, Any], run_id: str) -> dict[str, str]:
    """Return the variables that every command gets: its run, its parameters, where its files are."""
    return {
        "SWEEPER_RUN_ID": run_id,
        "SWEEPER_PARAMS_FILE": str(place.params_json),
        "SWEEPER_PARAMS_YAML": str(place.params_yaml),
        METRICS: str(place.metrics),
        "SWEEPER_ARTIFACTS": str(place.artifacts),
        "PYTHONUNBUFFERED": "1",  # or what a script prints arrives at its end, too late to stop it
        **_each(params),
    }


def trial_variables(place: Workspace, sweep_id: str, trial: Trial) -> dict[str, str]:
    """Return the variables that only the command of a trial gets; W&B's under W&B's names."""
    return {
        "SWEEPER_SWEEP_ID": sweep_id,
        "SWEEPER_TRIAL_NUMBER": str(trial.number),
        "SWEEPER_ATTEMPT": str(trial.attempt),
        "SWEEPER_SEED": str(trial.seed),
        "PYTHONHASHSEED": str(trial.seed),
        "WANDB_SWEEP_ID": sweep_id,
        "WANDB_RUN_ID": trial.id,
        "WANDB_SWEEP_PARAM_PATH": str(place.params_wandb),
    }


def _each(params: Mapping[str, Any]) -> dict[str, str]:
    """``SWEEPER_PARAM_LEARNING_RATE=0.1``: names in capitals, with ``_`` for what variables cannot have."""
    return {"SWEEPER_PARAM_" + re.sub(r"\W", "_", name).upper(): text(value) for name, value in flat(params)}
