"""``sweeper register``: the best trial, or any other, becomes a version of a registered model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from sweeper.cli.models.naming import size_text
from sweeper.cli.session import Session, command
from sweeper.cli.tables import facts
from sweeper.cli.text import inert, number, plural, value_text
from sweeper.errors import NotFound, UsageError
from sweeper.web.model_shapes import version_shape

if TYPE_CHECKING:
    from sweeper.registry.registering import Registered
    from sweeper.registry.registry import Registry


@command("register")
@click.argument("what", metavar="SWEEP|TRIAL")
@click.option("--model", "name", required=True, metavar="NAME", help="The registered model; made if there is none.")
@click.option("--alias", "aliases", multiple=True, metavar="ALIAS", help="Let it name this version; repeatable.")
@click.option("--stage", metavar="STAGE", help="None, Staging, Production or Archived.")
@click.option("--artifact", metavar="PATH_IN_TRIAL", help="This artifact of the trial, not the model it logged.")
@click.option("--path", type=click.Path(path_type=Path), metavar="LOCAL", help="This local file or folder, copied.")
@click.option("--archive-existing", is_flag=True, help="Versions in that stage go to Archived.")
@click.option("--demote-existing", metavar="STAGE", help="Versions in that stage go to this one: None or Archived.")
@click.option("--tag", "tags", multiple=True, metavar="K=V", help="A tag of the version; repeatable.")
@click.option("--description", default="", metavar="TEXT", help="What it is.")
@click.option("--again", is_flag=True, help="A new version, also of files that are registered already.")
def register(
    session: Session,
    what: str,
    name: str,
    aliases: tuple[str, ...],
    stage: str | None,
    artifact: str | None,
    path: Path | None,
    archive_existing: bool,
    demote_existing: str | None,
    tags: tuple[str, ...],
    description: str,
    again: bool,
) -> None:
    """Register the model of a trial as the next version of NAME: of SWEEP its best trial, also while it runs.

    The version keeps where it comes from (sweep, trial, parameters, metrics, code, environment) and the SHA-256 of each
    file. Alias and stage move with it at once. The same trial again gives the version there is.

    \b
    Example:
      sweeper register last --model digits --alias champion
      sweeper register digits:12 --model digits --stage Staging --archive-existing
      sweeper register last:3 --model digits --path exported/
    """
    from sweeper.registry.registering import Wishes
    from sweeper.registry.registering import register as make
    from sweeper.registry.registry import Registry

    wishes = Wishes.checked(aliases, stage, archive_existing, demote_existing, read_tags(tags), description)
    with session.store(read_only=False) as store:
        registry = Registry(store)
        before = _aliases(registry, name)
        found = make(registry, what, name, wishes, artifact=artifact, path=path, again=again)
    if session.as_json:
        session.emit({**version_shape(found.version), "known": found.known, "notes": list(found.notes)})
        return
    _show(session, found, {alias: before[alias] for alias in wishes.aliases if alias in before})


def read_tags(texts: Sequence[str]) -> dict[str, str]:
    """Return ``k=v`` texts as tags. Raises UsageError."""
    found = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise UsageError(f"--tag {text!r}: write KEY=VALUE, such as team=vision")
        found[key] = value
    return found


def _aliases(registry: Registry, name: str) -> dict[str, int]:
    try:
        return dict(registry.get(name).aliases)
    except NotFound:
        return {}


def _show(session: Session, found: Registered, moved: dict[str, int]) -> None:
    version = found.version
    known = version.facts
    label = f"{inert(version.name)}/{version.number}"
    for note in found.notes:
        session.say(inert(note))
    verb = "already registered as" if found.known else "registered"
    hint = " (a new version of it: --again)" if found.known else ""
    session.show(f"{verb} {label}{hint}")
    model = known.get("model", {})
    flavor = ", ".join(model.get("flavors", [])) or "files"
    files = f"{flavor}: {plural(len(model.get('files', {})), 'file')}, {size_text(model.get('size', 0))}"
    aliases = ", ".join(
        f"{alias} (was version {moved[alias]})" if moved.get(alias, version.number) != version.number else alias
        for alias in version.aliases
    )
    sweep, trial = known.get("sweep", {}), known.get("trial", {})
    origin = f"trial {trial['number']} of {sweep['name']}" if trial and sweep else f"run {known['run']['name']}"
    metrics = " ".join(f"{inert(key)}={number(value)}" for key, value in list(known.get("metrics", {}).items())[:6])
    params = " ".join(f"{inert(key)}={value_text(value)}" for key, value in known.get("params", {}).items())
    rows = [
        ("from", origin), ("source", version.source), ("files", files), ("aliases", aliases), ("stage", version.stage),
        ("metrics", metrics), ("params", params),
    ]  # fmt: skip
    session.show(facts([(f"  {title}", text) for title, text in rows if text]))
    uri = f"models:/{version.name}@{version.aliases[0]}" if version.aliases else f"models:/{label}"
    unpickle = ", unpickle=True" if model.get("runs_code") else ""
    session.next(f"sweeper models show {quote(label)}")
    if model.get("flavors"):
        session.hint(f'in Python: sweeper.load_model("{uri}"{unpickle})')
