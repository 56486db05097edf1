"""What is told of a running sweep: how far it is, how long it still takes, what it will have cost."""

from __future__ import annotations

from collections.abc import Sequence

from sweeper.controller import forecast, savings
from sweeper.controller.budget import Spending
from sweeper.controller.forecast import Estimate, Forecast
from sweeper.controller.judge import Judge
from sweeper.controller.ledger import Ledger
from sweeper.interfaces import Progress

TELL = 10.0  #: seconds between two forecasts that are written to the store


class Outlook:
    """Puts together what the books of a controller say."""

    def __init__(self, name: str, forecast: Forecast, spending: Spending, ledger: Ledger, judge: Judge) -> None:
        self._name, self._forecast, self._spending, self._ledger = name, forecast, spending, ledger
        self._judge = judge
        self._told = 0.0
        self._estimate: Estimate | None = None

    def progress(self, backlog: int, running: Sequence[float], hold: str) -> Progress:
        """Return the sweep at this moment; ``running`` are the ages of running trials in seconds."""
        spending = self._spending
        waiting = None if spending.open is None else spending.open + backlog
        if hold in ("settle", "over"):
            waiting = 0
        affordable = spending.affordable(len(running))
        if affordable is not None:
            waiting = affordable if waiting is None else min(waiting, affordable)
        left = waiting != 0 or running
        self._estimate = self._within_time(self._forecast.estimate(waiting, running)) if left else None
        return Progress(
            name=self._name,
            state="paused" if hold == "pause" else "running",
            total=spending.budget.trials,
            counts=self._ledger.counted(),
            best=self._ledger.best,
            values=self._ledger.best_values,
            seconds=spending.seconds,
            rate=self._forecast.rate,
            eta=self._estimate and self._estimate.seconds,
            late=self._estimate and self._estimate.late,
            note=spending.cost_text(None if waiting is None else waiting + len(running)),
        )

    def tags(self, now: float) -> dict[str, str]:
        """Return what the sweep's run should know of this, when that is due at ``now`` (seconds since the epoch)."""
        if now - self._told < TELL:
            return {}
        tags = {} if self._estimate is None else {forecast.TAG: forecast.written(self._estimate, now)}
        if self._judge.judges:
            tags[savings.TAG] = savings.written(self._judge.savings())
        self._told = now if tags else self._told
        return tags

    def _within_time(self, made: Estimate | None) -> Estimate | None:
        """A sweep is over when its time is."""
        if self._spending.budget.time is None:
            return made
        left = max(self._spending.budget.time - self._spending.seconds, 0.0)
        if made is None:
            return Estimate(left, left)
        return Estimate(min(made.seconds, left), left if made.late is None else min(made.late, left))
