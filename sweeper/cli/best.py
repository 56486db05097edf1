"""``sweeper best``: which trial to take."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from sweeper.cli.launch import SIGNALLED
from sweeper.cli.rows import rows_of
from sweeper.cli.session import Session, Whole, command
from sweeper.cli.tables import Column, draw, facts, fit
from sweeper.cli.text import duration, inert, number, params_text, plural, tail, value_text
from sweeper.cli.trials import pareto, show_trials
from sweeper.errors import UsageError
from sweeper.interfaces import Store
from sweeper.records import BestTrial, SweepRecord, TrialRecord
from sweeper.web.shapes import best_shape, front_shape

if TYPE_CHECKING:
    from sweeper.analysis.choice import Chosen
    from sweeper.api.repeat import Candidate, Repeated

TOP = 3
Positive = Whole(min=1)


class Weights(click.ParamType):  # type: ignore[type-arg]  # generic only in newer versions of click
    """``a=2,b=1``."""

    name = "weights"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, float]:
        if isinstance(value, dict):
            return value
        try:
            pairs = [part.rpartition("=") for part in str(value).split(",")]
            return {name.strip(): float(weight) for name, _, weight in pairs if name.strip()}
        except ValueError:
            self.fail(f"{value!r} is not of the form accuracy=2,latency=1", param, ctx)


@command("best")
@click.argument("sweep")
@click.option("--robust", is_flag=True, help="Within noise of the best, the cheapest.")
@click.option("--prefer", metavar="M", help="With --robust: the smallest of this metric or parameter. Default: time.")
@click.option("--weights", metavar="A=2,B=1", type=Weights(), help="Of several goals: how much each counts.")
@click.option("--repeat", metavar="K", type=Positive, help="Run the top trials K times again with new seeds first.")
@click.option("--top", metavar="N", type=Positive, help=f"With --repeat: so many trials. Default: {TOP}.")
def best(
    session: Session,
    sweep: str,
    robust: bool,
    prefer: str | None,
    weights: dict[str, float] | None,
    repeat: int | None,
    top: int | None,
) -> int | None:
    """Show the best trial of SWEEP with its parameters; for several goals the Pareto front and its knee.

    Exit code 1 when no trial is complete yet.

    \b
    Example:
      sweeper best last
      sweeper best last --robust --prefer n_estimators
      sweeper best last --repeat 5
      sweeper best last --weights accuracy=2,latency=1
    """
    if repeat is not None and (robust or prefer or weights):
        raise UsageError("--repeat chooses by the mean of new runs; give it without --robust, --prefer and --weights")
    if top is not None and repeat is None:
        raise UsageError("--top goes with --repeat")
    session = replace(session, unheard=repeat is not None)
    with session.store(read_only=repeat is None) as store:
        record = store.find_sweep(sweep)
        if repeat is not None:
            return _repeated(session, store, record, repeat, top or TOP)
        if robust or prefer:
            return _robust(session, store, record, prefer)
        if len(record.goals) > 1:
            return _front(session, store, record, weights)
    if weights:
        raise UsageError(f"--weights is for several goals; {record.name} has one, {record.goals[0].name}")
    if record.best is None:
        return _none(session, record)
    if session.as_json:
        session.emit(best_shape(record.best))
        return None
    _show_best(session, record, record.best)
    session.next(f"sweeper show {tail(record.best.run_id)}", f"sweeper report {tail(record.id)}")
    return None


def _none(session: Session, sweep: SweepRecord) -> int:
    if session.as_json and len(sweep.goals) == 1:
        session.emit(None)
    session.say(f"no trial of {inert(sweep.name)} is complete yet")
    session.next(f"sweeper show {tail(sweep.id)}")
    return 1


def _show_best(session: Session, sweep: SweepRecord, best: BestTrial) -> None:
    session.show(f"{inert(sweep.goals[0].name)} {number(best.value)} in trial {best.number}")
    session.show(facts([(f"  {name}", value_text(value)) for name, value in best.params.items()]))


def _robust(session: Session, store: Store, sweep: SweepRecord, prefer: str | None) -> int | None:
    from sweeper.analysis.choice import robust

    chosen = robust(store, sweep, prefer)
    if chosen is None:
        return _none(session, sweep)
    found = _best_of(chosen.trial)
    if session.as_json:
        why: dict[str, Any] = {"reason": chosen.reason, "noise": chosen.noise, "source": chosen.source}
        session.emit({**(best_shape(found) or {}), **why, "among": list(chosen.among)})
        return None
    _show_best(session, sweep, found)
    session.show(f"It is {inert(chosen.reason)}.")
    session.next(f"sweeper show {tail(found.run_id)}", f"sweeper best {tail(sweep.id)} --repeat 3")
    return None


def _front(session: Session, store: Store, sweep: SweepRecord, weights: dict[str, float] | None) -> int | None:
    from sweeper.analysis.choice import compromise

    front = pareto(store, sweep)
    chosen = compromise(sweep.goals, front, weights)
    if chosen is None:
        return _none(session, sweep)
    if session.as_json:
        for trial in front:
            session.emit(front_shape(trial) | {"chosen": trial.number == chosen.trial.number})
        return None
    session.show(f"{plural(len(front), 'trial')} that no other beats in every goal:")
    show_trials(session, sweep, rows_of(front, sweep.goals), len(front))
    _show_chosen(session, sweep, chosen)
    return None


def _show_chosen(session: Session, sweep: SweepRecord, chosen: Chosen) -> None:
    values = ", ".join(
        f"{inert(goal.name)} {number(value)}"
        for goal, value in zip(sweep.goals, chosen.trial.values or (), strict=True)
    )
    session.show("", f"trial {chosen.trial.number}, {inert(chosen.reason)}: {values}")
    session.show(facts([(f"  {name}", value_text(value)) for name, value in chosen.trial.params.items()]))


def _repeated(session: Session, store: Store, sweep: SweepRecord, repeat: int, top: int) -> int | None:
    from sweeper.api.repeat import repeat_best
    from sweeper.cli.progress import View, choose

    if len(sweep.goals) > 1:
        raise UsageError("--repeat orders trials by the mean of one goal; this sweep has several")
    session.say(
        f"the best {top} of {inert(sweep.name)} {tail(sweep.id)} again, {plural(repeat, 'time')} each, new seeds"
    )
    view = View() if session.quiet else choose("auto", session.stream)
    try:
        found = repeat_best(store, sweep, repeat, top=top, hooks=[view], command_line=["sweeper", *sys.argv[1:]])
    finally:
        view.close()
    if found is None:
        return _none(session, sweep)
    if session.as_json:
        session.emit(_repeated_shape(found))
    else:
        _show_repeated(session, sweep, found)
    if found.rerun.result.signal:
        return SIGNALLED + found.rerun.result.signal
    return None if found.chosen else 1


def _show_repeated(session: Session, sweep: SweepRecord, found: Repeated) -> None:
    trials = [one.trial for one in found.candidates]
    took = [duration(t.ended - t.started) if t.ended and t.started else "-" for t in trials]
    columns = [
        Column("TRIAL", [str(trial.number) for trial in trials], right=True, keep=True),
        Column("MEAN", [_text(one, one.mean) for one in found.candidates], right=True, keep=True),
        Column(
            "SD", [number(one.sd) if len(one.values) > 1 else "-" for one in found.candidates], right=True, keep=True
        ),
        Column("RUNS", [str(len(one.values)) for one in found.candidates], right=True, keep=True),
        Column("FIRST", [number(trial.values[0]) if trial.values else "-" for trial in trials], right=True, keep=True),
        Column("TIME", took, right=True),
        Column("PARAMETERS", [params_text(trial.params) for trial in trials], flexible=True, least=20),
    ]
    session.show(draw(fit(columns, session.console.width)[0], session.console.width))
    if found.chosen is None:
        session.show("no rerun completed: why, tells sweeper failures " + tail(found.rerun.result.id))
        return
    name = inert(sweep.goals[0].name)
    chosen, runs = found.chosen, plural(len(found.chosen.values), "new run")
    spread = f" +- {number(chosen.sd)}" if len(chosen.values) > 1 else ""
    session.show("", f"trial {chosen.trial.number}: {name} {number(chosen.mean)}{spread} over {runs}")
    session.show(facts([(f"  {key}", value_text(value)) for key, value in chosen.trial.params.items()]))
    if found.text:
        session.show(inert(found.text))
    session.next(f"sweeper register {tail(sweep.id)}:{chosen.trial.number} --model NAME")


def _text(candidate: Candidate, value: float) -> str:
    return number(value) if candidate.values else "-"


def _repeated_shape(found: Repeated) -> dict[str, Any]:
    best = found.chosen
    chosen = None if best is None else best_shape(_best_of(best.trial))
    candidates = [
        {"number": one.trial.number, "run_id": one.trial.run_id, "mean": one.mean if one.values else None,
         "sd": one.sd if len(one.values) > 1 else None, "values": list(one.values)}
        for one in found.candidates
    ]  # fmt: skip
    return {"best": chosen, "candidates": candidates, "rerun": found.rerun.result.id, "text": found.text}


def _best_of(trial: TrialRecord) -> BestTrial:
    value = trial.values[0] if trial.values else float("nan")
    return BestTrial(trial.number, trial.run_id, value, trial.params)
