"""The compose file of the docs: each command of its services runs here as a process, with substitutes for the network.

PostgreSQL is one of the tests' own; names of services become 127.0.0.1, ports free ones, volumes temporary folders.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import pytest
import yaml

from tests.store.servers import PostgreSQL, free_port

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SECRETS = {"SWEEPER_TOKEN": "a-secret-of-sixteen-or-more", "POSTGRES_PASSWORD": "secret"}
PATIENCE = 90.0  #: seconds for a service to come up or to answer


class Team:
    """Runs commands of services in a folder of its own, as compose would."""

    def __init__(self, folder: Path, database: PostgreSQL) -> None:
        self.folder = folder
        self.ports = {"5000": free_port(), "1234": free_port()}
        self.processes: list[subprocess.Popen[str]] = []
        self._replaced = {
            "@database:5432/sweeper": f"@127.0.0.1:{database.port}/postgres",
            "//server:5000": f"//127.0.0.1:{self.ports['5000']}",
            "127.0.0.1:5000": f"127.0.0.1:{self.ports['5000']}",
        }
        self._whole = {
            "0.0.0.0": "127.0.0.1",
            "/artifacts": str(folder / "artifacts"),
            **{k: str(v) for k, v in self.ports.items()},
        }
        for name in ("sweep.yaml", "train.py"):
            shutil.copy(FOLDER / name, folder)

    def local(self, text: str) -> str:
        text = re.sub(r"\$\{(\w+)(?::\?[^}]*)?\}", lambda found: SECRETS[found[1]], text)
        for name, here in self._replaced.items():
            text = text.replace(name, here)
        return self._whole.get(text, text)

    def start(self, name: str) -> subprocess.Popen[str]:
        """Start what a service runs; its output goes to a file of its name."""
        with (self.folder / f"{name}.log").open("w") as log:
            process = subprocess.Popen(
                [self.local(part) for part in SERVICES[name]["command"]],
                cwd=self.folder, env=self._environment(name), stdout=log, stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
        self.processes.append(process)
        return process

    def healthy(self, name: str) -> bool:
        kind, *command = SERVICES[name]["healthcheck"]["test"]
        assert kind == "CMD"
        typed = [self.local(part) for part in command]
        return subprocess.run(typed, env=self._environment(name), capture_output=True).returncode == 0

    def wait(self, process: subprocess.Popen[str], name: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not ready():
            assert process.poll() is None, self.said(name)
            assert time.monotonic() < deadline, self.said(name)
            time.sleep(0.2)

    def said(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def close(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
            process.wait(30)

    def _environment(self, name: str) -> dict[str, str]:
        known = {key: value for key, value in os.environ.items() if not key.startswith(("SWEEPER", "MLFLOW"))}
        path = os.pathsep.join([str(Path(sys.executable).parent), known["PATH"]])
        given = {key: self.local(value) for key, value in SERVICES[name].get("environment", {}).items()}
        return {**known, "PATH": path, **given}


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    if missing := PostgreSQL.missing():
        pytest.skip(missing) if not os.environ.get("CI") else pytest.fail(missing)
    database = PostgreSQL()
    made = Team(tmp_path_factory.mktemp("deploy"), database)
    yield made
    made.close()
    database.close()


def ask(url: str, host: str, data: bytes | None = None) -> tuple[int, str]:
    """Send a request to a local address that calls the host by its name in the network of compose."""
    request = urllib.request.Request(url, data, {"host": host, "content-type": "text/csv"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, ""
    except (URLError, TimeoutError):
        return 0, ""


def test_every_service_does_its_part(team: Team) -> None:
    # given the server over PostgreSQL
    server = team.start("server")
    team.wait(server, "server", lambda: team.healthy("server"))
    address = f"http://127.0.0.1:{team.ports['5000']}"
    assert ask(f"{address}/health", "server:5000")[0] == 200
    assert ask(f"{address}/health", "elsewhere:5000")[0] == 403
    assert ask(f"{address}/api/2.0/mlflow/experiments/get-by-name?experiment_name=digits", "server:5000")[0] == 401
    # when the trainer has run
    trainer = team.start("trainer")
    assert trainer.wait(150) == 0, team.said("trainer")
    assert "registered digits/1" in team.said("trainer")
    assert "6 complete" in team.said("trainer")
    assert "passed over" not in team.said("trainer")
    assert list((team.folder / "reports").rglob("report.html"))
    # then files lie where the server keeps them, and nowhere else
    assert list((team.folder / "artifacts").rglob("MLmodel"))
    assert not list(team.folder.glob("*.db"))
    # and the best model answers
    serving = team.start("serving")
    url = f"http://127.0.0.1:{team.ports['1234']}"
    team.wait(serving, "serving", lambda: ask(f"{url}/ping", "serving:1234")[0] == 200)
    names = [f"pixel_{row}_{column}" for row in range(8) for column in range(8)]
    rows = "\n".join([",".join(names), ",".join(["0.0"] * 64), ",".join(["8.0"] * 64)])
    status, body = ask(f"{url}/invocations", "serving:1234", rows.encode())
    assert status == 200, team.said("serving")
    assert len(json.loads(body)["predictions"]) == 2


def test_what_the_compose_file_names_is_there() -> None:
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", {})) <= set(SERVICES), name
        for condition in (each["condition"] for each in service.get("depends_on", {}).values()):
            assert condition in ("service_healthy", "service_completed_successfully")
        for volume in service.get("volumes", []):
            assert volume.partition(":")[0] in COMPOSE["volumes"]
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), "nothing listens wider than this machine unless somebody says so"
    root = FOLDER.parent.parent
    for line in (FOLDER / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY"):
            *sources, _ = [part for part in line.split()[1:] if not part.startswith("--")]
            assert all((root / source).exists() for source in sources), line


def test_secrets_are_asked_for_and_never_written_down() -> None:
    text = (FOLDER / "compose.yaml").read_text("utf-8")
    for name in SECRETS:
        assert f"${{{name}:?" in text, f"{name} has to be given"
