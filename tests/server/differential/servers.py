"""MLflow's own server as a process of its own, and what is needed to start it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import httpx
import pytest

PATIENCE = 120  #: seconds that a server may take to begin
VARIABLE = "SWEEPER_MLFLOW_PYTHON"


def interpreter() -> str:
    """Return a Python that has the whole of MLflow. Without one: skipped on a laptop, an error in CI."""
    if named := os.environ.get(VARIABLE):
        return named
    try:
        version("mlflow")
    except PackageNotFoundError:
        sentence = f"needs MLflow's server: pip install 'mlflow>=3.17.2,<3.18', or {VARIABLE}=PYTHON that has it"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return sys.executable


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def real_server(folder: Path) -> Iterator[str]:
    """Give the address of an MLflow server with one worker and an empty database."""
    folder.mkdir()
    port = free_port()
    command = [
        interpreter(), "-m", "mlflow", "server", "--workers", "1", "--host", "127.0.0.1", "--port", str(port),
        "--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", str(folder / "files"),
    ]  # fmt: skip
    variables = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MLFLOW_", "PYTHONPATH"))}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**kept, **variables}, stdout=log, stderr=log, start_new_session=True
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, process, folder / "log")
            yield url
        finally:
            os.killpg(process.pid, 15)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait(10)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{url}/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"MLflow's server did not begin:\n{log.read_text('utf-8', 'replace')[-2000:]}")
