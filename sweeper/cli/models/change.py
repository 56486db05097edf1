"""``sweeper models alias``, ``stage``, ``edit`` and ``delete``: what changes a model or a version."""

from __future__ import annotations

import sys
from shlex import quote

import click

from sweeper.cli.models.naming import named, named_version
from sweeper.cli.register import read_tags
from sweeper.cli.session import Session, command
from sweeper.cli.text import inert, plural
from sweeper.errors import UsageError
from sweeper.web.model_shapes import model_shape, version_shape


@command("alias")
@click.argument("name")
@click.argument("alias_name", metavar="ALIAS")
@click.argument("version", required=False)
@click.option("--delete", "drop", is_flag=True, help="Take the alias away.")
def alias(session: Session, name: str, alias_name: str, version: str | None, drop: bool) -> None:
    """Let ALIAS of the model NAME name VERSION, and no other one any more: 3, latest, Staging or @OTHER_ALIAS.

    \b
    Example:
      sweeper models alias digits champion 3
      sweeper models alias digits champion @challenger
      sweeper models alias digits challenger --delete
    """
    from sweeper.registry.registry import Registry

    if drop == (version is not None):
        raise UsageError("give either the VERSION that the alias names, or --delete")
    with session.store(read_only=False) as store:
        registry = Registry(store)
        before = registry.get(name).aliases.get(alias_name)
        if version is None:
            before, after = registry.delete_alias(name, alias_name), None
        else:
            after = named_version(registry, version, name).number
            registry.set_alias(name, alias_name, after)
    if session.as_json:
        session.emit({"name": name, "alias": alias_name, "before": before, "version": after})
        return
    was = f" (was {before})" if before is not None and before != after else ""
    session.say(f"{inert(name)}@{alias_name}: {'version ' + str(after) + was if after else 'deleted' + was}")


@command("stage")
@click.argument("name")
@click.argument("version")
@click.argument("stage_name", metavar="STAGE")
@click.option("--archive-existing", is_flag=True, help="Versions in that stage go to Archived.")
@click.option("--demote-existing", metavar="STAGE", help="Versions in that stage go to this one: None or Archived.")
def stage(
    session: Session, name: str, version: str, stage_name: str, archive_existing: bool, demote_existing: str | None
) -> None:
    """Move VERSION of the model NAME to STAGE: None, Staging, Production or Archived.

    \b
    Example:
      sweeper models stage digits 3 Production --archive-existing
      sweeper models stage digits @champion Staging --demote-existing None
    """
    from sweeper.registry.registry import Registry

    with session.store(read_only=False) as store:
        registry = Registry(store)
        found = named_version(registry, version, name)
        before = {each.number: each.stage for each in registry.versions(name, facts=False)}
        made = registry.transition(
            name, found.number, stage_name, archive_existing=archive_existing, demote_existing=demote_existing
        )
        after = {each.number: each.stage for each in registry.versions(name, facts=False)}
    if session.as_json:
        session.emit(version_shape(made))
        return
    session.say(f"{inert(name)}/{made.number}: {made.stage} (was {found.stage})")
    for other, where in after.items():
        if other != made.number and before.get(other, where) != where:
            session.say(f"{inert(name)}/{other}: {where} (was {before[other]})")


@command("edit")
@click.argument("what", metavar="NAME|VERSION")
@click.option("--rename", metavar="NEW", help="Another name for the model.")
@click.option("--description", metavar="TEXT", help="What it is.")
@click.option("--tag", "tags", multiple=True, metavar="K=V", help="Set a tag; repeatable.")
@click.option("--untag", "keys", multiple=True, metavar="K", help="Take a tag away; repeatable.")
def edit(
    session: Session,
    what: str,
    rename: str | None,
    description: str | None,
    tags: tuple[str, ...],
    keys: tuple[str, ...],
) -> None:
    """Change the description or tags of a model or of one version, or the model's name.

    \b
    Example:
      sweeper models edit digits --rename handwritten-digits
      sweeper models edit digits/3 --description "more trees" --tag reviewed=yes
    """
    from sweeper.registry.registry import Registry

    if rename is None and description is None and not tags and not keys:
        raise UsageError("nothing to change: give --rename, --description, --tag or --untag")
    changes: dict[str, str | None] = {**read_tags(tags), **dict.fromkeys(keys)}
    with session.store(read_only=False) as store:
        registry = Registry(store)
        name, version = named(registry, what)
        if version and rename is not None:
            raise UsageError(f"a version has no name of its own: sweeper models edit {quote(name)} --rename {rename}")
        number = version.number if version else None
        registry.edit(name, number, new_name=rename, description=description, tags=changes)
        name = rename or name
        shape = (
            version_shape(registry.version(name, version.number))
            if version
            else model_shape(registry.get(name), registry.versions(name))
        )
    if session.as_json:
        session.emit(shape)
    else:
        session.say(f"changed {inert(name)}{f'/{version.number}' if version else ''}")
        session.next(f"sweeper models show {quote(f'{name}/{version.number}' if version else name)}")


@command("delete")
@click.argument("what", metavar="NAME|VERSION")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(session: Session, what: str, yes: bool) -> int | None:
    """Delete one version, or a model with all its versions, aliases and history. What a trial logged stays.

    \b
    Example:
      sweeper models delete digits/2
      sweeper models delete digits --yes
    """
    from sweeper.registry.registry import Registry

    with session.store(read_only=False) as store:
        registry = Registry(store)
        name, version = named(registry, what)
        doomed = [version] if version else registry.versions(name)
        label = f"{name}/{version.number}" if version else f"{name} and its {plural(len(doomed), 'version')}"
        used = [f"@{alias}" for each in doomed for alias in each.aliases]
        used += [f"{each.stage} ({each.number})" for each in doomed if each.stage in ("Staging", "Production")]
        if not yes and not _confirmed(session, label, used):
            return 0
        if version:
            registry.delete_version(name, version.number)
        else:
            registry.delete(name)
    if session.as_json:
        session.emit({"deleted": name, "version": version.number if version else None})
    session.say(f"deleted {inert(label)}")
    return None


def _confirmed(session: Session, label: str, used: list[str]) -> bool:
    warning = f"; in use as {', '.join(used)}" if used else ""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or session.as_json:
        raise UsageError(f"delete {label}{warning}? Nobody can be asked here: give --yes")
    return click.confirm(f"delete {inert(label)}{inert(warning)}?")
