"""A folder with an objective, and a way to write a sweep file into it and read what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sweeper.config import SweepConfig, load_config
from sweeper.errors import ConfigError

OBJECTIVE = "objective: train.py:train\n"
METRIC = "metric: {name: accuracy, goal: maximize}\n"
PARAMETERS = "parameters:\n  depth: {min: 1, max: 9}\n"
GOOD = OBJECTIVE + METRIC + PARAMETERS

SAMPLES = Path(__file__).parent / "samples"
METHODS = ("random", "grid", "tpe", "cmaes", "hyperopt-tpe")
EXECUTORS = ("inline", "joblib", "ray")

Load = Callable[..., SweepConfig]
Complaints = Callable[..., list[str]]


@pytest.fixture
def good() -> str:
    return GOOD


@pytest.fixture
def everything() -> str:
    """A file with every key of ours."""
    return (SAMPLES / "everything.yaml").read_text()


@pytest.fixture
def wandb_file() -> str:
    """A file with every key of Weights & Biases that means something offline."""
    return (SAMPLES / "wandb.yaml").read_text()


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text("def train(depth): return depth\ndef evaluate(depth): return depth\n")

    def load(text: str | bytes, *overrides: str) -> SweepConfig:
        content = text if isinstance(text, bytes) else text.encode()
        (tmp_path / "sweep.yaml").write_bytes(content)
        return load_config("sweep.yaml", overrides=overrides, methods=METHODS, executors=EXECUTORS)

    return load


@pytest.fixture
def complaints(load: Load) -> Complaints:
    def complaints(text: str | bytes, *overrides: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            load(text, *overrides)
        return [str(problem) for problem in caught.value.problems]

    return complaints
