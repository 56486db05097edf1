"""``sweeper validate`` and ``sweeper schema``: is a sweep file right, and what may stand in one."""

from __future__ import annotations

import click

from sweeper.cli.plan import config_facts, notes_of, read_config
from sweeper.cli.session import Session, command
from sweeper.cli.tables import facts
from sweeper.cli.text import inert
from sweeper.errors import ConfigError, ObjectiveError, Problem


@command("validate")
@click.argument("file")
@click.option("--set", "overrides", metavar="KEY=VALUE", multiple=True, help="Change a key, as for run.")
def validate(session: Session, file: str, overrides: tuple[str, ...]) -> int | None:
    """Check the sweep file FILE and run nothing: every error is listed, with its line and key.

    Exit code 0 when it is fine, 2 when it is not.

    \b
    Example:
      sweeper validate sweep.yaml
    """
    try:
        config = read_config(file, overrides)
        rows = config_facts(config)
    except (ConfigError, ObjectiveError) as error:
        if not session.as_json:
            raise
        found = error.problems if isinstance(error, ConfigError) else [Problem(str(error), file=file)]
        problems = [
            {"file": problem.file, "line": problem.line, "path": problem.path, "message": problem.message}
            for problem in found
        ]
        session.emit({"file": file, "ok": False, "problems": problems})
        return error.exit_code
    if session.as_json:
        session.emit({"file": file, "ok": True, "problems": [], "notices": notes_of(config)})
        return None
    session.say(f"OK  {file}", facts(rows))
    for note in notes_of(config):
        session.say(f"note: {inert(note)}")
    session.next(f"sweeper run {file}")
    return None


@command("schema")
def schema(session: Session) -> None:
    """Print the JSON Schema of sweep files, for editors that check YAML while you type.

    \b
    Example:
      sweeper schema > sweeper.schema.json
      # and as the first line of a sweep file:
      # yaml-language-server: $schema=sweeper.schema.json
    """
    from sweeper import plugins
    from sweeper.config import json_schema

    methods = ["auto", *plugins.names("sampler")]
    made = json_schema(methods=methods, executors=plugins.names("executor"), pruners=plugins.names("pruner"))
    if session.as_json:
        session.emit(made)
    else:
        import json

        click.echo(json.dumps(made, indent=2))
