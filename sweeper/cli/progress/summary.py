"""The words of a progress view, computed once for every kind of view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sweeper.cli.text import clock, forecast_text, inert, number, params_text, plural, values_text
from sweeper.interfaces import Progress
from sweeper.records import Goal, RunState

SHOWN = (RunState.RUNNING, RunState.FAILED, RunState.PRUNED, RunState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Summary:
    """A sweep at one moment in words. ``share`` is done / total, or None without a total."""

    done: int
    total: int | None
    share: float | None
    count: str  #: "34/60"
    best: str  #: "best accuracy 0.9766 (trial 17)", or that there is none yet
    params: str  #: the best trial's parameters on one line
    states: str  #: "4 running · 1 failed"
    pace: str  #: "3.1 trials/s · 0:12 · about 9 s left"
    note: str

    def line(self) -> str:
        """Everything on one line, without parameters."""
        return " · ".join(part for part in (self.count, self.best, self.states, self.pace, self.note) if part)


def summarise(progress: Progress, goals: Sequence[Goal]) -> Summary:
    """Put a moment of a sweep into words. Trials that ended in any way count as done."""
    counts = progress.counts
    done = sum(counts.get(state, 0) for state in RunState if state.ended)
    total = progress.total
    return Summary(
        done=done,
        total=total,
        share=min(1.0, done / total) if total else None,
        count=f"{done}/{total}" if total is not None else plural(done, "trial"),
        best=_best(progress, goals),
        params=params_text(progress.best.params) if progress.best else "",
        states=" · ".join(f"{counts[state]} {state}" for state in SHOWN if counts.get(state)),
        pace=" · ".join(_pace(progress)),
        note=inert(progress.note),
    )


def rate_text(rate: float) -> str:
    """Trials per second, minute or hour: whichever reads best."""
    for unit, factor in (("s", 1), ("min", 60), ("h", 3600)):
        if rate * factor >= 1 or unit == "h":
            return f"{number(round(rate * factor, 1))} trials/{unit}"
    raise AssertionError


def _best(progress: Progress, goals: Sequence[Goal]) -> str:
    if len(goals) > 1:
        names = ", ".join(inert(goal.name) for goal in goals)
        return f"best {names}: {values_text(progress.values)}" if progress.values else f"no {names} yet"
    name = inert(goals[0].name) if goals else "value"
    if progress.best is None:
        return f"no {name} yet"
    return f"best {name} {number(progress.best.value)} (trial {progress.best.number})"


def _pace(progress: Progress) -> list[str]:
    parts = [rate_text(progress.rate)] if progress.rate > 0 else []
    parts.append(clock(progress.seconds))
    if progress.eta is not None and (left := forecast_text(progress.eta, progress.late)):
        parts.append(left)
    return parts
