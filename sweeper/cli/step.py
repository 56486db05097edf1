"""``sweeper step``: an entry point of a project from a shell or any other language, nested below the trial."""

from __future__ import annotations

import click

from sweeper.cli.session import Session, command
from sweeper.cli.tables import facts
from sweeper.cli.text import inert, number
from sweeper.errors import UsageError


@command("step")
@click.argument("entry_point", default="main")
@click.option("-P", "--param", "settings", metavar="NAME=VALUE", multiple=True, help="A parameter; repeatable.")
@click.option("--project", "uri", metavar="URI", help="A folder or a git URL. Default: this step's, or here.")
@click.option("--name", metavar="S", help="Name of the run. Default: the entry point's.")
def step(session: Session, entry_point: str, settings: tuple[str, ...], uri: str | None, name: str | None) -> None:
    """Run ENTRY_POINT of a project and wait for its end.

    In a command that a sweep runs, its run is nested below the trial; elsewhere it stands alone, in the default store.
    What it prints goes to stderr. Exit code 0 when it ends well, 1 when it fails.

    \b
    Example:
      sweeper step prepare -P rows=100
    """
    from sweeper.api.steps import run_project

    params = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key:
            raise UsageError(f"-P {setting}: write NAME=VALUE")
        params[key] = value
    done = run_project(entry_point, params, uri=uri, name=name, notice=session.say)
    if session.as_json:
        session.emit({"run_id": done.run_id, "metrics": dict(done.metrics), "artifacts": done.artifacts})
        return
    rows = [("run", done.run_id), *((inert(key), number(value)) for key, value in done.metrics.items())]
    session.show(facts([*rows, ("artifacts", inert(done.artifacts))]))
