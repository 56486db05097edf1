"""``sweeper models show``: one model with its versions, or one version with where it comes from."""

from __future__ import annotations

import time
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from sweeper.cli.models.naming import named, size_text
from sweeper.cli.session import Session, command
from sweeper.cli.tables import Column, draw, facts, fit
from sweeper.cli.text import ago, number, plural, tail, value_text
from sweeper.records import ModelVersion, RegisteredModel
from sweeper.web.model_shapes import model_shape, version_shape

if TYPE_CHECKING:
    from sweeper.registry.registry import Registry

SHOWN = 12  #: params, metrics, files on the screen


@command("show")
@click.argument("what", metavar="NAME|VERSION")
def show(session: Session, what: str) -> None:
    """Show a registered model with its versions, or one version: where it comes from, its files, what to load it with.

    \b
    Example:
      sweeper models show digits
      sweeper models show digits@champion
      sweeper models show digits/3 --json
    """
    from sweeper.registry.registry import Registry

    with session.store() as store:
        registry = Registry(store)
        name, version = named(registry, what)
        if version:
            _show_version(session, version)
        else:
            _show_model(session, registry, registry.get(name))


def _show_model(session: Session, registry: Registry, model: RegisteredModel) -> None:
    versions = registry.versions(model.name)
    if session.as_json:
        session.emit({**model_shape(model, versions), "list": [version_shape(version) for version in versions]})
        return
    now = time.time()
    rows = [
        ("model", model.name),
        ("description", model.description),
        ("tags", ", ".join(f"{key}={value}" for key, value in model.tags.items())),
        ("aliases", ", ".join(f"{alias}: {number}" for alias, number in model.aliases.items())),
        ("created", ago(model.created, now)),
    ]
    session.show(facts([(name, value) for name, value in rows if value]))
    if not versions:
        session.show("no versions yet")
        session.next(f"sweeper register last --model {quote(model.name)}")
        return
    newest = versions[::-1]
    session.show("", draw(fit(_columns(newest, now), session.console.width)[0], session.console.width))
    session.next(
        f"sweeper models show {quote(f'{model.name}/{newest[0].number}')}",
        f"sweeper models history {quote(model.name)}",
    )


def _columns(versions: list[ModelVersion], now: float) -> list[Column]:
    return [
        Column("VERSION", [str(version.number) for version in versions], right=True, keep=True),
        Column("STAGE", [version.stage for version in versions]),
        Column("ALIASES", [", ".join(version.aliases) or "-" for version in versions], keep=True),
        Column("VALUE", [value_of(version) or "-" for version in versions], keep=True),
        Column("FROM", [origin_of(version) for version in versions], flexible=True, least=16),
        Column("REGISTERED", [ago(version.created, now) for version in versions]),
        Column("BY", [version.user for version in versions]),
    ]


def value_of(version: ModelVersion) -> str:
    """The values of its trial: ``accuracy 0.97``."""
    goals, values = version.facts.get("sweep", {}).get("goals", []), version.facts.get("trial", {}).get("values")
    if not goals or not values:
        return ""
    return ", ".join(f"{goal[0]} {number(value)}" for goal, value in zip(goals, values, strict=False))


def origin_of(version: ModelVersion) -> str:
    """``trial 12 of digits``, ``run prepare``, or its source."""
    sweep, trial, run = (version.facts.get(key, {}) for key in ("sweep", "trial", "run"))
    if sweep and trial:
        return f"trial {trial['number']} of {sweep['name']}"
    return f"run {run['name']}" if run else version.source


def _show_version(session: Session, version: ModelVersion) -> None:
    if session.as_json:
        session.emit(version_shape(version))
        return
    now, known = time.time(), version.facts
    model, code, environment = known.get("model", {}), known.get("code", {}), known.get("environment", {})
    packages = environment.get("packages", {})
    python = f"Python {environment['python']}, {plural(len(packages), 'package')}" if environment.get("python") else ""
    rows = [
        ("version", f"{version.name}/{version.number}"),
        ("state", "" if version.state == "READY" else f"{version.state} {version.message}".strip()),
        ("stage", version.stage),
        ("aliases", ", ".join(version.aliases)),
        ("description", version.description),
        ("tags", ", ".join(f"{key}={value}" for key, value in version.tags.items() if not key.startswith("sweeper."))),
        ("registered", f"{ago(version.created, now)} by {version.user or '?'}"),
        ("from", origin_of(version)),
        ("value", value_of(version)),
        ("data", ", ".join(f"{key}={value}" for key, value in known.get("tags", {}).items())),
        ("seed", _text(known.get("trial", {}).get("seed"))),
        ("code", _code(code)),
        ("environment", python),
        ("source", version.source),
        ("files", _files(model)),
        ("requires", ", ".join(model.get("requirements", []))),
        ("inputs", _columns_text((model.get("signature") or {}).get("inputs"))),
        ("loading", f"runs code: {model['runs_code']}" if model.get("runs_code") else ""),
    ]
    session.show(facts([(name, value) for name, value in rows if value]))
    for title in ("params", "metrics", "importance"):
        found = known.get(title, {})
        items = list(found.items())
        if title == "importance":
            items.sort(key=lambda item: -abs(item[1]))
        if items:
            session.show("", title)
            session.show(facts([(f"  {name}", _text(value)) for name, value in items[:SHOWN]]))
            if len(items) > SHOWN:
                session.hint(f"  and {len(items) - SHOWN} more: --json")
    trial = f"sweeper show {tail(version.run_id)}" if version.run_id and known.get("trial") else ""
    label = quote(f"{version.name}/{version.number}")
    session.next(*([trial] if trial else []), f"sweeper models download {label} FOLDER")
    if model.get("flavors"):
        unpickle = ", unpickle=True" if model.get("runs_code") else ""
        session.hint(f'in Python: sweeper.load_model("models:/{version.name}/{version.number}"{unpickle})')


def _text(value: Any) -> str:
    return "" if value is None else number(value) if isinstance(value, float) else value_text(value)


def _code(code: dict[str, str]) -> str:
    if not code.get("commit"):
        return f"file {code['file'][:12]} (SHA-256), no repository" if code.get("file") else ""
    branch = f" ({code['branch']})" if code.get("branch") else ""
    return f"commit {code['commit'][:12]}{branch}" + (", with changes not committed" if code.get("changes") else "")


def _files(model: dict[str, Any]) -> str:
    files = model.get("files", {})
    if not files:
        return ""
    flavors = ", ".join(model.get("flavors", []))
    size = f"{plural(len(files), 'file')}, {size_text(model.get('size', 0))}, SHA-256 {model.get('sha256', '')[:12]}"
    return f"{flavors}: {size}" if flavors else size


def _columns_text(columns: list[dict[str, Any]] | None) -> str:
    if not columns:
        return ""
    names = [f"{column.get('name', 'tensor')} {column.get('type', '')}".strip() for column in columns]
    return ", ".join(names[:SHOWN]) + (f", and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
