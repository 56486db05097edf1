"""A sweep as code gets it back: its record, its trials, a DataFrame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sweeper.interfaces import Store
from sweeper.records import BestTrial, ModelVersion, SweepRecord, TrialRecord

if TYPE_CHECKING:
    import pandas as pd

    from sweeper.analysis.choice import Chosen
    from sweeper.api.plots import Plots


@dataclass(frozen=True, repr=False)
class Result:
    """A sweep as it stands in the store.

    ``report`` is the folder of the report, if one was written; ``signal`` the signal that interrupted it, or 0.
    """

    sweep: SweepRecord
    store: Store
    report: Path | None = None
    signal: int = 0

    @property
    def id(self) -> str:
        return self.sweep.id

    @property
    def name(self) -> str:
        return self.sweep.name

    @property
    def state(self) -> str:
        return self.sweep.state.value

    @property
    def best(self) -> BestTrial | None:
        """The best complete trial of a sweep with one goal: ``number``, ``run_id``, ``value``, ``params``."""
        return self.sweep.best

    @property
    def trials(self) -> list[TrialRecord]:
        """All trials in the order of their numbers."""
        return self.store.trials(self.sweep.id)

    def frame(self) -> pd.DataFrame:
        """Return one row per trial: number, state, values, parameters, metrics, times, failure."""
        from sweeper.analysis import table

        return table(self.store, self.sweep).frame()

    def importance(self, metric: str | None = None, *, method: str = "fanova", alone: bool = False) -> pd.DataFrame:
        """Return how much each parameter matters, one row each, the most important first.

        Columns: parameter; ``whole`` (share of variance over the whole range) and ``good`` (for reaching the best
        20 %), each with ``_low``, ``_high`` (90 % interval) and ``_uncertain``; ``partner`` and ``partner_share``;
        ``past`` (mean share in ``sweeps`` earlier sweeps of the same objective) and ``pooled``; ``gain`` with its
        interval and ``gain_at`` (tuning this one alone from the best of the last of them); ``note``. What cannot be
        said is NaN; ``.attrs["sentence"]`` says how it was found out, or why there are no rows. ``metric`` names one
        of several goals; ``alone`` asks no earlier sweeps. Raises NotFound for another metric or method.
        """
        from sweeper.api.importance import importance_frame

        return importance_frame(self.store, self.sweep, metric, method, alone)

    def plot(self, *names: str) -> Plots:
        """Return plots as Matplotlib figures by name; a notebook shows them.

        ``names``: "history", "importance", "pareto" (several goals), "slices", "parallel", "curves", "failures",
        "timeline", or one plot as its file in the report is called, such as "slice_lr"; none: an overview.
        ``.figure`` is the only one, ``.save(folder)`` writes them. Raises NotFound for another name.
        """
        from sweeper.api.plots import plots

        return plots(self.store, self.sweep, names)

    def register(self, name: str, **options: Any) -> ModelVersion:
        """Register the model of the best trial, or of ``trial=NUMBER``, as the next version of ``name``.

        ``options`` as in :func:`sweeper.register`: alias, stage, artifact, path, tags, description.
        """
        from sweeper.api.registry import register

        number = options.pop("trial", None)
        target = self.sweep if number is None else self.store.find_trial(f"{self.id}:{number}")
        return register(target, name, store=self.store, **options)

    def choose(
        self, *, robust: bool = False, prefer: str | None = None, weights: Mapping[str, float] | None = None
    ) -> Chosen | None:
        """Return the trial to take and why: ``trial``, ``reason``, ``among``, ``noise``; None without a complete one.

        ``robust``: the cheapest of those within noise of the best, by ``prefer``: a metric or parameter, else time.
        With several goals the one of the Pareto front nearest to the best of every goal, each counted by ``weights``.
        """
        from sweeper.analysis.choice import choose

        return choose(self.store, self.sweep, robustly=robust, prefer=prefer, weights=weights)

    def __repr__(self) -> str:
        best = f", best {self.best.value:.4g} in trial {self.best.number}" if self.best else ""
        done = sum(self.sweep.counts.values())
        return f"<sweep {self.name} {self.id[-8:]}: {self.state}, {done} trials{best}>"

    def _repr_html_(self) -> str:
        from sweeper.report.card import card

        return card(self.store, self.sweep, self.report)
