"""The same file, read by MLflow itself: the same command line comes out."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sweeper.trial.project.arguments import command_line
from sweeper.trial.project.mlproject import read_project

spec = pytest.importorskip("mlflow.projects._project_spec")

MLPROJECT = """
name: both
entry_points:
  main:
    parameters:
      lr: {type: float, default: 0.1}
      data: path
      where: {type: uri, default: "s3://bucket/x"}
      text: {type: string, default: "it's {a} b"}
    command: "python train.py --lr {lr} {data} {where} {text} '{{literal}}'"
  plain: {command: "echo a"}
"""


@pytest.mark.parametrize(
    ("entry", "params"),
    [
        ("main", {"data": "in put"}),
        ("main", {"data": "in put", "lr": 1e-5, "text": "x; rm -rf $HOME `y`", "where": "file:/a b"}),
        ("plain", {}),
        ("fit.py", {"alpha": 0.5, "kind": "a b"}),
        ("run.sh", {"alpha": 0.5}),
    ],
)
def test_it_runs_what_mlflow_runs(
    write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str, params: dict[str, Any]
) -> None:
    monkeypatch.setenv("SHELL", "bash")
    for name, content in (("MLproject", MLPROJECT), ("fit.py", ""), ("run.sh", ""), ("in put", "")):
        write(name, content)

    theirs = spec.load_project(str(tmp_path)).get_entry_point(entry).compute_command(params, str(tmp_path))
    ours = command_line(read_project(tmp_path).entry_point(entry), params, tmp_path)

    assert shlex.split(ours.replace("${SHELL:-bash}", "bash")) == shlex.split(theirs)
