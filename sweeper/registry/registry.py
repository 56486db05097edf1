"""The registry over a store: every change and every question, in MLflow's words."""

from __future__ import annotations

import getpass
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sweeper.errors import NotFound, UsageError
from sweeper.events import (
    AliasMoved,
    Event,
    ModelChanged,
    ModelCreated,
    ModelDeleted,
    ModelTagged,
    StageChanged,
    VersionChanged,
    VersionCreated,
    VersionDeleted,
)
from sweeper.interfaces import Store
from sweeper.records import STAGES, ModelChange, ModelVersion, RegisteredModel, new_id
from sweeper.registry.files import forget
from sweeper.registry.places import find_logged, place_in_run, place_of
from sweeper.registry.uris import LATEST, LoggedUri, ModelUri, RunUri, parse_uri
from sweeper.store.model_names import check_alias, check_model_name, check_others, check_stage
from sweeper.trial.models import models_of


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where the files of a model are: a folder or an fsspec URL; and the version, when it is a registered one.

    ``sha256`` is that of a model which a run logged, "" where none is known.
    """

    uri: str
    location: str
    version: ModelVersion | None = None
    run_id: str | None = None
    sha256: str = ""


class Registry:
    """Registered models of a store. ``writer`` gives the store that changes go to; None: the same.

    Every change is one transaction, durable when the call returns. Raises NotFound with the nearest names,
    AlreadyExists for a name that is taken, UsageError for names and values that break MLflow's limits.
    """

    def __init__(self, store: Store, *, writer: Callable[[], Store] | None = None, user: str | None = None) -> None:
        self.store = store
        self._writer = writer
        self.user = _user() if user is None else user

    # -- models

    def create(self, name: str, description: str = "", tags: Mapping[str, str] | None = None) -> RegisteredModel:
        """Make a model without versions."""
        made = ModelCreated(new_id(), check_model_name(name), time.time(), description, dict(tags or {}), self.user)
        self.change(made)
        return self.get(name)

    def get(self, name: str) -> RegisteredModel:
        return self.store.models.find(name)

    def search(
        self, where: str | None = None, *, order_by: Sequence[str] = (), limit: int | None = None, offset: int = 0
    ) -> list[RegisteredModel]:
        """Return models that match MLflow's filter grammar, e.g. ``name LIKE 'digits%' and tags.team = 'vision'``."""
        return self.store.models.search(where, order_by=order_by, limit=limit, offset=offset)

    def rename(self, name: str, new_name: str) -> RegisteredModel:
        """Give a model another name; its versions, aliases and history stay with it."""
        self.change(ModelChanged(self.get(name).id, time.time(), name=check_model_name(new_name), by=self.user))
        return self.get(new_name)

    def describe(self, name: str, description: str, version: int | None = None) -> None:
        """Set the description of a model, or of one version."""
        model_id, now = self.get(name).id, time.time()
        if version is None:
            self.change(ModelChanged(model_id, now, description=description, by=self.user))
        else:
            self.change(VersionChanged(model_id, self.version(name, version).number, now, description=description))

    def tag(self, name: str, tags: Mapping[str, str | None], version: int = 0) -> None:
        """Set tags of a version (0: of the model itself); one whose value is None goes."""
        if version:
            self.version(name, version)
        self.change(ModelTagged(self.get(name).id, version, dict(tags), time.time()))

    def edit(
        self,
        name: str,
        version: int | None = None,
        *,
        new_name: str | None = None,
        description: str | None = None,
        tags: Mapping[str, str | None] | None = None,
    ) -> None:
        """Change a model (or a version of it): its name, description and tags, all at once or nothing."""
        model_id, now = self.get(name).id, time.time()
        events: list[Event] = []
        if version is not None:
            events.append(VersionChanged(model_id, self.version(name, version).number, now, description=description))
        else:
            checked = None if new_name is None else check_model_name(new_name)
            events.append(ModelChanged(model_id, now, name=checked, description=description, by=self.user))
        if tags:
            events.append(ModelTagged(model_id, version or 0, dict(tags), now))
        self.change(*events)

    def delete(self, name: str) -> None:
        """Delete a model with all its versions, aliases and history. Files of runs stay; those copied for it go."""
        versions = self.versions(name, facts=False)
        self.change(ModelDeleted(self.get(name).id))
        for version in versions:
            forget(self.store.artifacts, version)

    def history(self, name: str) -> list[ModelChange]:
        """Return what happened to a model, the oldest first: versions, aliases, stages."""
        return self.store.models.changes(name)

    # -- versions

    def register(self, version: ModelVersion, *, new_model: bool = True, others: str | None = None) -> ModelVersion:
        """Make ``version`` the next one of its model, with its tags, aliases and stage, all at once.

        ``new_model``: the model is made when there is none of that name. ``others``: where the versions go that are in
        the same stage now, "Archived" or "None"; None: they stay.
        """
        check_model_name(version.name)
        stage = check_stage(version.stage)
        check_others(others, stage)
        version = replace(version, user=version.user or self.user, stage=stage)
        self.change(VersionCreated(version, time.time(), new_id() if new_model else "", others))
        return self.store.models.version_by_id(version.id)

    def version(self, name: str, number: int) -> ModelVersion:
        return self.store.models.version(name, number)

    def versions(self, name: str, *, facts: bool = True) -> list[ModelVersion]:
        """Return the versions of a model, the oldest first; ``facts`` False leaves out where they come from."""
        return self.store.models.versions(name, facts=facts)

    def search_versions(
        self, where: str | None = None, *, order_by: Sequence[str] = (), limit: int | None = None, offset: int = 0
    ) -> list[ModelVersion]:
        """Return versions that match MLflow's filter grammar, the latest changed first, without facts."""
        return self.store.models.search_versions(where, order_by=order_by, limit=limit, offset=offset)

    def latest(self, name: str, stages: Sequence[str] = ()) -> list[ModelVersion]:
        """Return the version with the highest number in each of ``stages`` (none: in every stage), without facts."""
        wanted = [check_stage(stage) for stage in stages] or list(STAGES)
        found = {version.stage: version for version in self.versions(name, facts=False)}
        return [found[stage] for stage in dict.fromkeys(wanted) if stage in found]

    def set_state(self, name: str, number: int, state: str, message: str = "") -> ModelVersion:
        """Say that a version is READY, PENDING_REGISTRATION or FAILED_REGISTRATION, and why."""
        found = self.version(name, number)
        self.change(VersionChanged(found.model_id, number, time.time(), state=state, message=message))
        return self.version(name, number)

    def delete_version(self, name: str, number: int) -> ModelVersion:
        """Delete a version, with its aliases, and the files that were copied for it; return it as it was.

        Its number is not given again. What a run logged stays.
        """
        found = self.version(name, number)
        self.change(VersionDeleted(found.model_id, number, time.time(), self.user))
        forget(self.store.artifacts, found)
        return found

    # -- aliases and stages

    def set_alias(self, name: str, alias: str, number: int, *, expected: int | None = None) -> None:
        """Make an alias name this version and no other one.

        ``expected`` is the version it is thought to name now, 0 for none: raises Outdated when it names another one.
        """
        found = self.version(name, number)
        self.change(AliasMoved(found.model_id, check_alias(alias, new=True), number, time.time(), self.user, expected))

    def delete_alias(self, name: str, alias: str, *, expected: int | None = None) -> int:
        """Take an alias away and return the version that had it. Raises NotFound with the aliases there are, and
        Outdated when it names another version than ``expected``."""
        number = self._aliased(self.get(name), alias)
        self.change(AliasMoved(self.get(name).id, alias, None, time.time(), self.user, expected))
        return number

    def by_alias(self, name: str, alias: str) -> ModelVersion:
        """Return the version that an alias names; "latest" is the one with the highest number."""
        model = self.get(name)
        if check_alias(alias).lower() == LATEST:
            return self._newest(name, self.versions(name, facts=False), "")
        return self.version(name, self._aliased(model, alias))

    def transition(
        self,
        name: str,
        number: int,
        stage: str,
        *,
        archive_existing: bool = False,
        demote_existing: str | None = None,
        expected: str | None = None,
    ) -> ModelVersion:
        """Move a version to a stage: None, Staging, Production or Archived; upper and lower case are the same.

        ``archive_existing``: the others in that stage go to Archived; ``demote_existing``: to "None" or "Archived".
        Both work for Staging and Production only, as MLflow has it. Raises Outdated when the version is not in the
        stage ``expected``.
        """
        found = self.version(name, number)
        others = others_of(check_stage(stage), archive_existing, demote_existing)
        self.change(StageChanged(found.model_id, number, stage, time.time(), self.user, others, expected))
        return self.version(name, number)

    # -- URIs

    def resolve(self, uri: str) -> Resolved:
        """Return where the files of a model are. Raises UsageError for a URI that cannot be read."""
        parsed = parse_uri(uri)
        if isinstance(parsed, RunUri):
            run = self.store.run(parsed.run_id)
            logged = models_of(run.tags).get(parsed.path, {})
            return Resolved(uri, place_in_run(self.store, run.id, parsed.path), None, run.id, logged.get("sha256", ""))
        if isinstance(parsed, LoggedUri):
            model = find_logged(self.store, parsed.model_id)
            return Resolved(uri, place_of(self.store, model), None, model.run_id)
        version = self._version_of(parsed)
        return Resolved(uri, version.location, version, version.run_id)

    def _version_of(self, uri: ModelUri) -> ModelVersion:
        if uri.number is not None:
            return self.version(uri.name, uri.number)
        if uri.alias is not None:
            return self.by_alias(uri.name, uri.alias)
        versions = self.versions(uri.name, facts=False)
        if uri.stage is None:
            return self._newest(uri.name, versions, "")
        return self._newest(uri.name, [version for version in versions if version.stage == uri.stage], uri.stage)

    def _newest(self, name: str, versions: Sequence[ModelVersion], stage: str) -> ModelVersion:
        if versions:
            return self.version(name, max(version.number for version in versions))
        if not stage:
            raise NotFound("model version", f"{name}/{LATEST}", hint=f"Model {name!r} has no versions yet.")
        held = ", ".join(f"{each.stage}: {each.number}" for each in self.latest(name)) or "there are no versions"
        raise NotFound("model version", f"{name}/{stage}", hint=f"No version is in {stage}; {held}.")

    def _aliased(self, model: RegisteredModel, alias: str) -> int:
        if alias not in model.aliases:
            raise NotFound("alias", f"{model.name}@{alias}", [f"{model.name}@{each}" for each in model.aliases])
        return model.aliases[alias]

    def change(self, *events: Event) -> None:
        """Write events as one transaction; durable when this returns."""
        (self._writer() if self._writer else self.store).write(*events).result()


def others_of(stage: str, archive_existing: bool, demote_existing: str | None) -> str | None:
    """Return where the other versions in a stage go; None: they stay. Raises UsageError when both are given."""
    if archive_existing and demote_existing is not None:
        raise UsageError("give either archive_existing or demote_existing: versions go to one place")
    return check_others("Archived" if archive_existing else demote_existing, stage)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""
