"""``sweeper models ls``: one line per registered model."""

from __future__ import annotations

import time
from shlex import quote

import click

from sweeper.cli.session import Session, command
from sweeper.cli.tables import Column, draw, fit
from sweeper.cli.text import ago
from sweeper.web.model_shapes import latest, model_shape


@command("ls")
@click.option("--where", metavar="EXPR", help="MLflow's filter: \"name LIKE 'digits%' and tags.team = 'vision'\".")
def ls(session: Session, where: str | None) -> None:
    """List the registered models: versions, aliases, the newest version in each stage.

    \b
    Example:
      sweeper models ls
      sweeper models ls --where "name LIKE 'digits%'"
    """
    from sweeper.registry.registry import Registry

    with session.store() as store:
        registry = Registry(store)
        found = [(model, registry.versions(model.name, facts=False)) for model in registry.search(where)]
    if session.as_json:
        for model, versions in found:
            session.emit(model_shape(model, versions))
        return
    if not found:
        session.show("no model like that" if where else "no model is registered yet")
        session.next("sweeper register last --model NAME --alias champion")
        return
    now = time.time()
    stages = [{s: n for s, n in latest(versions).items() if n and s != "None"} for _, versions in found]
    columns = [
        Column("MODEL", [model.name for model, _ in found], keep=True, flexible=True, least=16),
        Column("VERSIONS", [str(len(versions)) for _, versions in found], right=True),
        Column("LATEST", [str(versions[-1].number) if versions else "-" for _, versions in found], right=True),
        Column(
            "ALIASES",
            [", ".join(f"{alias}: {number}" for alias, number in model.aliases.items()) or "-" for model, _ in found],
            keep=True,
        ),
        Column("STAGES", [", ".join(f"{stage}: {number}" for stage, number in each.items()) or "-" for each in stages]),
        Column("UPDATED", [ago(model.updated, now) for model, _ in found]),
        Column("DESCRIPTION", [model.description for model, _ in found], flexible=True, least=12),
    ]
    if not any(model.description for model, _ in found):
        columns.pop()
    width = session.console.width
    session.show(draw(fit(columns, width)[0], width))
    session.next(f"sweeper models show {quote(found[0][0].name)}")
