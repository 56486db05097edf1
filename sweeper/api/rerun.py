"""Running trials again: the same parameters, the same seed or new ones, in a small sweep of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sweeper.api.result import Result
from sweeper.api.running import run_sweep
from sweeper.api.stores import writable
from sweeper.errors import UsageError
from sweeper.events import TagsSet
from sweeper.interfaces import Hook, Store
from sweeper.records import SweepRecord, TrialRecord

KIND, OF, OF_SWEEP, DIFFERS = "sweeper.kind", "sweeper.rerun.of", "sweeper.rerun.sweep", "sweeper.rerun.differs"


@dataclass(frozen=True)
class Rerun:
    """What came of running trials again.

    ``result`` is the new sweep. ``of`` has, by number of its trials, the run id that each repeats. ``differences``
    are sentences about code and environment that are others than they were.
    """

    result: Result
    of: tuple[str, ...]
    differences: tuple[str, ...] = ()

    def trials(self, run_id: str) -> list[TrialRecord]:
        """Return the new trials that repeat the trial ``run_id``, in the order of their seeds."""
        return [trial for trial in self.result.trials if self.of[trial.number] == run_id]


def rerun(
    store: Store,
    trials: str | TrialRecord | Sequence[str | TrialRecord],
    repeat: int | None = None,
    *,
    workers: int | None = None,
    hooks: Sequence[Hook] = (),
    function: Callable[..., Any] | None = None,
    data: Mapping[str, Any] | None = None,
    command_line: Sequence[str] = (),
) -> Rerun:
    """Run trials of one sweep again and return how they went.

    Without ``repeat`` each runs once with its own seed; with ``repeat=K`` each runs K times with K new seeds, others
    than any rerun of it had before. The new runs are trials of a new sweep of kind "rerun", so the old sweep, its
    counts and its best stay as they are; the tag ``sweeper.rerun.of`` of each new run names the old one.
    ``function`` and ``data`` as in :func:`sweeper.run_sweep`, where the sweep had them. Where code or environment are
    not what they were, ``hooks`` are told before anything runs, and the tag ``sweeper.rerun.differs`` keeps it.

    Raises UsageError for trials of several sweeps, ObjectiveError when the objective is not found any more.
    """
    if repeat is not None and repeat < 1:
        raise UsageError(f"repeat={repeat}: a trial is repeated once or more")
    store = writable(store)
    chosen = [store.find_trial(each) if isinstance(each, str) else each for each in _listed(trials)]
    sweep = _one_sweep(store, chosen)
    seeded = [(trial, seed) for trial in chosen for seed in _seeds(store, trial, repeat)]
    of = tuple(trial.run_id for trial, _ in seeded)
    config, differences = _config(store, sweep, seeded, workers)
    for hook in hooks:
        for sentence in differences:
            hook.notice(f"This rerun may come out otherwise: {sentence}.")
    result = run_sweep(
        config, store=store, hooks=hooks, function=function, data=data, command_line=command_line, report=False
    )
    for trial in result.trials:
        store.write(TagsSet(trial.run_id, {OF: of[trial.number]}))
    store.flush()
    return Rerun(result, of, tuple(differences))


def _listed(trials: str | TrialRecord | Sequence[str | TrialRecord]) -> list[str | TrialRecord]:
    return [trials] if isinstance(trials, str | TrialRecord) else list(trials)


def _one_sweep(store: Store, trials: Sequence[TrialRecord]) -> SweepRecord:
    owners = list(dict.fromkeys(trial.sweep_id for trial in trials))
    if len(owners) != 1:
        raise UsageError(f"the trials to run again are of {len(owners)} sweeps; give those of one sweep")
    return store.find_sweep(owners[0])


def _seeds(store: Store, trial: TrialRecord, repeat: int | None) -> list[int]:
    from sweeper.controller.plan import trial_seed

    own = trial.seed if trial.seed is not None else 0
    if repeat is None:
        return [own]
    before = len(store.runs(f"tags.`{OF}` = '{trial.run_id}'", kinds=["trial"]))
    return [trial_seed(own, before + number) for number in range(1, repeat + 1)]


def _config(
    store: Store, sweep: SweepRecord, seeded: Sequence[tuple[TrialRecord, int]], workers: int | None
) -> tuple[Any, list[str]]:
    """Return the config of the new sweep, and what differs from how things were."""
    from sweeper.config import Budget, parse_config
    from sweeper.controller.origin import current, differences, recorded
    from sweeper.controller.plan import REPLAY
    from sweeper.controller.session import code_folder

    before = parse_config(sweep.config, name=sweep.name)
    found = differences(recorded(store, sweep), current(before, code_folder(before)))
    numbers = list(dict.fromkeys(trial.number for trial, _ in seeded))
    runs = list(dict.fromkeys(trial.run_id for trial, _ in seeded))
    tags = {KIND: "rerun", OF_SWEEP: sweep.id, OF: ",".join(runs)} | ({DIFFERS: "; ".join(found)} if found else {})
    config = replace(
        before,
        name=f"{sweep.name}-rerun-{numbers[0]}" if len(numbers) == 1 else f"{sweep.name}-rerun",
        method=REPLAY,
        options={"points": [dict(trial.params) for trial, _ in seeded], "seeds": [seed for _, seed in seeded]},
        goals=tuple(replace(goal, target=None) for goal in before.goals),
        budget=Budget(trials=len(seeded), failures=len(seeded) + 1),
        early_terminate=None,
        warm_start=None,
        executor=replace(before.executor, workers=workers) if workers is not None else before.executor,
        seed=sweep.seed,
        tags={**before.tags, **tags},
        description=f"trial {', '.join(map(str, numbers))} of {sweep.name} {sweep.id} again",
        notices=(),
        source="",
        file="",
    )
    return config, found
