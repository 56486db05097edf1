"""``sweeper trials`` and ``export``: the trials of one sweep."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import click

from sweeper.cli.rows import Row, ordered, rows_of, seconds_of, select
from sweeper.cli.save import save
from sweeper.cli.session import Session, Whole, command
from sweeper.cli.tables import Column, draw, fit
from sweeper.cli.text import duration, plural, tail, value_text, values_text
from sweeper.interfaces import Store
from sweeper.records import RunState, SweepRecord, TrialRecord
from sweeper.web.shapes import trial_shape

FEW = 50  #: rows on a screen unless more are asked for
File = click.Path(dir_okay=False, path_type=Path)


@command("trials")
@click.argument("sweep")
@click.option("--where", metavar="EXPR", help="Only those for which it holds: \"accuracy > 0.9 and kernel == 'rbf'\".")
@click.option("--sort", metavar="M", help="By a metric or a parameter, goals the best first; -M the other way round.")
@click.option("--limit", metavar="N", type=Whole(min=0), help=f"So many rows. Default: {FEW}; 0 shows all.")
@click.option("--csv", "csv_file", metavar="FILE", type=File, help="Save them as CSV.")
@click.option("--parquet", "parquet_file", metavar="FILE", type=File, help="Save them as Parquet.")
def trials(
    session: Session,
    sweep: str,
    where: str | None,
    sort: str | None,
    limit: int | None,
    csv_file: Path | None,
    parquet_file: Path | None,
) -> None:
    """List the trials of SWEEP: number, state, value, time, parameters.

    EXPR may name parameters, metrics, number, state, value, seconds, attempts and failure.

    \b
    Example:
      sweeper trials last --where "accuracy > 0.9" --sort seconds
      sweeper trials last --sort value --limit 10
      sweeper trials last --csv trials.csv
    """
    with session.store() as store:
        record = store.find_sweep(sweep)
        everything = rows_of(store.trials(record.id), record.goals)
    rows = ordered(select(everything, where), sort, record.goals)
    chosen = rows[:limit] if limit else rows
    files = [(path, kind) for path, kind in ((csv_file, "csv"), (parquet_file, "parquet")) if path]
    for path, kind in files:
        save(record, chosen, path, kind)
        session.say(f"wrote {path}: {plural(len(chosen), 'trial')}")
    if session.as_json:
        for row in chosen:
            session.emit(trial_shape(row.trial, record.goals))
    elif not files:
        show_trials(session, record, rows, FEW if limit is None else limit or len(rows))


@command("export")
@click.argument("sweep")
@click.argument("file", type=File)
def export(session: Session, sweep: str, file: Path) -> None:
    """Save all trials of SWEEP into FILE; its suffix says how: .csv, .json, .jsonl or .parquet.

    \b
    Example:
      sweeper export last trials.parquet
    """
    with session.store() as store:
        record = store.find_sweep(sweep)
        rows = rows_of(store.trials(record.id), record.goals)
    save(record, rows, file)
    if session.as_json:
        session.emit({"file": str(file), "trials": len(rows)})
    else:
        session.say(f"wrote {file}: {plural(len(rows), 'trial')}")


def pareto(store: Store, sweep: SweepRecord) -> list[TrialRecord]:
    """The complete trials that no other one beats in every goal, in the order of the first goal.

    Empty for a sweep with one goal.
    """
    if len(sweep.goals) == 1:
        return []
    from sweeper.analysis.dominance import front_of

    return front_of(sweep.goals, store.trials(sweep.id, states=[RunState.COMPLETE]))


def show_trials(session: Session, sweep: SweepRecord, rows: Sequence[Row], limit: int) -> None:
    """Print the first ``limit`` trials as a table."""
    shown = rows[:limit]
    if not shown:
        session.show("no trials" if not sweep.counts or not sum(sweep.counts.values()) else "no trial like that")
        return
    now = time.time()
    trials = [row.trial for row in shown]
    goal_names = [goal.name for goal in sweep.goals]
    columns = [
        Column("TRIAL", [str(trial.number) for trial in trials], right=True, keep=True),
        Column("STATE", [str(trial.state) for trial in trials], keep=True, states=True),
    ]
    for i, name in enumerate(goal_names):
        cells = [values_text(trial.values[i] if trial.values else None) for trial in trials]
        columns.append(Column(name, cells, right=True, keep=True))
    columns.append(Column("TIME", [_time(trial, now) for trial in trials], right=True))
    for name in dict.fromkeys(name for trial in trials for name in trial.params):
        cells = [value_text(trial.params[name]) if name in trial.params else "" for trial in trials]
        columns.append(Column(name, cells, flexible=max(map(len, cells)) > 24, least=16))
    if any(trial.failure for trial in trials):
        columns.append(Column("FAILURE", [_failure(trial) for trial in trials], flexible=True, least=16))
    kept, left_out = fit(columns, session.console.width)
    session.show(draw(kept, session.console.width))
    if left_out:
        session.hint(f"not shown, the terminal is narrow: {', '.join(left_out)}")
    if len(shown) < len(rows):
        session.hint(f"{len(shown)} of {len(rows)}; all of them: --limit 0")
    session.next(f"sweeper show {tail(sweep.id)}:{trials[0].number}")


def _time(trial: TrialRecord, now: float) -> str:
    if trial.ended is None and trial.started is not None:
        return duration(now - trial.started)
    return duration(seconds_of(trial))


def _failure(trial: TrialRecord) -> str:
    return f"{trial.failure.kind}: {trial.failure.message}" if trial.failure else ""
