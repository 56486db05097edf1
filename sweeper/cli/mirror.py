"""``sweeper mirror``: sweeps copied to an existing MLflow server."""

from __future__ import annotations

import click

from sweeper.cli.session import Session, command
from sweeper.cli.text import inert, plural


@command("mirror")
@click.argument("url")
@click.argument("sweeps", metavar="[SWEEP]...", nargs=-1)
def mirror(session: Session, url: str, sweeps: tuple[str, ...]) -> None:
    """Copy sweeps (all, if none is named) to the MLflow server at URL, each as a parent run with its trials below it.

    What is there already is not made again, so it can be run as often as one likes. Credentials come from
    MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.

    \b
    Example:
      sweeper mirror http://mlflow.company:5000 digits-forest
    """
    from sweeper.exchange.mirror import Mirror
    from sweeper.exchange.mlflow_client import MlflowClient

    client = MlflowClient(url)
    try:
        with session.store() as store:
            found = [store.find_sweep(ref) for ref in sweeps] if sweeps else store.sweeps()
            for sweep in reversed(found):
                sent = Mirror(client, store, sweep.id, session.say).copy()
                if session.as_json:
                    session.emit({"sweep": sweep.id, "name": sweep.name, "sent": sent})
                session.say(f"{inert(sweep.name)} {sweep.id[-8:]}: {plural(sent, 'trial')} sent to {url}")
    finally:
        client.close()
