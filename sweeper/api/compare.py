"""``sweeper.compare``: sweeps side by side, as DataFrames."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sweeper.api.result import Result
from sweeper.api.stores import shared_store

if TYPE_CHECKING:
    import pandas as pd

    from sweeper.analysis.compare import Comparison
    from sweeper.analysis.contrast import Row


@dataclass(frozen=True, repr=False)
class SweepComparison:
    """What :func:`sweeper.compare` found. ``metric`` is None where the sweeps have none in common."""

    comparison: Comparison

    @property
    def metric(self) -> str | None:
        return self.comparison.goal.name if self.comparison.goal else None

    @property
    def verdicts(self) -> tuple[str, ...]:
        """Sentences: by how much the best one is better, and whether that is more than noise."""
        return tuple(verdict.text for verdict in self.comparison.verdicts)

    @property
    def notes(self) -> tuple[str, ...]:
        return self.comparison.notes

    def frame(self) -> pd.DataFrame:
        """Return one row per sweep: sweep, id, state, trials, best, seconds of work, cost."""
        import pandas as pd

        rows = []
        for side in self.comparison.sides:
            paid = side.progress if side.progress is not None and len(side.progress.best) else None
            rows.append({
                "sweep": side.label, "id": side.sweep.id, "state": str(side.sweep.state), "trials": len(side.table),
                "best": side.finish.value if side.finish else None,
                "seconds": float(paid.time[-1]) if paid else None, "cost": float(paid.cost[-1]) if paid else None,
            })  # fmt: skip
        return pd.DataFrame(rows)

    def best_so_far(self) -> pd.DataFrame:
        """Return one row per trial that ended: sweep, trials, seconds, cost, best."""
        import pandas as pd

        frames = [
            pd.DataFrame({
                "sweep": side.label, "trials": side.progress.trials.astype(int), "seconds": side.progress.time,
                "cost": side.progress.cost, "best": side.progress.best,
            })
            for side in self.comparison.sides if side.progress is not None
        ]  # fmt: skip
        columns = ["sweep", "trials", "seconds", "cost", "best"]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)

    def differences(self) -> pd.DataFrame:
        """Return the settings and parameters in which the sweeps differ, one column per sweep."""
        return self._rows((*self.comparison.config, *self.comparison.space))

    def params(self) -> pd.DataFrame:
        """Return the best parameters, one column per sweep."""
        return self._rows(self.comparison.best)

    def importance(self) -> pd.DataFrame:
        """Return the share of variance of each parameter, one column per sweep; "?" where it is uncertain."""
        return self._rows(self.comparison.importances)

    def plot(self, path: str | Path) -> Path:
        """Draw the best so far by trials, time and cost into a .png or .svg file and return it."""
        from sweeper.report.comparison import save

        save(self.comparison, Path(path))
        return Path(path)

    def _rows(self, rows: tuple[Row, ...]) -> pd.DataFrame:
        import pandas as pd

        labels = [side.label for side in self.comparison.sides]
        return pd.DataFrame([row.cells for row in rows], index=[row.name for row in rows], columns=labels)

    def __repr__(self) -> str:
        lines = [repr(self.frame()), *self.verdicts, *self.notes]
        return "\n".join(lines)


def compare(*sweeps: str | Result, metric: str | None = None, store: str | None = None) -> SweepComparison:
    """Put 2 to 10 sweeps side by side: names, ids, "last", or results.

    ``metric`` is by default the first goal that most of them have. Raises UsageError for another number of sweeps,
    NotFound for a sweep or metric that is not there.
    """
    from sweeper.analysis.compare import compare as compared

    opened = next((sweep.store for sweep in sweeps if isinstance(sweep, Result)), None)
    if opened is None or store is not None:
        opened = shared_store(store, read_only=True)
    records = [sweep.sweep if isinstance(sweep, Result) else opened.find_sweep(sweep) for sweep in sweeps]
    return SweepComparison(compared(opened, records, metric))
