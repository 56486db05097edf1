"""What each event of the model registry does to the rows, at once, inside the transaction of the batch.

The row of the model is locked first, so two that register a version at the same moment get numbers one after the
other. Applying an event again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sweeper.errors import AlreadyExists, NotFound, Outdated, UsageError
from sweeper.events import (
    AliasMoved,
    ModelChanged,
    ModelCreated,
    ModelDeleted,
    ModelTagged,
    StageChanged,
    VersionChanged,
    VersionCreated,
    VersionDeleted,
)
from sweeper.records import VERSION_STATES, ModelVersion
from sweeper.store.model_names import (
    SOURCE_LENGTH,
    check_alias,
    check_description,
    check_model_name,
    check_model_tag,
    check_others,
    check_stage,
)
from sweeper.store.names import KEY_LENGTH, check_name, check_text, time_value, to_json
from sweeper.store.sql import Session

REDACTED = "REDACTED"  #: what a deleted version has where its source was


@dataclass(slots=True)
class _Model:
    """A locked row, and who changes it when."""

    session: Session
    id: str
    name: str
    description: str
    time: float
    by: str

    def version(self, number: int) -> _Version:
        for _, state, message, stage, description in self.session.rows("load_version", self.id, number):
            return _Version(number, state, message, stage, description)
        raise NotFound("model version", f"{self.name}/{number}")

    def update(self, version: _Version) -> None:
        self.session.run(
            "update_version", version.state, version.message, version.stage, version.description, self.time, self.id,
            version.number,
        )  # fmt: skip

    def note(self, kind: str, version: int = 0, subject: str = "", old: str = "", new: str = "") -> None:
        """Add a line to the history."""
        number = self.session.rows("last_change", self.id)[0][0] + 1
        self.session.run("insert_change", self.id, number, self.time, self.by, kind, version, subject, old, new)

    def touch(self) -> None:
        self.session.run("touch_model", self.time, self.id)


@dataclass(slots=True)
class _Version:
    number: int
    state: str
    message: str
    stage: str
    description: str


def _locked(session: Session, model_id: str, time: float, by: str = "") -> _Model:
    for found, name, description in session.rows("lock_model", model_id):
        return _Model(session, found, name, description, time_value("model", time), check_name(by, "user"))
    raise NotFound("registered model", model_id)


def _named(session: Session, name: str, time: float, by: str) -> _Model | None:
    for found, known, description in session.rows("lock_model_named", name):
        return _Model(session, found, known, description, time_value("model", time), check_name(by, "user"))
    return None


def _model_created(session: Session, event: ModelCreated) -> None:
    model = _created(session, event.model_id, event.name, event.description, event.time, event.by)
    if model.id != event.model_id:
        raise AlreadyExists(f"there is a registered model {event.name!r} already")
    for key, value in event.tags.items():
        session.run("upsert_model_tag", model.id, 0, *check_model_tag(key, value))


def _created(session: Session, model_id: str, name: str, description: str, time: float, by: str) -> _Model:
    """Return the locked model of that name, which is made if there is none."""
    check_model_name(name)
    at = time_value("model", time)
    made = session.run("insert_model", model_id, name, check_description(description), at, at) == 1
    model = _named(session, name, time, by)
    if model is None:
        raise AlreadyExists(f"registered model {model_id} has another name already")
    if made:
        model.note("created", new=name)
    return model


def _model_changed(session: Session, event: ModelChanged) -> None:
    model = _locked(session, event.model_id, event.time, event.by)
    if event.name is not None and event.name != model.name:
        other = _named(session, check_model_name(event.name), event.time, event.by)
        if other is not None:
            raise AlreadyExists(f"there is a registered model {event.name!r} already")
        model.note("renamed", old=model.name, new=event.name)
        model.name = event.name
    if event.description is not None:
        model.description = check_description(event.description)
    session.run("update_model", model.name, model.description, model.time, model.id)


def _model_deleted(session: Session, event: ModelDeleted) -> None:
    for table in ("model_versions", "model_tags", "model_aliases", "model_changes"):
        session.run(f"delete_all_{table}", event.model_id)
    session.run("delete_model", event.model_id)


def _version_created(session: Session, event: VersionCreated) -> None:
    version = event.version
    if session.rows("version_known", version.id):
        return
    if event.new_model:
        model = _created(session, event.new_model, version.name, "", event.time, version.user)
    else:
        found = _named(session, version.name, event.time, version.user)
        if found is None:
            raise NotFound("registered model", version.name)
        model = found
    number = session.rows("last_version", model.id)[0][0] + 1
    stage = check_stage(version.stage)
    _insert_version(model, number, version)
    for key, value in version.tags.items():
        session.run("upsert_model_tag", model.id, number, *check_model_tag(key, value))
    model.note("registered", number, new=str(number))
    if stage != "None":
        _move_stage(model, model.version(number), stage, event.others)
    for alias in version.aliases:
        _move_alias(model, alias, number)
    model.touch()


def _insert_version(model: _Model, number: int, version: ModelVersion) -> None:
    if version.state not in VERSION_STATES:
        raise UsageError(f"no state {version.state!r} of a model version; choose from: {', '.join(VERSION_STATES)}")
    model.session.run(
        "insert_version", model.id, number, version.id, version.state, check_text(version.message, "message"), "None",
        check_text(version.source, "source", SOURCE_LENGTH), check_text(version.location, "location", SOURCE_LENGTH),
        None if version.run_id is None else check_text(version.run_id, "run id", KEY_LENGTH),
        check_text(version.run_link, "run link", SOURCE_LENGTH), check_name(version.user, "user"),
        check_description(version.description), model.time, model.time, 0, to_json(version.facts, "facts"),
    )  # fmt: skip


def _version_changed(session: Session, event: VersionChanged) -> None:
    model = _locked(session, event.model_id, event.time)
    version = model.version(event.number)
    if event.description is not None:
        version.description = check_description(event.description)
    if event.state is not None:
        if event.state not in VERSION_STATES:
            raise UsageError(f"no state {event.state!r} of a model version; choose from: {', '.join(VERSION_STATES)}")
        version.state = event.state
    if event.message is not None:
        version.message = check_text(event.message, "message")
    model.update(version)
    model.touch()


def _version_deleted(session: Session, event: VersionDeleted) -> None:
    model = _locked(session, event.model_id, event.time, event.by)
    if not session.rows("load_version", model.id, event.number):
        return
    for (alias,) in session.rows("aliases_of_version", model.id, event.number):
        _drop_alias(model, alias)
    session.run(
        "forget_version", "READY", "", "None", REDACTED, "", None, "", "", "", model.time, model.id, event.number
    )
    model.note("deleted", event.number)
    model.touch()


def _tagged(session: Session, event: ModelTagged) -> None:
    model = _locked(session, event.model_id, event.time)
    if event.number:
        model.version(event.number)
    for key, value in event.tags.items():
        if value is None:
            session.run("delete_model_tag", model.id, event.number, key)
        else:
            session.run("upsert_model_tag", model.id, event.number, *check_model_tag(key, value))


def _alias_moved(session: Session, event: AliasMoved) -> None:
    model = _locked(session, event.model_id, event.time, event.by)
    if event.expected is not None:
        known = session.rows("load_alias", model.id, check_alias(event.alias))
        _check_seen(f"{model.name}@{event.alias}", event.expected, known[0][0] if known else 0, event.number or 0)
    if event.number is None:
        _drop_alias(model, check_alias(event.alias))
    else:
        model.version(event.number)
        _move_alias(model, event.alias, event.number)


def _check_seen(what: str, seen: int | str, now: int | str, wanted: int | str) -> None:
    """Refuse a change of what is no longer as it was seen; the same change again is none."""
    if now not in (seen, wanted):
        is_now, was = (each if isinstance(each, str) else f"version {each}" if each else "none" for each in (now, seen))
        raise Outdated(f"{what} was changed meanwhile: it is {is_now} now, it was {was}. Look again, then decide")


def _move_alias(model: _Model, alias: str, number: int) -> None:
    known = model.session.rows("load_alias", model.id, check_alias(alias, new=True))
    old = str(known[0][0]) if known else ""
    if old != str(number):
        model.session.run("upsert_alias", model.id, alias, number)
        model.note("alias", number, alias, old, str(number))


def _drop_alias(model: _Model, alias: str) -> None:
    for (number,) in model.session.rows("load_alias", model.id, alias):
        model.session.run("delete_alias", model.id, alias)
        model.note("alias", number, alias, str(number), "")


def _stage_changed(session: Session, event: StageChanged) -> None:
    model = _locked(session, event.model_id, event.time, event.by)
    version, stage = model.version(event.number), check_stage(event.stage)
    if event.expected is not None:
        _check_seen(f"the stage of {model.name}/{event.number}", check_stage(event.expected), version.stage, stage)
    _move_stage(model, version, stage, event.others)
    model.touch()


def _move_stage(model: _Model, version: _Version, stage: str, others: str | None) -> None:
    target = check_others(others, stage)
    if target is not None:
        for row in model.session.rows("versions_in_stage", model.id, stage):
            if row[0] != version.number:
                _enter(model, _Version(*row), target)
    _enter(model, version, stage)


def _enter(model: _Model, version: _Version, stage: str) -> None:
    if version.stage != stage:
        model.note("stage", version.number, old=version.stage, new=stage)
    version.stage = stage
    model.update(version)


HANDLERS: dict[type, Callable[[Session, Any], None]] = {
    ModelCreated: _model_created,
    ModelChanged: _model_changed,
    ModelDeleted: _model_deleted,
    VersionCreated: _version_created,
    VersionChanged: _version_changed,
    VersionDeleted: _version_deleted,
    ModelTagged: _tagged,
    AliasMoved: _alias_moved,
    StageChanged: _stage_changed,
}
