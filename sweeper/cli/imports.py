"""``sweeper import``: runs of other tools brought here."""

from __future__ import annotations

import click

from sweeper.cli.lazy import Entry, LazyGroup
from sweeper.cli.session import Session, command
from sweeper.cli.text import inert, plural
from sweeper.errors import UsageError

TABLE = {"mlflow": Entry("sweeper.cli.imports:mlflow", "From an MLflow server, its SQLite file, or an mlruns folder.")}


@click.command("import", cls=LazyGroup, table=TABLE)
def imports() -> None:
    """Bring runs of other tools into the store.

    \b
    Example:
      sweeper import mlflow ./mlruns
      sweeper import mlflow http://mlflow.company:5000 --experiment digits
    """


@command("mlflow")
@click.argument("uri")
@click.option("--experiment", "names", multiple=True, metavar="NAME", help="Only this experiment; repeatable.")
@click.option("--metric", metavar="NAME", help="Make sweeps of runs that have this metric, so that ranges see them.")
@click.option("--goal", type=click.Choice(["minimize", "maximize"]), help="Which way that metric is better.")
def mlflow(session: Session, uri: str, names: tuple[str, ...], metric: str | None, goal: str | None) -> int:
    """Bring runs of MLflow here: http://host:5000, sqlite:///mlflow.db, or an mlruns folder.

    Ids, times, params, histories, tags and the tree of runs stay as they are. What is here already is left alone.
    With --metric and --goal a parent run and its children become a sweep and its trials, and so do the flat runs of an
    experiment: then ranges, importance, compare and warm starts look at them, too.

    \b
    Example:
      sweeper import mlflow ./mlruns --metric val_loss --goal minimize
    """
    from sweeper.exchange.from_mlflow import source_of, take
    from sweeper.records import Goal

    if (metric is None) != (goal is None):
        raise UsageError("--metric and --goal belong together: give both")
    wanted = Goal(metric, "maximize" if goal == "maximize" else "minimize") if metric else None
    source = source_of(uri)
    with session.store(read_only=False) as store:
        done = take(source, store, names, lambda text: session.say(inert(text)), wanted)
    if session.as_json:
        session.emit({"new": done.new, "known": done.known, "sweeps": done.sweeps, "left": list(done.left)})
    sweeps = f", of them {plural(done.sweeps, 'sweep')}" if wanted else ""
    session.say(f"{plural(done.new, 'run')} came{sweeps}; here already: {done.known}")
    if done.sweeps:
        session.next("sweeper ls", "sweeper ranges")
    for line in done.left:
        session.say(f"not taken: {inert(line)}")
    return 1 if done.left else 0
