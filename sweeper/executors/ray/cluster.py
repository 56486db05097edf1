"""Getting to a Ray cluster within a deadline, or starting a Ray of this machine; what its nodes have."""

from __future__ import annotations

import atexit
import logging
import math
import os
import platform
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sweeper.errors import MissingPackage, UsageError
from sweeper.executors.ray.deaths import words
from sweeper.executors.ray.options import Options, Resources
from sweeper.processes import start_time

START_SECONDS = 180.0  #: a Ray of this machine, which may be busy, is up by then
PREFIX = "swr"  #: short: Ray's sockets lie below, and their paths may have about 100 bytes


@dataclass
class Cluster:
    """A connection to Ray. ``ours``: it was made here, and with it the runtime_env of all that this process does there.

    ``folder`` is where a Ray that was started here keeps its files.
    """

    ours: bool
    folder: Path | None = None

    def close(self) -> None:
        """Leave the cluster, and stop a Ray that was started here; one that was there before stays."""
        global _cluster
        _cluster = None
        atexit.unregister(self.close)
        if self.ours:
            import ray

            ray.shutdown()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


_cluster: Cluster | None = None


def connect(options: Options, slots: int, notice: Callable[[str], None] = lambda sentence: None) -> Cluster:
    """Return the connection of this process, made if there is none: to ``options.address``, else to a Ray of this
    machine with room for ``slots`` trials. ``notice`` is told which before that takes its seconds.

    Raises MissingPackage without Ray, UsageError with a diagnosis when no cluster answers in time.
    """
    global _cluster
    address = options.address or os.environ.get("RAY_ADDRESS")
    if address == "local":
        address = None
    imported = sys.modules.get("ray")
    if imported is None or not imported.is_initialized():
        notice(f"Connecting to {_place(address)} ..." if address else "Starting Ray on this machine ...")
    ray = load_ray()
    if ray.is_initialized():
        return _cluster or Cluster(ours=False)
    if address:
        _knock(address, options.connect_timeout)
        given: dict[str, Any] = {"address": address}
        folder = None
    else:
        folder = _folder()
        given = {
            "address": "local",
            "num_cpus": max(math.ceil(slots * options.cpu), 1),
            "include_dashboard": False,
            "_temp_dir": str(folder),
        }
    if options.runtime_env:
        given["runtime_env"] = dict(options.runtime_env)
    try:
        _init(given, address, options.connect_timeout if folder is None else START_SECONDS)
    except BaseException:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    _cluster = Cluster(ours=True, folder=folder)
    atexit.register(_cluster.close)  # a sweep may be refused before it has an executor that closes it
    return _cluster


def load_ray() -> Any:
    """Import Ray: without its telemetry. Raises MissingPackage."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError:
        raise MissingPackage("ray", "executor: {kind: ray}") from None
    return ray


def nodes() -> list[Resources]:
    """Return what each living node has in all."""
    import ray

    return [node["Resources"] for node in ray.nodes() if node["Alive"]]  # type: ignore[no-untyped-call]


def _init(given: Mapping[str, Any], address: str | None, seconds: float) -> None:
    """Call ``ray.init`` in a thread, so that one that hangs is given up, and so that it leaves our signals alone.

    The thread stays: the processes of a Ray of this machine end with the thread that started them.
    """
    import ray

    logging.getLogger("ray").setLevel(logging.ERROR)
    failed: list[BaseException] = []
    done = threading.Event()

    def run() -> None:
        try:
            ray.init(**given, log_to_driver=False, logging_level=logging.ERROR)
        except BaseException as error:
            failed.append(error)
        done.set()
        if not failed:
            threading.Event().wait()

    started, listens = time.monotonic(), address is not None and _port(address) is not None
    threading.Thread(target=run, name="sweeper-connect", daemon=True).start()
    if not done.wait(seconds):
        raise UsageError(
            f"executor: {_place(address)} did not answer within {seconds:.0f} s: is the address right and the network "
            "open? A cluster that is slow gets more time by executor: {options: {connect_timeout: 5m}}"
        )
    if failed and "runtime_env" in given and isinstance(failed[0], ValueError | TypeError):
        raise UsageError(f"executor.runtime_env: {words(failed[0])}") from failed[0]
    if failed:
        raise UsageError(_diagnosis(failed[0], address, time.monotonic() - started, listens)) from failed[0]


def _knock(address: str, seconds: float) -> None:
    """Raise UsageError at once when nothing listens at ``HOST:PORT``; Ray itself would try for long."""
    if (place := _port(address)) is None:
        return
    started = time.monotonic()
    try:
        socket.create_connection(place, seconds).close()
    except (OSError, OverflowError) as error:
        raise UsageError(_diagnosis(error, address, time.monotonic() - started)) from error


def _port(address: str) -> tuple[str, int] | None:
    """Return the host and port of an address that has them."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    return (host.strip("[]"), int(port)) if host and port.isdigit() else None


def _diagnosis(error: BaseException, address: str | None, seconds: float, listens: bool = False) -> str:
    import ray

    said = words(error)
    mine = f"This process has Ray {ray.__version__} and Python {platform.python_version()}"
    if "ersion mismatch" in said or ("version" in said.lower() and "differ" in said.lower()):
        return f"executor: {_place(address)} runs other versions. {mine}. Ray says: {said}"
    if address is None:
        return f"executor: Ray could not be started on this machine: {said}"
    if isinstance(error, ConnectionError | RuntimeError | OSError | TimeoutError):
        advice = "Start one with ray start --head, or leave out address for a Ray of this machine"
        if listens:
            advice = (
                "Something listens there: if it is Ray, it may want a token, as one does that is started where a Ray "
                "ran before. Set RAY_AUTH_MODE=token here, with its token in ~/.ray/auth_token"
            )
        return f"executor: there is no Ray cluster at {address!r} (looked for {seconds:.0f} s). {advice} ({said})"
    return f"executor: {_place(address)} cannot be used: {type(error).__name__}: {said}"


def _place(address: str | None) -> str:
    return f"the Ray cluster at {address!r}" if address else "Ray on this machine"


def _folder() -> Path:
    """Make a folder for the files of a Ray of this machine; those of processes that are gone are removed."""
    usual = Path(tempfile.gettempdir())
    root = Path("/tmp") if len(str(usual)) > 20 and Path("/tmp").is_dir() else usual
    for path in root.glob(f"{PREFIX}-*-*"):
        pid = path.name.split("-")[1]
        if pid.isdigit() and start_time(int(pid)) is None and path.stat().st_uid == os.getuid():
            shutil.rmtree(path, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}-{os.getpid()}-", dir=root))
