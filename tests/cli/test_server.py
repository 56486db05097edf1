"""``sweeper server`` and ``sweeper token`` as processes: who is let in, what is kept where, and what is never shown."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server.processes import ServerProcess

from .conftest import Sweeper

API = "/api/2.0/mlflow"
CANARY = "CANARY-9f3-a-token-of-the-environment"


def log_a_run(url: str, **client: Any) -> str:
    with httpx.Client(base_url=url, **client) as http:
        made = http.post(f"{API}/runs/create", json={"experiment_id": "0"})
        assert made.status_code == 200, made.text
        run_id: str = made.json()["run"]["info"]["run_id"]
        assert http.put(f"/api/2.0/mlflow-artifacts/artifacts/{run_id}/a/b.txt", content=b"x").status_code == 200
        return run_id


# -- who is let in ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_other_machines_need_a_token(sweeper: Sweeper, host: str) -> None:
    ran = sweeper("server", "--host", host, "--port", "0")
    assert ran.code == 2
    assert "a token is needed" in ran.err
    assert "sweeper token add" in ran.err
    assert "--no-auth" in ran.err
    assert not list(Path().glob("*.db"))


def test_everybody_may_be_let_in_but_only_in_so_many_words(tmp_path: Path) -> None:
    with ServerProcess(tmp_path, "--host", "0.0.0.0", "--no-auth") as server:
        url = f"http://127.0.0.1:{server.port}"
        assert httpx.post(f"{url}{API}/runs/search", json={}).status_code == 200
        assert httpx.get(f"{url}/health", headers={"host": "evil.example"}).status_code == 403
        assert "no token is asked for" in server.log.read_text()


def test_the_environment_gives_a_token(tmp_path: Path) -> None:
    with ServerProcess(tmp_path, "--host", "0.0.0.0", environment={"SWEEPER_TOKEN": CANARY}) as server:
        assert server.said["token"] is True
        url = f"http://127.0.0.1:{server.port}"
        assert httpx.post(f"{url}{API}/runs/search", json={}).status_code == 401
        log_a_run(url, headers={"authorization": f"Bearer {CANARY}"})


def test_a_made_token_is_shown_once_and_works(sweeper: Sweeper, tmp_path: Path) -> None:
    made = sweeper("token", "add", "anna", "--role", "read", "--json").json[0]["token"]
    with ServerProcess(Path.cwd(), "--token-file", "sweeper-tokens.jsonl") as server:
        headers = {"authorization": f"Bearer {made}"}
        assert httpx.post(f"{server.url}{API}/runs/search", json={}, headers=headers).status_code == 200
        assert httpx.post(f"{server.url}{API}/runs/create", json={}, headers=headers).status_code == 403
    assert made not in Path("sweeper-tokens.jsonl").read_text()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--token-file", "none"], "token file none"),
        (["--ssl-certfile", "here"], "--ssl-certfile and --ssl-keyfile belong together"),
        (["--port", "70000"], "70000"),
        (["--host", "no such host"], "no such host"),
    ],
)
def test_bad_options_are_told_in_words(sweeper: Sweeper, options: list[str], said: str) -> None:
    Path("here").write_text("x")
    ran = sweeper("server", *options, *([] if "--port" in options else ["--port", "0"]))
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_taken_port_is_told_in_words(tmp_path: Path, sweeper: Sweeper) -> None:
    with ServerProcess(tmp_path) as server:
        ran = sweeper("server", "--port", str(server.port))
    assert ran.code == 2
    assert "another program listens there" in ran.err


def test_browsers_get_pages_there_too(tmp_path: Path) -> None:
    browser = {"accept": "text/html"}
    with ServerProcess(tmp_path) as server, httpx.Client(base_url=server.url, headers=browser) as http:
        assert 'data-page="home"' in http.get("/").text
        assert http.get("/api/v1/meta").json()["writable"] is True


def test_browsers_sign_in_with_a_token(tmp_path: Path) -> None:
    with (
        ServerProcess(tmp_path, environment={"SWEEPER_TOKEN": CANARY}) as server,
        httpx.Client(base_url=server.url, headers={"accept": "text/html"}) as http,
    ):
        assert http.get("/s/x").status_code == 401
        answer = http.post("/s/x", data={"token": CANARY}, headers={"origin": server.url})
        assert (answer.status_code, answer.headers["location"]) == (303, "/s/x")
        assert 'data-page="sweep"' in http.get("/s/x").text
        assert server.close() == 143
        assert CANARY not in server.log.read_text()


def test_read_only_refuses_what_changes_something(tmp_path: Path) -> None:
    with ServerProcess(tmp_path) as server:
        run_id = log_a_run(server.url)
    with ServerProcess(tmp_path, "--read-only") as server:
        assert httpx.get(f"{server.url}{API}/runs/get", params={"run_id": run_id}).status_code == 200
        refused = httpx.post(f"{server.url}{API}/runs/create", json={"experiment_id": "0"})
        assert refused.status_code == 403
        assert "--read-only" in refused.json()["message"]
        assert httpx.put(f"{server.url}/api/2.0/mlflow-artifacts/artifacts/{run_id}/b", content=b"").status_code == 403


# -- what is kept, and what is never shown ----------------------------------------------------------------------------


def test_files_are_their_owners_alone(tmp_path: Path) -> None:
    # given a server in a shell whose files everybody may read
    tokens = tmp_path / "tokens"
    command = [sys.executable, "-m", "sweeper", "token", "add", "anna", "--token-file", str(tokens), "--json"]
    made = subprocess.run(command, capture_output=True, text=True, umask=0, check=True)
    token = json.loads(made.stdout)["token"]
    options = ("--token-file", str(tokens), "--audit-log", "audit.jsonl", "--store", "runs.db")
    with ServerProcess(tmp_path, *options, umask=0) as server:
        log_a_run(server.url, headers={"authorization": f"Bearer {token}"})
        # when it has written everything it writes, then nobody else reads or enters any of it
        files = [path for path in tmp_path.rglob("*") if path.name != "server.log"]
        assert {"runs.db", "runs.db-wal", "tokens", "audit.jsonl", "artifacts", "b.txt"} <= {
            path.name for path in files
        }
        for path in files:
            mode = stat.S_IMODE(path.stat().st_mode)
            assert mode & 0o077 == 0, f"{path}: {mode:o}"


def test_secrets_are_shown_nowhere(tmp_path: Path) -> None:
    # given a server with a token and with a password in the address of its database
    environment = {"SWEEPER_TOKEN": CANARY}
    ran = subprocess.run(
        [sys.executable, "-m", "sweeper", "server", "--port", "0", "--json"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
        env={"PATH": "/usr/bin:/bin", "SWEEPER_RECONNECT_SECONDS": "0", **environment,
             "SWEEPER_STORE": "postgresql+psycopg://sweeper:PASSWORD-9f3@127.0.0.1:1/none"},
    )  # fmt: skip
    assert ran.returncode == 3, ran.stderr
    assert "PASSWORD-9f3" not in ran.stdout + ran.stderr
    options = ("--audit-log", "audit.jsonl", "--store", "runs.db")
    with ServerProcess(tmp_path, *options, environment=environment) as server:
        # when it is used, well and badly
        log_a_run(server.url, headers={"authorization": f"Bearer {CANARY}"})
        for headers in ({"authorization": f"Basic {CANARY}"}, {"authorization": CANARY}, {"host": CANARY}):
            answer = httpx.post(f"{server.url}{API}/runs/create", json={}, headers=headers)
            assert CANARY not in answer.text
        arguments = Path(f"/proc/{server.process.pid}/cmdline").read_text()
    # then its secrets are in no file, no log and no list of processes
    assert CANARY not in arguments
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes(), path


def test_the_audit_log_has_a_line_for_each_change(tmp_path: Path) -> None:
    headers = {"authorization": f"Bearer {CANARY}"}
    with (
        ServerProcess(tmp_path, "--audit-log", "audit.jsonl", environment={"SWEEPER_TOKEN": CANARY}) as server,
        httpx.Client(base_url=server.url, headers=headers) as http,
    ):
        http.post(f"{API}/runs/search", json={})
        http.post(f"{API}/runs/create", json={"experiment_id": "0"})
        http.put("/api/2.0/mlflow-artifacts/artifacts/run/a%7B%22by%22:%22forged%22%7D%1b%5B31m", content=b"")
    lines = (tmp_path / "audit.jsonl").read_text().splitlines()
    found = [json.loads(line[line.index("{") :]) for line in lines]
    assert [(entry["by"], entry["method"], entry["status"]) for entry in found] == [
        ("SWEEPER_TOKEN", "POST", 200),
        ("SWEEPER_TOKEN", "PUT", 400),
    ]
    assert "\x1b" not in "".join(lines)


# -- over TLS, and until the end --------------------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl to make a certificate")
def test_https_with_a_certificate(tmp_path: Path) -> None:
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    files = ("-keyout", "key.pem", "-out", "cert.pem", "-addext", "subjectAltName=IP:127.0.0.1")
    subprocess.run([*command.split(), *files], cwd=tmp_path, check=True, capture_output=True)
    import ssl

    trusted = ssl.create_default_context(cafile=tmp_path / "cert.pem")
    with ServerProcess(tmp_path, "--ssl-certfile", "cert.pem", "--ssl-keyfile", "key.pem") as server:
        assert server.url.startswith("https://127.0.0.1:")
        log_a_run(server.url, verify=trusted)
        with pytest.raises(httpx.TransportError):
            httpx.get(server.url.replace("https", "http") + "/health")


def test_a_key_that_is_none_is_told_in_words(sweeper: Sweeper) -> None:
    Path("cert.pem").write_text("nonsense")
    Path("key.pem").write_text("nonsense")
    ran = sweeper("server", "--port", "0", "--ssl-certfile", "cert.pem", "--ssl-keyfile", "key.pem")
    assert ran.code == 2
    assert "cert.pem" in ran.err
    assert "Traceback" not in ran.err


def test_it_ends_when_it_is_told_to(tmp_path: Path) -> None:
    with ServerProcess(tmp_path) as server:
        run_id = log_a_run(server.url)
        assert server.close() == 143
    assert "Traceback" not in server.log.read_text()
    with ServerProcess(tmp_path) as server:
        assert httpx.get(f"{server.url}{API}/runs/get", params={"run_id": run_id}).status_code == 200
