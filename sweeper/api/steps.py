"""A step of a workflow: an entry point of a project, run as a run of its own below the one that starts it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sweeper.errors import NotFound
from sweeper.trial.handle import ChildRun, RunHandle


@dataclass(frozen=True, slots=True)
class Step:
    """A step that is done: its run, the last value of each metric, and where its files are (a folder or URL)."""

    run_id: str
    metrics: Mapping[str, float]
    artifacts: str


def run_project(
    entry_point: str = "main",
    parameters: Mapping[str, Any] | None = None,
    *,
    uri: str | Path | None = None,
    parent: RunHandle | None = None,
    name: str | None = None,
    notice: Callable[[str], None] = lambda _: None,
) -> Step:
    """Run an entry point of a project and wait for its end: ``sweeper.run_project("prepare", {"rows": 100})``.

    ``uri`` is a folder or a git URL (``[#subfolder][@revision]``); by default the project that this process is a step
    of, else the current directory. The run is nested below ``parent``: a trial or a run. By default it is nested below
    the trial, or the step, that this process is the command of; elsewhere it stands alone, in the default store.
    Relative paths among the parameters are looked up in the current directory. What the step prints goes to stderr;
    JSON lines on its stdout and in the file SWEEPER_METRICS_FILE are its metrics, files in SWEEPER_ARTIFACTS its
    artifacts.

    Raises UsageError and ObjectiveError before anything is created, and CommandFailed when the step fails.
    """
    from sweeper.trial.command.steps import run_of_environment
    from sweeper.trial.project.environment import prepare
    from sweeper.trial.project.mlproject import read_project
    from sweeper.trial.project.objective import PROJECT, launch
    from sweeper.trial.project.source import folder_of, parse_source, pinned

    source = pinned(parse_source(str(uri or os.environ.get(PROJECT) or Path.cwd())))
    project = read_project(folder_of(source))
    entry, given = project.entry_point(entry_point), dict(parameters or {})
    made = launch(project, entry, given, Path.cwd(), prepare(project.environment, notice))
    params = {key: parameter.default for key, parameter in entry.parameters.items()} | given
    tags = {
        "mlflow.project.entryPoint": entry_point,
        "mlflow.source.name": source.shown,
        "mlflow.source.type": "PROJECT",
    }
    with _opened(name or entry_point, parent or run_of_environment(), tags) as run:
        run.log_params(params)
        metrics = _executed(run, made, params)
    return Step(run.id, metrics, _files(run))


def _files(run: ChildRun) -> str:
    """Where the files of a run are; a copy of them on a host that does not reach the artifacts."""
    if run.files.root:
        return f"{run.files.root.rstrip('/')}/{run.id}"
    from sweeper.trial.command.workspace import beside

    local = Path(beside(os.environ) or ".", f"files-{run.id}")
    local.mkdir()
    with suppress(NotFound):
        run.files.get(run.id, local)
    return str(local)


def _opened(name: str, parent: RunHandle | None, tags: Mapping[str, str]) -> ChildRun:
    if parent is not None:
        return parent.child(name, tags)
    from sweeper.api.outside import start_run

    return start_run(name, tags=tags)


def _executed(run: ChildRun, made: Any, params: Mapping[str, Any]) -> dict[str, float]:
    from sweeper.trial.command.objective import execute
    from sweeper.trial.command.workspace import beside, variables, workspace

    around = {name: value for name, value in os.environ.items() if not name.startswith("SWEEPER_PARAM_")}
    with workspace(params, beside(os.environ)) as place:
        environment = {**around, **variables(place, params, run.id), **made.variables}
        final = execute(run, made, place, environment, (), run.log_metrics, own_process=True, aside=True)
        if final:
            run.log_metrics(final)
    return run.metrics
