"""``reuse: true``: a point that an earlier sweep has evaluated is taken from there instead of being run again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from sweeper.analysis.identity import REUSED, key_of, objective_of
from sweeper.controller.intake import Active
from sweeper.controller.origin import Origin, current, recorded
from sweeper.controller.plan import Plan
from sweeper.events import AttemptEnded, AttemptStarted, Event, PointsLogged, TagsSet, TrialCreated
from sweeper.interfaces import Store
from sweeper.records import Params, Point, RunState, SweepRecord, TrialRecord, new_id

TAG = "sweeper.reused"  #: tag of a trial: where its result is from, as SWEEP:NUMBER
LOOKED_AT = 200  #: latest sweeps that are considered


class Known:
    """Results of earlier sweeps by parameters; ``again`` makes trials of ``plan`` out of them."""

    def __init__(self, plan: Plan, trials: Mapping[str, TrialRecord]) -> None:
        self._plan, self._trials = plan, trials

    def __len__(self) -> int:
        return len(self._trials)

    def again(self, number: int, params: Params) -> tuple[Active, list[Event], AttemptEnded] | None:
        """Return the trial ``number`` as one that ends at once with the known result; None when there is none."""
        known = self._trials.get(key_of(params))
        if known is None:
            return None
        sweep_id, now, run_id = self._plan.sweep.id, time.time(), new_id()
        points = tuple(Point(name, value, 0, now) for name, value in known.metrics.items())
        begun: list[Event] = [
            TrialCreated(sweep_id, run_id, number, params, self._plan.seed(number), now),
            TagsSet(run_id, {TAG: f"{known.sweep_id}:{known.number}"}),
            AttemptStarted(sweep_id, run_id, 1, REUSED, now),
            PointsLogged(run_id, points, 1),
        ]
        ended = AttemptEnded(
            sweep_id, run_id, 1, now, RunState.COMPLETE, now, known.values, known.metrics,
            output=f"Not run: taken from trial {known.number} of sweep {known.sweep_id}.\n",
        )  # fmt: skip
        return Active(number, run_id, params, 1), begun, ended


def known_results(
    store: Store, plan: Plan, folder: Path | None, notice: Callable[[str], None], *, given: bool = False
) -> Known:
    """Read what earlier sweeps with the same objective, goals, code, tags and seed have evaluated.

    ``folder`` is where the code lies. ``given``: constants were handed over from code, which cannot be compared, so
    nothing is reused. A person is told what is reused, or why nothing is.
    """
    config, sweep = plan.config, plan.sweep
    here = _code(current(config, folder))
    reason = ""
    if given:
        reason = "data handed over from code cannot be compared with that of earlier sweeps"
    elif config.objective is None:
        reason = "the objective has no place by which earlier sweeps name it, such as train.py:train"
    elif not any(here[:2]):
        reason = "the version of the code is not known: there is no file and no git commit"
    if reason:
        notice(f"reuse: nothing is reused, as {reason}.")
        return Known(plan, {})
    found: dict[str, TrialRecord] = {}
    sources = 0
    for other in store.sweeps(limit=LOOKED_AT):
        if other.id != sweep.id and _alike(other, sweep) and _code(recorded(store, other)) == here:
            complete = [trial for trial in store.trials(other.id) if _usable(trial)]
            sources += bool(complete)
            for trial in complete:
                found.setdefault(key_of(trial.params), trial)
    if found:
        notice(f"reuse: {len(found)} results of {sources} earlier sweep{'' if sources == 1 else 's'} are at hand.")
    else:
        notice("reuse: no earlier sweep has the same objective, metrics, code, tags and seed.")
    return Known(plan, found)


def _usable(trial: TrialRecord) -> bool:
    return trial.state is RunState.COMPLETE and trial.values is not None and trial.worker != REUSED


def _alike(other: SweepRecord, sweep: SweepRecord) -> bool:
    """Whether the sweeps asked the same question: what runs, which goals, on which tags, seeded how."""
    return (
        other.tags.get("sweeper.kind") is None
        and _goals(other) == _goals(sweep)
        and objective_of(other.config) == objective_of(sweep.config)
        and (other.config.get("tags") or {}) == (sweep.config.get("tags") or {})
        and other.config.get("seed") == sweep.config.get("seed")
    )


def _goals(sweep: SweepRecord) -> list[tuple[str, str]]:
    return [(goal.name, goal.direction) for goal in sweep.goals]


def _code(origin: Origin) -> tuple[str, str, str]:
    return origin.file, origin.commit, origin.changes
