"""``sweeper import``: runs of other tools brought here."""

from __future__ import annotations

import click

from sweeper.cli.lazy import Entry, LazyGroup
from sweeper.cli.session import Session, command
from sweeper.cli.text import inert, plural

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
def mlflow(session: Session, uri: str, names: tuple[str, ...]) -> int:
    """Bring runs of MLflow here: http://host:5000, sqlite:///mlflow.db, or an mlruns folder.

    Ids, times, params, histories, tags and the tree of runs stay as they are. What is here already is left alone.

    \b
    Example:
      sweeper import mlflow ./mlruns
    """
    from sweeper.exchange.from_mlflow import source_of, take

    source = source_of(uri)
    with session.store(read_only=False) as store:
        done = take(source, store, names, lambda text: session.say(inert(text)))
    if session.as_json:
        session.emit({"new": done.new, "known": done.known, "left": list(done.left)})
    session.say(f"{plural(done.new, 'run')} came, {plural(done.known, 'run')} were here already")
    for line in done.left:
        session.say(f"not taken: {inert(line)}")
    return 1 if done.left else 0
