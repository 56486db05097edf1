"""What the last trials of a sweep cost and brought, from what its controller noted: no trial but those is read."""

from __future__ import annotations

from sweeper.analysis.gain import Returns, Step, cost_metric_of, returns, spent, window
from sweeper.interfaces import Store
from sweeper.records import RunState, SweepRecord


def last_returns(store: Store, sweep: SweepRecord) -> Returns | None:
    """Return what the last quarter of the trials brought; None for several goals and for a few trials."""
    ended = sum(count for state, count in sweep.counts.items() if RunState(state).ended)
    goal, name = sweep.goals[0], f"best_{sweep.goals[0].name}"
    if len(sweep.goals) > 1 or not ended:
        return None
    steps = [Step(point.step, point.value) for point in store.points([sweep.id], [name])[sweep.id]]
    total = sum(sweep.counts.values())
    metric = cost_metric_of(sweep.config)
    last = spent(store.trials(sweep.id, numbers=range(max(0, total - window(ended)), total)), metric)
    return returns(goal, steps, last, ended, metric)
