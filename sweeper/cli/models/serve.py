"""``sweeper models serve`` and ``predict``: a model answers requests, or scores a file."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from sweeper.cli.models.places import finder
from sweeper.cli.session import Session, Whole, command
from sweeper.cli.text import inert, plural


@command("serve")
@click.argument("what", metavar="MODEL")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=1234, show_default=True, type=Whole(0, 65535), help="Port; 0 takes a free one.")
@click.option("--allow-host", multiple=True, metavar="NAME", help="A name by which clients may call it; repeatable.")
@click.option("--unpickle", is_flag=True, help="Also load a model that runs code when it is loaded.")
def serve(session: Session, what: str, host: str, port: int, allow_host: tuple[str, ...], unpickle: bool) -> None:
    """Answer MLflow's /invocations with MODEL; when its alias or stage moves, the next request gets the new one.

    MODEL is NAME@ALIAS, NAME/STAGE, NAME/3, runs:/RUN_ID/PATH or a folder. It asks nobody for a token.

    \b
    Example:
      sweeper models serve digits@champion
      curl -H 'content-type: text/csv' --data-binary @rows.csv http://127.0.0.1:1234/invocations
    """
    from sweeper.server.listen import address, listen
    from sweeper.server.listen import serve as answer
    from sweeper.server.security.gate import Gate
    from sweeper.server.security.hosts import HostPolicy
    from sweeper.serving.app import make_app
    from sweeper.serving.current import CurrentModel

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    with finder(session, what) as find:
        listening = listen(host, port)
        current = CurrentModel(find, lambda text: session.say(inert(text)), unpickle=unpickle)
        try:
            url = address(listening)
            app = Gate(make_app(current), HostPolicy(host, allow_host))
            answer(app, listening, lambda: _tell(session, current.get().label, url))
        finally:
            current.close()


@command("predict")
@click.argument("what", metavar="MODEL")
@click.option("-i", "--input", "source", required=True, type=click.Path(path_type=Path), help="CSV, Parquet or JSON.")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), help="A file; default: CSV on stdout.")
@click.option("--unpickle", is_flag=True, help="Also load a model that runs code when it is loaded.")
def predict(session: Session, what: str, source: Path, target: Path | None, unpickle: bool) -> None:
    """Score the rows of a file with MODEL (as for serve).

    \b
    Example:
      sweeper models predict digits@champion -i rows.csv -o predictions.csv
    """
    from sweeper.registry.loading import load
    from sweeper.serving.batch import check_output, read_table, write_table
    from sweeper.serving.batch import predict as score

    table = read_table(source)
    if target is not None:
        check_output(target)
    with finder(session, what) as find:
        model = load(find(), lambda text: session.hint(inert(text)), flavor="pyfunc", unpickle=unpickle)
    found = score(model, table)
    if target is not None:
        write_table(target, found)
        session.say(f"{inert(str(target))}: {plural(len(found), 'prediction')}")
    elif session.as_json:
        for row in found.to_dict(orient="records"):
            session.emit({str(key): getattr(value, "item", lambda value=value: value)() for key, value in row.items()})
    else:
        click.echo(found.to_csv(index=False), nl=False)


def _tell(session: Session, label: str, url: str) -> None:
    if session.as_json:
        session.emit({"url": url, "model": label})
        return
    session.show(f"Serving {inert(label)} at {url}/invocations")
    session.hint(f"curl -H 'content-type: text/csv' --data-binary @rows.csv {url}/invocations  ·  Ctrl-C ends it")
