"""Runs of MLflow brought here: from a server, from its SQLite file, or from an ``mlruns`` folder.

Ids, names, times, states, params, metric histories, tags and the tree stay as they are; files of runs are copied from a
folder, and stay where they are otherwise. Doing it again changes nothing.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from sweeper.artifacts import open_artifacts
from sweeper.errors import NotFound, SweeperError, UsageError
from sweeper.events import Event, ParamsLogged, PointsLogged, RunEnded, RunStarted, TagsSet
from sweeper.exchange.as_sweeps import events_of, sweeps_of
from sweeper.exchange.found import NAME, PARENT, STATES, TOGETHER, Found
from sweeper.exchange.mlflow_client import MlflowClient
from sweeper.interfaces import ArtifactStore, Store
from sweeper.records import Goal, Point, Run, RunState

CODES = {"1": "RUNNING", "2": "SCHEDULED", "3": "FINISHED", "4": "FAILED", "5": "KILLED"}


class Source(Protocol):
    """Where runs come from."""

    def experiments(self) -> Iterable[tuple[str, str]]:
        """Yield (id, name) of the experiments that are not deleted."""
        ...

    def runs(self, experiment_id: str) -> Iterable[Found]:
        """Yield the runs of an experiment that are not deleted."""
        ...


@dataclass(frozen=True, slots=True)
class Imported:
    """How many runs came (of these, how many are sweeps now), how many were here, and what was left, in words."""

    new: int
    known: int
    sweeps: int = 0
    left: Sequence[str] = ()


def source_of(uri: str) -> Source:
    """Return the source that a URI names. Raises UsageError with the forms there are."""
    if uri.startswith(("http://", "https://")):
        return ServerSource(MlflowClient(uri))
    if uri.startswith("sqlite:///"):
        return DatabaseSource(Path(uri.removeprefix("sqlite:///")))
    path = Path(unquote(urlsplit(uri).path) if uri.startswith("file:") else uri)
    if path.is_dir():
        return FolderSource(path)
    if path.is_file():
        return DatabaseSource(path)
    raise UsageError(
        f"{uri!r}: there is nothing; give the address of an MLflow server (http://host:5000), "
        "sqlite:///mlflow.db, or an mlruns folder"
    )


def take(
    source: Source,
    store: Store,
    names: Sequence[str] = (),
    told: Callable[[str], None] = lambda _: None,
    goal: Goal | None = None,
) -> Imported:
    """Bring the runs of experiments (all, or those of these names) into a store, parents first.

    With a ``goal`` a parent with children that have this metric becomes a sweep, and so do the flat runs of an
    experiment. ``told`` hears of each experiment. Raises NotFound for a name that is not there.
    """
    there = list(source.experiments())
    missing = [name for name in names if name not in {known for _, known in there}]
    if missing:
        raise NotFound("experiment", missing[0], [name for _, name in there])
    files = open_artifacts(store.artifacts)
    new = known = sweeps = 0
    left: list[str] = []
    for experiment_id, name in there:
        if names and name not in names:
            continue
        runs = _parents_first(list(source.runs(experiment_id)))
        target, ids = store.experiment(name), {run.id for run in runs}
        for sweep, trials in sweeps_of(runs, goal, name, target) if goal is not None else ():
            if _is_here(store, sweep.id):
                continue
            for events in events_of(sweep, trials):
                store.write(*events)
            store.flush()
            sweeps, new = sweeps + 1, new + len(trials) + (sweep.id in ids)
            for run in trials:
                _put(files, run)
            runs = [run for run in runs if run.id != sweep.id and run.id not in {trial.id for trial in trials}]
        for run in runs:
            if _is_here(store, run.id):
                known += 1
                continue
            try:
                for events in _events(run, target, ids):
                    store.write(*events).result()
                _put(files, run)
                new += 1
            except SweeperError as error:
                left.append(f"run {run.id} ({run.name}): {error}")
        told(f"{name}: {len(ids)} runs")
    return Imported(new, known, sweeps, left)


def _is_here(store: Store, run_id: str) -> bool:
    try:
        store.run(run_id)
    except NotFound:
        return False
    return True


def _put(files: ArtifactStore, run: Found) -> None:
    if run.files is not None and any(run.files.iterdir()):
        files.put(run.files, run.id)


def _parents_first(runs: list[Found]) -> list[Found]:
    by_id = {run.id: run for run in runs}

    def depth(run: Found) -> int:
        steps, seen = 0, {run.id}
        while (parent := by_id.get(run.tags.get(PARENT, ""))) is not None and parent.id not in seen:
            seen.add(parent.id)
            steps, run = steps + 1, parent
        return steps

    return sorted(runs, key=lambda run: (depth(run), run.started or 0.0))


def _events(found: Found, experiment_id: str, siblings: set[str]) -> Iterator[tuple[Event, ...]]:
    """Yield what makes a run: the last of it ends it, so one that was cut off is seen to be open."""
    parent = found.tags.get(PARENT)
    tags = {key: value for key, value in found.tags.items() if key not in (PARENT, NAME)}
    if parent and parent not in siblings:
        tags[PARENT] = parent
    started = found.started if found.started is not None else 0.0
    run = Run(
        found.id,
        found.name,
        parent_id=parent if parent in siblings else None,
        experiment_id=experiment_id,
        started=started,
        user=found.user,
    )
    yield RunStarted(run), ParamsLogged(found.id, dict(found.params)), TagsSet(found.id, tags)
    for start in range(0, len(found.points), TOGETHER):
        yield (PointsLogged(found.id, tuple(found.points[start : start + TOGETHER])),)
    state = STATES.get(found.status, RunState.CANCELLED)
    if state.ended:
        yield (RunEnded(found.id, state, found.ended if found.ended is not None else started),)


class ServerSource:
    """A server that speaks MLflow's protocol."""

    def __init__(self, client: MlflowClient) -> None:
        self._client = client

    def experiments(self) -> Iterator[tuple[str, str]]:
        for experiment in self._client.experiments():
            yield experiment["experiment_id"], experiment["name"]

    def runs(self, experiment_id: str) -> Iterator[Found]:
        for run in self._client.search(experiment_id):
            info, data = run["info"], run.get("data", {})
            keys = [metric["key"] for metric in data.get("metrics", [])]
            points = [self._point(key, point) for key in keys for point in self._client.history(info["run_id"], key)]
            yield Found(
                info["run_id"],
                info.get("run_name", ""),
                info["status"],
                _seconds(info.get("start_time")),
                _seconds(info.get("end_time")),
                info.get("user_id", ""),
                {pair["key"]: pair.get("value", "") for pair in data.get("params", [])},
                {pair["key"]: pair.get("value", "") for pair in data.get("tags", [])},
                points,
            )

    @staticmethod
    def _point(key: str, point: Mapping[str, Any]) -> Point:
        return Point(key, float(point["value"]), int(point.get("step", 0)), int(point["timestamp"]) / 1000)


class DatabaseSource:
    """The SQLite file of an MLflow server; it is only read."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise UsageError(f"{path}: there is no such file")
        self._path = path

    def experiments(self) -> list[tuple[str, str]]:
        text = "SELECT experiment_id, name FROM experiments WHERE lifecycle_stage = 'active' ORDER BY experiment_id"
        return [(str(number), name) for number, name in self._rows(text)]

    def runs(self, experiment_id: str) -> Iterator[Found]:
        rows = self._rows(
            "SELECT run_uuid, name, status, start_time, end_time, user_id, artifact_uri FROM runs "
            "WHERE experiment_id = ? AND lifecycle_stage = 'active' ORDER BY start_time",
            int(experiment_id),
        )
        for run_id, name, status, started, ended, user, uri in rows:
            tags = dict(self._rows("SELECT key, value FROM tags WHERE run_uuid = ?", run_id))
            points = self._rows(
                "SELECT key, value, step, timestamp, is_nan FROM metrics WHERE run_uuid = ? ORDER BY timestamp, step",
                run_id,
            )
            yield Found(
                run_id,
                name or tags.get(NAME, ""),
                status,
                _seconds(started),
                _seconds(ended),
                user or "",
                dict(self._rows("SELECT key, value FROM params WHERE run_uuid = ?", run_id)),
                tags,
                [Point(key, float("nan") if nan else value, step, at / 1000) for key, value, step, at, nan in points],
                _folder(uri),
            )

    def _rows(self, text: str, *values: Any) -> list[Any]:
        try:
            with contextlib.closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as connection:
                return connection.execute(text, values).fetchall()
        except sqlite3.Error as error:
            raise UsageError(f"{self._path} is not the database of an MLflow server: {error}") from None


class FolderSource:
    """An ``mlruns`` folder, as MLflow wrote it without a database."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if not any(path.glob("*/meta.yaml")):
            raise UsageError(f"{path} is not an mlruns folder: no experiment in it has a meta.yaml")

    def experiments(self) -> Iterator[tuple[str, str]]:
        for meta in sorted(self._path.glob("*/meta.yaml")):
            read = _yaml(meta)
            if read.get("lifecycle_stage", "active") == "active":
                yield meta.parent.name, str(read.get("name", meta.parent.name))

    def runs(self, experiment_id: str) -> Iterator[Found]:
        for meta in sorted((self._path / experiment_id).glob("*/meta.yaml")):
            read, folder = _yaml(meta), meta.parent
            if read.get("lifecycle_stage", "active") != "active" or "run_id" not in read:
                continue
            tags = _texts(folder / "tags")
            status = str(read.get("status", ""))
            files = folder / "artifacts"
            yield Found(
                str(read["run_id"]),
                str(read.get("run_name") or tags.get(NAME, "")),
                CODES.get(status, status),
                _seconds(read.get("start_time")),
                _seconds(read.get("end_time")),
                str(read.get("user_id") or ""),
                _texts(folder / "params"),
                tags,
                [point for file in _files(folder / "metrics") for point in _points(folder / "metrics", file)],
                files if files.is_dir() else None,
            )


def _points(folder: Path, file: Path) -> Iterator[Point]:
    """Yield the points of one file: lines of time, value and step."""
    key = file.relative_to(folder).as_posix()
    for line in file.read_text("utf-8").splitlines():
        parts = line.split()
        if len(parts) >= 2:
            yield Point(key, float(parts[1]), int(parts[2]) if len(parts) > 2 else 0, int(parts[0]) / 1000)


def _texts(folder: Path) -> dict[str, str]:
    return {file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in _files(folder)}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []


def _yaml(path: Path) -> Mapping[str, Any]:
    import yaml

    try:
        read = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None
    return read if isinstance(read, dict) else {}


def _folder(uri: str | None) -> Path | None:
    """Return the folder of artifacts that a URI names, if it is one of this machine."""
    if not uri or ("://" in uri and not uri.startswith("file:")) or uri.startswith("mlflow-artifacts:"):
        return None
    path = Path(unquote(urlsplit(uri).path))
    return path if path.is_dir() else None


def _seconds(milliseconds: Any) -> float | None:
    return None if milliseconds in (None, "") else int(milliseconds) / 1000
