"""``sweeper rerun``: a trial once more, with its own seed or with new ones."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from sweeper.cli.launch import NO_TRIAL, SIGNALLED
from sweeper.cli.progress import View, choose
from sweeper.cli.rows import seconds_of
from sweeper.cli.session import Session, Whole, command
from sweeper.cli.tables import Column, draw, fit
from sweeper.cli.text import duration, inert, number, plural, tail
from sweeper.records import RunState, SweepRecord, TrialRecord
from sweeper.web.shapes import trial_shape

if TYPE_CHECKING:
    from sweeper.api.rerun import Rerun

Positive = Whole(min=1)


@command("rerun")
@click.argument("trial")
@click.option("--repeat", metavar="K", type=Positive, help="So many times, each with a new seed. Default: once.")
@click.option("--workers", metavar="N", type=Positive, help="So many at once. Default: as in its sweep.")
def rerun(session: Session, trial: str, repeat: int | None, workers: int | None) -> int:
    """Run TRIAL (SWEEP:NUMBER, or the end of its run id) again with the same parameters, as a new small sweep.

    The old sweep, its counts and its best stay as they are. What differs from then in code or environment is said
    first. Exit code 1 when no run completed.

    \b
    Example:
      sweeper rerun last:12
      sweeper rerun digits:12 --repeat 5
    """
    from sweeper.api.rerun import rerun as run_again

    session = replace(session, unheard=True)
    with session.store(read_only=False) as store:
        old = store.find_trial(trial)
        sweep = store.find_sweep(old.sweep_id)
        times = "once, with its seed" if repeat is None else f"{plural(repeat, 'time')}, with new seeds"
        session.say(f"trial {old.number} of {inert(sweep.name)} {tail(sweep.id)} again: {times}")
        view = View() if session.quiet else choose("auto", session.stream)
        try:
            typed = ["sweeper", *sys.argv[1:]]
            found = run_again(store, old, repeat, workers=workers, hooks=[view], command_line=typed)
        finally:
            view.close()
        trials = found.result.trials
        if session.as_json:
            session.emit(_shape(found, sweep, old, trials))
        else:
            _show(session, found, sweep, old, trials)
        if found.result.signal:
            again = session.complete(f"sweeper resume {tail(found.result.id)}")
            print(f"interrupted; to go on: {again}", file=sys.stderr)
            return SIGNALLED + found.result.signal
        return 0 if any(each.state is RunState.COMPLETE for each in trials) else NO_TRIAL


def _shape(found: Rerun, sweep: SweepRecord, old: TrialRecord, trials: Sequence[TrialRecord]) -> dict[str, Any]:
    return {
        "sweep": found.result.id,
        "of": {"sweep": sweep.id, **trial_shape(old, sweep.goals)},
        "differences": list(found.differences),
        "trials": [{**trial_shape(each, sweep.goals), "seed": each.seed} for each in trials],
    }


def _show(session: Session, found: Rerun, sweep: SweepRecord, old: TrialRecord, trials: Sequence[TrialRecord]) -> None:
    rows = [old, *trials]
    columns = [
        Column("RUN", ["before", *(f"again {each.number}" for each in trials)], keep=True),
        Column("STATE", [str(each.state) for each in rows], keep=True, states=True),
    ]
    for i, goal in enumerate(sweep.goals):
        columns.append(Column(goal.name, [_value(each, i) for each in rows], right=True, keep=True))
    columns += [
        Column("TIME", [duration(seconds_of(each)) for each in rows], right=True),
        Column("SEED", [str(each.seed) for each in rows], right=True),
        Column("RUN ID", [tail(each.run_id) for each in rows]),
    ]
    session.show("", draw(fit(columns, session.console.width)[0], session.console.width))
    for i, goal in enumerate(sweep.goals):
        values = [each.values[i] for each in trials if each.values and each.state is RunState.COMPLETE]
        if len(values) > 1:
            mean = sum(values) / len(values)
            spread = (sum((value - mean) ** 2 for value in values) / (len(values) - 1)) ** 0.5
            session.show(f"{inert(goal.name)}: {number(mean)} ± {number(spread)} (mean and standard deviation)")
        elif values and old.values and not found.differences and old.seed == trials[0].seed:
            same = values[0] == old.values[i]
            session.show(f"{inert(goal.name)}: {'the same as before' if same else 'not the same, with the same seed'}")
    session.next(f"sweeper show {tail(found.result.id)}")


def _value(trial: TrialRecord, goal: int) -> str:
    return number(trial.values[goal]) if trial.values else "-"
