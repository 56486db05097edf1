"""An entry point of a project as objective: checked before anything starts, executed once for each attempt."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sweeper.config.secrets import mask_urls
from sweeper.space import SearchSpace
from sweeper.trial.command.objective import Launch, run_trial
from sweeper.trial.objective import Call, Workplace
from sweeper.trial.project.arguments import check_space, command_line
from sweeper.trial.project.environment import prepare, read_environment, variables
from sweeper.trial.project.mlproject import EntryPoint, Project, read_project
from sweeper.trial.project.source import Source, folder_of, parse_source, pinned
from sweeper.trial.trial import Trial

PROJECT = "SWEEPER_PROJECT"  #: tells a step the folder of its project
SHELL = "/bin/bash" if os.path.exists("/bin/bash") else "/bin/sh"


@dataclass(frozen=True, slots=True)
class ProjectObjective:
    """An entry point of a project at one commit; ``base`` is the folder where paths among parameters are looked up."""

    source: Source
    entry_point: str
    base: str
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.source.shown} {self.entry_point}"

    @property
    def code(self) -> Path:
        return folder_of(self.source)

    def load(self) -> None:
        """Nothing to import: each attempt is a process of its own."""

    def caller(self, work: Workplace) -> Call:
        project = read_project(self.code)
        entry, environment = project.entry_point(self.entry_point), prepare(project.environment)

        def call(trial: Trial, params: dict[str, Any]) -> dict[str, float]:
            made = launch(project, entry, trial.params, Path(self.base), environment)
            return run_trial(trial, params, work, lambda place, nested: made)

        return call


def launch(
    project: Project, entry: EntryPoint, params: Mapping[str, Any], base: Path, environment: Path | None
) -> Launch:
    """Return what starts an entry point. Raises UsageError for parameters that do not fit."""
    words = (SHELL, "-c", command_line(entry, params, base))
    around = variables(environment) | {PROJECT: str(project.folder)}
    return Launch(f"{project.name} {entry.name}", words, project.folder, around)


def find_project(
    uri: str, entry_point: str, space: SearchSpace, notice: Callable[[str], None] = lambda _: None
) -> ProjectObjective:
    """Return an entry point as objective: at a definite commit, fitting the space, its environment made.

    Raises ObjectiveError, and ConfigError for an MLproject with mistakes.
    """
    source = pinned(parse_source(uri))
    project = read_project(folder_of(source))
    entry = project.entry_point(entry_point)
    base = Path.cwd()
    check_space(entry, space, base)
    prepare(project.environment, notice)
    return ProjectObjective(source, entry_point, str(base), _tags(source, project, entry_point))


def look_at_project(uri: str, entry_point: str, space: SearchSpace) -> list[tuple[str, str]]:
    """Return what is known of a project without fetching it: facts for people. Raises what ``find_project`` raises."""
    source = parse_source(uri)
    if source.is_git:
        return [("project", f"{source.shown}, fetched and checked when it is run")]
    project = read_project(folder_of(source))
    entry = project.entry_point(entry_point)
    check_space(entry, space, Path.cwd())
    file = project.environment
    made = "the Python that runs sweeper" if file is None else f"made from {read_environment(file).file.name}"
    return [("runs", entry.command), ("in", str(project.folder)), ("environment", made)]


def _tags(source: Source, project: Project, entry_point: str) -> dict[str, str]:
    """MLflow's tags of a run of a project."""
    tags = {
        "mlflow.source.type": "PROJECT",
        "mlflow.source.name": source.shown,
        "mlflow.project.entryPoint": entry_point,
        "mlflow.project.backend": "local",
        "mlflow.project.env": "local" if project.environment is None else "virtualenv",
    }
    if source.is_git:
        tags |= {"mlflow.source.git.commit": source.revision, "mlflow.source.git.repoURL": mask_urls(source.url)}
    return tags
