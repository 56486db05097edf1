"""What a tracked child run costs through a server: ours and MLflow's on loopback, with MLflow's own client.

    python benchmarks/server.py [--runs 40] [--load 60] [--mlflow PYTHON] [--write]

A child run is ``start_run(nested)``, ``log_params`` of 5, ``log_metrics`` of 3, and the end. Servers: ours;
``mlflow server --workers 1``; MLflow's default; and a null server that reads each request and answers fixed bytes,
which leaves the time of the client alone. Each is asked by the same client process in turns, each time a few runs.

Also measured of ours: memory and time until it answers; CPU of the server per child run; 100 of 100,000 runs by parent
and metric; child runs a second of 8 clients that send batches (the http store); memory under load (``--load`` seconds;
600 for the long version). ``--mlflow`` is a Python with the whole of MLflow, when this one has only its client.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from results import Headline, machine, record

CLIENTS = 8
PATIENCE = 180.0
STORED = 100_000
PARAMS = {f"p{at}": at / 7 for at in range(5)}
METRICS = {f"m{at}": at / 3 for at in range(3)}
LABELS = {
    "null": "null server: fixed bytes",
    "ours": "sweeper server",
    "one": "mlflow server --workers 1",
    "default": "mlflow server (default)",
}
QUIET = {
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "PYTHONWARNINGS": "ignore",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def null_server(port: int) -> None:
    """Answer whatever comes with the smallest thing that the client takes for an answer; over plain sockets."""
    run = {"info": {"run_id": "0" * 32, "experiment_id": "0", "status": "RUNNING", "lifecycle_stage": "active"}}
    body = json.dumps({"run": run, "run_info": run["info"]}).encode()
    answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)

    def speak(connection: socket.socket) -> None:
        with suppress(ConnectionError):
            answer_all(connection)

    def answer_all(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        pending = b""
        while piece := connection.recv(1 << 16):
            pending += piece
            while b"\r\n\r\n" in pending:
                head, _, rest = pending.partition(b"\r\n\r\n")
                lines = head.lower().split(b"\r\n")
                size = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
                if len(rest) < size:
                    break
                pending = rest[size:]
                connection.sendall(answer)

    listening = socket.create_server(("127.0.0.1", port), backlog=64)
    while True:
        threading.Thread(target=speak, args=(listening.accept()[0],), daemon=True).start()


def command(arm: str, port: int, folder: Path, mlflow: str) -> list[str]:
    if arm == "null":
        return [sys.executable, str(Path(__file__).resolve()), "--null", str(port)]
    if arm == "ours":
        return [sys.executable, "-m", "sweeper", "server", "--port", str(port), "--store", str(folder / "ours.db")]
    workers = ["--workers", "1"] if arm == "one" else []
    place = ["--backend-store-uri", f"sqlite:///{folder}/{arm}.db", "--artifacts-destination", str(folder / arm)]
    return [mlflow, "-m", "mlflow", "server", "--port", str(port), *workers, *place]


@contextmanager
def running(arm: str, folder: Path, mlflow: str) -> Iterator[tuple[str, psutil.Process, float]]:
    """Yield (address, process, seconds until it answered) of a server."""
    port = free_port()
    (folder / arm).mkdir(exist_ok=True)
    began = time.perf_counter()
    with open(folder / f"{arm}.log", "wb") as log:
        process = subprocess.Popen(
            command(arm, port, folder, mlflow), cwd=folder / arm, env={**os.environ, **QUIET}, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        while not answers(port):
            if process.poll() is not None or time.perf_counter() - began > PATIENCE:
                raise SystemExit(f"{LABELS[arm]} does not start:\n{(folder / f'{arm}.log').read_text()[-3000:]}")
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}", psutil.Process(process.pid), time.perf_counter() - began
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.settimeout(5)
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return connection.recv(20).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def cpu(process: psutil.Process) -> float:
    return sum(sum(one.cpu_times()[:2]) for one in family(process))


def memory(process: psutil.Process) -> float:
    """Return the proportional memory of a server and its processes in MB."""
    return sum(one.memory_full_info().pss for one in family(process)) / 2**20


def child_runs(url: str, count: int) -> list[float]:
    """Make child runs with MLflow's client as a tutorial does; return the seconds of each."""
    import mlflow

    mlflow.set_tracking_uri(url)
    taken = []
    with mlflow.start_run(experiment_id="0"):
        for _ in range(count):
            begun = time.perf_counter()
            with mlflow.start_run(nested=True, experiment_id="0"):
                mlflow.log_params(PARAMS)
                mlflow.log_metrics(METRICS)
            taken.append(time.perf_counter() - begun)
    return taken


def compare(folder: Path, runs: int, mlflow: str, repeats: int = 4) -> dict[str, dict[str, Any]]:
    """Return seconds per child run of each server, asked in turns, and what each costs its own processes."""
    facts: dict[str, dict[str, Any]] = {}
    servers = {arm: running(arm, folder, mlflow) for arm in ("default", "one", "ours", "null")}
    alive: dict[str, tuple[str, psutil.Process, float]] = {}
    try:
        for arm, server in servers.items():
            alive[arm] = server.__enter__()
            facts[arm] = {"ready": alive[arm][2], "seconds": [], "cpu": 0.0}
        time.sleep(20)
        for arm, (url, process, _) in alive.items():
            facts[arm]["idle"] = memory(process)
            child_runs(url, 3)
        for _ in range(repeats):
            for arm, (url, process, _) in alive.items():
                before = cpu(process)
                facts[arm]["seconds"] += child_runs(url, runs // repeats)
                facts[arm]["cpu"] += cpu(process) - before
    finally:
        for arm in alive:
            servers[arm].__exit__(None, None, None)
    return facts


def searched(folder: Path, mlflow: str) -> dict[str, float]:
    """Return the median milliseconds of finding 100 of the children of one of 100 parents in 100,000 runs."""
    import httpx

    parents = fill(folder / "ours.db")
    taken = []
    with running("ours", folder, mlflow) as (url, _, _), httpx.Client(base_url=url) as client:
        for parent in parents[:25]:
            body = {
                "experiment_ids": ["0"],
                "filter": f"tags.mlflow.parentRunId = '{parent}'",
                "order_by": ["metrics.m0 DESC"],
                "max_results": 100,
            }
            begun = time.perf_counter()
            found = client.post("/api/2.0/mlflow/runs/search", json=body).json()["runs"]
            taken.append(time.perf_counter() - begun)
            assert len(found) == 100
    return {"search_ms": 1000 * statistics.median(taken[5:])}


def fill(path: Path) -> list[str]:
    """Put 100,000 runs below 100 parents into a store; return the parents."""
    from sweeper.events import ParamsLogged, PointsLogged, RunStarted
    from sweeper.records import Point, Run, new_id
    from sweeper.store import open_database

    store = open_database(str(path))
    parents = []
    for _ in range(100):
        parent = Run(new_id(), "parent", experiment_id="0", started=time.time())
        store.write(RunStarted(parent))
        parents.append(parent.id)
        for at in range(STORED // 100):
            run = Run(new_id(), "child", experiment_id="0", parent_id=parent.id, started=time.time())
            points = tuple(Point(key, value + hash((at, key)) % 997, 0, time.time()) for key, value in METRICS.items())
            params = {key: str(value) for key, value in PARAMS.items()}
            store.write(RunStarted(run), ParamsLogged(run.id, params), PointsLogged(run.id, points))
    store.flush()
    store.close()
    return parents


def batches(url: str, seconds: float) -> int:
    """One client of the http store: log child runs for some seconds; return how many were acknowledged."""
    from sweeper.events import ParamsLogged, PointsLogged, RunStarted, RunUpdated
    from sweeper.records import Point, Run, RunState, new_id
    from sweeper.store import open_store

    store = open_store(url)
    parent = Run(new_id(), "client", experiment_id="0", started=time.time())
    store.write(RunStarted(parent)).result()
    params = {key: str(value) for key, value in PARAMS.items()}
    waiting, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        run, now = Run(new_id(), "child", experiment_id="0", parent_id=parent.id, started=time.time()), time.time()
        points = tuple(Point(key, value, 0, now) for key, value in METRICS.items())
        ended = RunUpdated(run.id, now, RunState.COMPLETE, now, None)
        waiting.append(store.write(RunStarted(run), ParamsLogged(run.id, params), PointsLogged(run.id, points), ended))
        if len(waiting) % 400 == 0:
            waiting[-1].result()
    for future in waiting:
        future.result()
    store.close()
    return len(waiting)


def loaded(folder: Path, mlflow: str, seconds: float) -> dict[str, Any]:
    """Return what 8 clients with batches reach, and the server's memory before, after a sixth and at the end."""
    with running("ours", folder, mlflow) as (url, process, ready):
        time.sleep(1)
        idle = memory(process)
        begun = time.perf_counter()
        clients = [
            subprocess.Popen(
                [sys.executable, str(Path(__file__).resolve()), "--client", url, "--load", str(seconds)],
                stdout=subprocess.PIPE, text=True,
            )
            for _ in range(CLIENTS)
        ]  # fmt: skip
        held = []
        while any(client.poll() is None for client in clients):
            time.sleep(min(1.0, seconds / 12))
            held.append(memory(process))
        count = sum(int(client.communicate()[0]) for client in clients)
        rate = count / (time.perf_counter() - begun)
    settled = held[len(held) // 3 :]
    return {
        "ready": ready, "idle": idle, "rate": rate, "runs": count, "seconds": seconds,
        "early": statistics.median(settled[: max(1, len(settled) // 4)]),
        "late": statistics.median(settled[-max(1, len(settled) // 4) :]), "most": max(held),
    }  # fmt: skip


def table(facts: dict[str, dict[str, Any]]) -> str:
    lines = [
        "| server | ms per child run | lowest | beside the null server | CPU of it, ms per run | idle MB | ready s |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    null = statistics.median(facts["null"]["seconds"])
    for arm in LABELS:
        found = facts[arm]
        middle = statistics.median(found["seconds"])
        lines.append(
            f"| {LABELS[arm]} | {1000 * middle:.1f} | {1000 * min(found['seconds']):.1f} | {middle / null:.2f} | "
            f"{1000 * found['cpu'] / len(found['seconds']):.1f} | {found['idle']:.0f} | {found['ready']:.1f} |"
        )
    return "\n".join(lines)


def headlines(facts: dict[str, dict[str, Any]], search: dict[str, float], load: dict[str, Any]) -> list[Headline]:
    middle = {arm: 1000 * statistics.median(found["seconds"]) for arm, found in facts.items()}
    ours = f"{middle['ours']:.1f} ms"
    spent = 1000 * facts["ours"]["cpu"] / len(facts["ours"]["seconds"])
    growth = load["late"] - load["early"]
    made = []
    for arm, target, met in (
        ("null", "1.4 times the null server", middle["ours"] <= 1.4 * middle["null"]),
        ("one", "2.5 times faster", 2.5 * middle["ours"] <= middle["one"]),
        ("default", "10 times faster", 10 * middle["ours"] <= middle["default"]),
    ):
        beside = f"{LABELS[arm]}: {middle[arm]:.1f} ms, {middle[arm] / middle['ours']:.2g} times ours"
        made.append(Headline("a child run by MLflow's client through the server", ours, target, met, beside))
    own = f"{LABELS['one']}: {1000 * facts['one']['cpu'] / len(facts['one']['seconds']):.1f} ms"
    return [
        *made,
        Headline("CPU of the server for a child run", f"{spent:.1f} ms", "under 3 ms", spent < 3, own),
        Headline("100 of 100,000 runs by parent and metric", f"{search['search_ms']:.0f} ms", "under 25 ms",
                 search["search_ms"] < 25),
        Headline("child runs logged by 8 clients in batches", f"{load['rate']:,.0f} /s", "2,000 /s",
                 load["rate"] >= 2000),
        Headline("memory of the server, idle", f"{load['idle']:.0f} MB", "under 100 MB", load["idle"] < 100,
                 f"{LABELS['one']}: {facts['one']['idle']:.0f} MB, default: {facts['default']['idle']:.0f} MB"),
        Headline(f"growth of its memory in {load['seconds']:.0f} s of load", f"{growth:+.0f} MB", "under 10 MB",
                 growth < 10),
        Headline("the server answers after", f"{load['ready']:.1f} s", "2 s", load["ready"] < 2,
                 f"{LABELS['one']}: {facts['one']['ready']:.1f} s, default: {facts['default']['ready']:.1f} s"),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=40, help="child runs of each server")
    parser.add_argument("--load", type=float, default=60.0, help="seconds of load")
    parser.add_argument("--mlflow", default=sys.executable, help="a Python with the whole of MLflow")
    parser.add_argument("--write", action="store_true", help="record the results for docs/benchmarks.md")
    parser.add_argument("--null", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--client", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.null:
        null_server(given.null)
    if given.client:
        print(batches(given.client, given.load))
        return
    os.environ.update(QUIET)
    folder = Path(tempfile.mkdtemp(prefix="sweeper-bench-server-"))
    parts: list[Callable[[Path], Any]] = [
        lambda place: compare(place, given.runs, given.mlflow),
        lambda place: searched(place, given.mlflow),
        lambda place: loaded(place, given.mlflow, given.load),
    ]
    found = []
    try:
        for at, part in enumerate(parts):
            place = folder / str(at)
            place.mkdir()
            found.append(part(place))
            print(found[-1], file=sys.stderr, flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    facts, search, load = found
    body = (
        f"{table(facts)}\n\nThe client alone takes most of the time: the null server answers at once. A child "
        f"run is four requests, each answered by us after its commit is on the disk. Search: "
        f"median of 20 parents with 1,000 children each, {search['search_ms']:.1f} ms. "
        f"Batches: {load['runs']:,} child runs in {load['seconds']:.0f} s from {CLIENTS} processes on the same "
        f"cores; memory of the server {load['early']:.0f} MB early, {load['late']:.0f} MB late, "
        f"{load['most']:.0f} MB at most."
    )
    print(f"{machine()}\n\n{body}")
    if given.write:
        record("server", "What a server costs", headlines(facts, search, load), body)


if __name__ == "__main__":
    main()
