"""``sweeper ls`` and ``show``: what there is, and one sweep or one trial in full."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from sweeper.analysis.identity import REUSED
from sweeper.cli.session import Session, Whole, command
from sweeper.cli.tables import Column, draw, facts, fit
from sweeper.cli.text import (
    ago,
    block,
    duration,
    forecast_text,
    number,
    params_text,
    plural,
    tail,
    value_text,
    values_text,
)
from sweeper.cli.trials import pareto
from sweeper.controller.choices import method_text, warm_facts
from sweeper.controller.forecast import TAG as FORECAST
from sweeper.controller.forecast import read as read_forecast
from sweeper.controller.savings import savings_text
from sweeper.controller.standing import standing
from sweeper.errors import NotFound
from sweeper.records import RunState, SweepRecord, SweepState, TrialRecord
from sweeper.store.pages import trial_pages
from sweeper.web.returns import last_returns
from sweeper.web.shapes import sweep_shape, trial_shape

if TYPE_CHECKING:
    from sweeper.interfaces import Store

OURS = ("mlflow.", "sweeper.")  #: tags that are told in other words, or not at all
FEW = 20  #: sweeps on a screen unless more are asked for


@command("ls")
@click.option("--name", metavar="NAME", help="Only sweeps of this name.")
@click.option("--limit", metavar="N", type=Whole(min=0), help=f"So many. Default: {FEW}; 0 lists all.")
def ls(session: Session, name: str | None, limit: int | None) -> None:
    """List the sweeps of the store, the latest first.

    \b
    Example:
      sweeper ls
      sweeper ls --name digits --limit 5
    """
    asked = limit if limit is not None else 0 if session.as_json else FEW
    with session.store() as store:
        sweeps = store.sweeps(name=name, limit=asked + 1 if asked else None)
        shown = [standing(store, sweep) for sweep in (sweeps[:asked] if asked else sweeps)]
        if session.as_json:
            for sweep in shown:
                session.emit(sweep_shape(sweep, pareto(store, sweep)))
            return
        url = store.url
    if not shown:
        session.say(f"no sweeps{f' named {name!r}' if name else ''} in {url}")
        session.next("sweeper run quickstart")
        return
    width = session.console.width
    session.show(draw(fit(_columns(shown), width)[0], width))
    if len(shown) < len(sweeps):
        session.hint(f"the latest {len(shown)}; all of them: --limit 0")
    session.next(f"sweeper show {tail(shown[0].id)}")


@command("show")
@click.argument("what", metavar="SWEEP|TRIAL")
def show(session: Session, what: str) -> None:
    """Show one sweep, or one trial: SWEEP:NUMBER, or the id of its run.

    \b
    Example:
      sweeper show last
      sweeper show last:17
    """
    with session.store() as store:
        found = find(store, what)
        if isinstance(found, TrialRecord):
            _show_trial(session, store, found)
        elif session.as_json:
            session.emit(sweep_shape(found, pareto(store, found)))
        else:
            _show_sweep(session, store, found)


def find(store: Store, ref: str) -> SweepRecord | TrialRecord:
    """Return the sweep or the trial that ``ref`` names; a sweep is looked for first."""
    try:
        return standing(store, store.find_sweep(ref))
    except NotFound as no_sweep:
        try:
            return store.find_trial(ref)
        except NotFound as no_trial:
            raise (no_trial if ":" in ref else no_sweep) from None


def done_text(sweep: SweepRecord) -> str:
    """``34/60``: trials that ended in any way, of the budget."""
    done = sum(count for state, count in sweep.counts.items() if RunState(state).ended)
    return f"{done}/{sweep.trials}" if sweep.trials is not None else str(done)


def best_text(sweep: SweepRecord) -> str:
    if len(sweep.goals) > 1:
        return ", ".join(goal.name for goal in sweep.goals)
    return f"{sweep.goals[0].name} {number(sweep.best.value)}" if sweep.best else "-"


def left_text(sweep: SweepRecord, now: float) -> str:
    """How long a running sweep still takes, as its controller last said; "" for any other."""
    left = read_forecast(sweep.tags.get(FORECAST), now) if sweep.state is SweepState.RUNNING else None
    return forecast_text(left.seconds, left.late) if left else ""


def _columns(sweeps: Sequence[SweepRecord]) -> list[Column]:
    now = time.time()
    left = [left_text(sweep, now).partition(" left")[0] for sweep in sweeps]
    failed = [sweep.counts.get(RunState.FAILED, 0) for sweep in sweeps]
    return [
        Column("ID", [tail(sweep.id) for sweep in sweeps], keep=True),
        Column("NAME", [sweep.name for sweep in sweeps], keep=True, flexible=True, least=10),
        Column("STATE", [str(sweep.state) for sweep in sweeps], keep=True, states=True),
        Column("TRIALS", [done_text(sweep) for sweep in sweeps], right=True, keep=True),
        Column("BEST", [best_text(sweep) for sweep in sweeps]),
        Column("FAILED", [str(count or "") for count in failed], right=True),
        *([Column("LEFT", left, right=True)] if any(left) else []),
        Column("STARTED", [ago(sweep.started or sweep.created, now) for sweep in sweeps], right=True),
        Column("METHOD", [sweep.method for sweep in sweeps]),
        Column("EXPERIMENT", [sweep.experiment for sweep in sweeps]),
    ]


def _show_sweep(session: Session, store: Store, sweep: SweepRecord) -> None:
    now = time.time()
    counts = [f"{sweep.counts[state]} {state}" for state in RunState if sweep.counts.get(state)]
    took = duration((sweep.ended or now) - sweep.started) if sweep.started else ""
    rows = [
        ("sweep", sweep.name),
        ("id", sweep.id),
        ("state", str(sweep.state)),
        ("reason", sweep.reason),
        ("method", method_text(sweep.method, sweep.tags)),
        *warm_facts(sweep.tags),
        ("goal", ", ".join(f"{goal.direction} {goal.name}" for goal in sweep.goals)),
        ("trials", f"{done_text(sweep)}: {', '.join(counts)}" if counts else done_text(sweep)),
        ("early stop", savings_text(sweep.counts, sweep.tags)),
        ("reused", reused_text(store, sweep)),
        ("started", f"{ago(sweep.started, now)}, {'took' if sweep.ended else 'running for'} {took}" if took else ""),
        ("forecast", left_text(sweep, now)),
        *_returns(store, sweep),
        ("seed", str(sweep.seed)),
        ("experiment", sweep.experiment),
        ("tags", ", ".join(f"{key}={value}" for key, value in sweep.tags.items() if not key.startswith(OURS))),
        ("command", sweep.tags.get("sweeper.command", "")),
        ("code", sweep.tags.get("mlflow.source.git.commit", "")),
        ("artifacts", sweep.artifact_uri),
        ("store", store.url),
    ]
    session.show(facts([(name, value) for name, value in rows if value]))
    front = pareto(store, sweep)
    if sweep.best:
        session.show("", f"best {sweep.goals[0].name} {number(sweep.best.value)} in trial {sweep.best.number}")
        session.show(facts([(f"  {name}", value_text(value)) for name, value in sweep.best.params.items()]))
    elif front:
        session.show("", f"{plural(len(front), 'trial')} on the Pareto front: sweeper best {tail(sweep.id)}")
    session.next(*next_commands(sweep))


def reused_text(store: Store, sweep: SweepRecord) -> str:
    """``96 of 100 trials``: results that were taken from earlier sweeps; "" for a sweep that does not ask for that."""
    if not sweep.config.get("reuse"):
        return ""
    taken = sum(trial.worker == REUSED for page in trial_pages(store, sweep.id) for trial in page)
    return f"{taken} of {plural(sum(sweep.counts.values()), 'trial')}, from earlier sweeps"


def _returns(store: Store, sweep: SweepRecord) -> list[tuple[str, str]]:
    """What the last quarter of the trials cost and brought, and when the next improvement may come."""
    found = last_returns(store, sweep)
    return [] if found is None else [(f"last {found.trials}", found.text), ("next best", found.outlook)]


def next_commands(sweep: SweepRecord, *, reported: bool = False) -> list[str]:
    """What one may want to type after looking at a sweep. ``reported``: its report is written already."""
    ref = tail(sweep.id)
    commands = []
    if sweep.state is SweepState.INTERRUPTED:
        commands.append(f"sweeper resume {ref}")
    if sweep.counts.get(RunState.FAILED):
        commands.append(f"sweeper failures {ref}")
    if sweep.counts.get(RunState.COMPLETE):
        commands += [f"sweeper trials {ref} --sort value"] + ([] if reported else [f"sweeper report {ref}"])
    return commands or [f"sweeper trials {ref}"]


def _show_trial(session: Session, store: Store, trial: TrialRecord) -> None:
    sweep = store.find_sweep(trial.sweep_id)
    children = store.children(trial.run_id)
    if session.as_json:
        nested = [{"run_id": run.id, "name": run.name, "state": str(run.state)} for run in children]
        extra = {"sweep": sweep.id, "worker": trial.worker, "output": trial.output, "children": nested}
        session.emit(trial_shape(trial, sweep.goals) | extra)
        return
    now = time.time()
    took = duration((trial.ended or now) - trial.started) if trial.started else ""
    values = [f"{goal.name} {values_text(value)}" for goal, value in zip(sweep.goals, trial.values or (), strict=False)]
    goals = {goal.name for goal in sweep.goals}
    others = [f"{name} {number(value)}" for name, value in trial.metrics.items() if name not in goals]
    rows = [
        ("trial", f"{trial.number} of {sweep.name} ({tail(sweep.id)})"),
        ("id", trial.run_id),
        ("state", str(trial.state)),
        ("value", ", ".join(values)),
        ("metrics", ", ".join(others)),
        ("started", f"{ago(trial.started, now)}, {'took' if trial.ended else 'running for'} {took}" if took else ""),
        ("attempts", str(trial.attempts) if trial.attempts > 1 else ""),
        ("worker", trial.worker),
        ("artifacts", store.artifacts_of(trial.run_id)),
    ]
    session.show(facts([(name, value) for name, value in rows if value]))
    session.show("", facts([(f"  {name}", value_text(value)) for name, value in trial.params.items()]))
    if children:
        nested_rows = [(f"  {run.name}", f"{run.state}  {params_text(dict(run.metrics))}") for run in children]
        session.show("", "nested runs", facts(nested_rows))
    if trial.failure:
        session.show("", f"failed: {trial.failure.kind}: {block(trial.failure.message)}")
        session.show(block(trial.failure.traceback) if trial.failure.traceback else "")
    if trial.output:
        session.show("", "output, its end", block(trial.output))
