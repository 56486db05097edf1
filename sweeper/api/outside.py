"""Runs outside sweeps, and reading what is stored: DataFrames."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from sweeper.api.result import Result
from sweeper.api.stores import shared_store
from sweeper.errors import NotFound
from sweeper.records import Run
from sweeper.trial.handle import ChildRun, RunHandle

if TYPE_CHECKING:
    import pandas as pd

    from sweeper.api.rerun import Rerun
    from sweeper.events import Event
    from sweeper.interfaces import ArtifactStore, Store
    from sweeper.registry.registry import Registry


class StoreSink:
    """Writes a handle's records to a store; what the store refuses is raised at the next record or at the end."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._artifacts: ArtifactStore | None = None
        self._pending: list[Future[None]] = []

    def emit(self, event: Event) -> None:
        self._pending.append(self._store.write(event))
        if len(self._pending) > 100:
            self._collect(wait=False)

    def artifacts(self) -> ArtifactStore:
        if self._artifacts is None:
            from sweeper.artifacts import open_artifacts

            self._artifacts = open_artifacts(self._store.artifacts)
        return self._artifacts

    def settled(self) -> None:
        """Return when everything is committed; raise what was refused."""
        self._collect(wait=True)

    def _collect(self, wait: bool) -> None:
        waiting, self._pending = self._pending, []
        for future in waiting:
            if wait or future.done():
                future.result()
            else:
                self._pending.append(future)


def start_run(
    name: str,
    *,
    parent: RunHandle | str | None = None,
    experiment: str = "Default",
    tags: Mapping[str, Any] | None = None,
    store: str | None = None,
    artifacts: str | None = None,
) -> ChildRun:
    """Open a run outside sweeps: ``with sweeper.start_run("prepare") as run: run.log_metric("rows", 3)``.

    ``parent`` nests it: a run, a trial, or the id of a run in this store. Everything is committed when the block ends;
    below a run or a trial it is like ``parent.child(name)``, in the parent's own store and experiment.
    """
    from sweeper.controller import provenance

    if isinstance(parent, RunHandle):
        return parent.child(name, tags)
    opened = shared_store(store, artifacts)
    sink = StoreSink(opened)
    return ChildRun(
        name,
        sink,
        parent_id=parent,
        experiment_id=opened.experiment(experiment),
        tags=dict(tags or {}) if parent else provenance.tags(name) | dict(tags or {}),
        user=provenance.user(),
        closing=sink.settled,
    )


class Book:
    """What is stored, for reading from code. Made by :func:`sweeper.open`."""

    def __init__(self, store: Store, url: str | None = None) -> None:
        self.store = store
        self._url = url

    @property
    def models(self) -> Registry:
        """The model registry: look at models and versions, move aliases and stages."""
        from sweeper.api.registry import registry_of

        return registry_of(self.store, self._url)

    def rerun(self, trials: str | Sequence[str], repeat: int | None = None, **options: Any) -> Rerun:
        """Run trials of one sweep again, named as ``SWEEP:NUMBER`` or by run id, in a new small sweep.

        Each runs once with its own seed, or ``repeat`` times with new ones. ``options``: workers, hooks, and function
        and data where the sweep had them.
        """
        from sweeper.api.rerun import rerun

        return rerun(self.store, trials, repeat, **options)

    def runs(
        self,
        where: str | None = None,
        *,
        order_by: str | Sequence[str] = (),
        limit: int | None = None,
        experiment: str | None = None,
    ) -> pd.DataFrame:
        """Return runs as a DataFrame, one row each: id, name, kind, state, parent, times, ``params.*``, ``metrics.*``,
        ``tags.*``. ``where`` is MLflow's filter grammar, e.g. ``metrics.accuracy > 0.9 and params.depth = '4'``.
        """
        import pandas as pd

        order = [order_by] if isinstance(order_by, str) else list(order_by)
        found = self.store.runs(where, experiment=experiment, order_by=order, limit=limit)
        return pd.DataFrame([_row(run) for run in found], columns=_columns(found))

    def sweep(self, ref: str = "last") -> pd.DataFrame:
        """Return the trials of a sweep as a DataFrame, one row each. ``ref``: a name, an id, the end of one, "last".

        A notebook shows how the sweep stands above the rows.
        """
        from sweeper.api.trials_frame import TrialsFrame

        return TrialsFrame.of(self.result(ref))

    def result(self, ref: str = "last") -> Result:
        """Return a sweep as :meth:`sweep` of an objective returns it."""
        return Result(self.store.find_sweep(ref), self.store)

    def sweeps(self) -> pd.DataFrame:
        """Return all sweeps as a DataFrame, the latest first."""
        import pandas as pd

        rows = [
            {
                "name": sweep.name,
                "id": sweep.id,
                "state": sweep.state.value,
                "method": sweep.method,
                "metric": ", ".join(goal.name for goal in sweep.goals),
                "trials": sum(sweep.counts.values()),
                "best": sweep.best.value if sweep.best else None,
                "started": sweep.started,
                "ended": sweep.ended,
            }
            for sweep in self.store.sweeps()
        ]
        return pd.DataFrame(rows, columns=list(rows[0]) if rows else ["name", "id", "state"])

    def ranges(
        self,
        *sweeps: str,
        param: str | Sequence[str] = (),
        objective: str | None = None,
        name: str | None = None,
        experiment: str | None = None,
        metric: str | None = None,
        tags: Mapping[str, str] | None = None,
        merge: Sequence[str] = (),
        plot: str | os.PathLike[str] | None = None,
    ) -> pd.DataFrame:
        """Return what :func:`sweeper.ranges` does, of this store."""
        from sweeper.api.ranges import frame

        wanted = (sweeps, objective, name, experiment, metric, dict(tags or {}))
        return frame(self.store, wanted, (param,) if isinstance(param, str) else tuple(param), merge, plot)

    def metrics(self, run_id: str, key: str) -> pd.DataFrame:
        """Return the history of a metric: step, value, time. Raises NotFound with the metrics that there are."""
        import pandas as pd

        points = self.store.points([run_id], [key])[run_id]
        if not points:
            raise NotFound("metric", key, sorted(self.store.run(run_id).metrics))
        return pd.DataFrame([(p.step, p.value, p.time) for p in points], columns=["step", "value", "time"])


def open_book(store: str | None = None) -> Book:
    """Open a store for reading: a URL or a file; None is SWEEPER_STORE, else sweeper.db in the current directory.

    Raises StoreUnavailable when there is none: reading creates nothing.
    """
    return Book(shared_store(store, read_only=True), store)


def _row(run: Run) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": run.id,
        "name": run.name,
        "kind": run.kind,
        "state": run.state.value,
        "parent_id": run.parent_id,
        "started": run.started,
        "ended": run.ended,
    }
    for prefix, values in (("metrics", run.metrics), ("params", run.params), ("tags", run.tags)):
        row |= {f"{prefix}.{key}": value for key, value in values.items()}
    return row


def _columns(runs: Sequence[Run]) -> list[str]:
    found = dict.fromkeys(key for run in runs for key in _row(run))
    plain = [key for key in found if "." not in key] or ["id", "name", "kind", "state"]
    return [*plain, *sorted((key for key in found if "." in key), key=lambda key: (key.split(".")[0], key))]
