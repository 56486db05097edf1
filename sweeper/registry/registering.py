"""From a sweep, a trial or a run to a model version: the files, where they come from, and the next number, at once."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sweeper.artifacts import open_artifacts
from sweeper.errors import NotFound, UsageError
from sweeper.events import AliasMoved, Event, ModelTagged, StageChanged, VersionChanged
from sweeper.records import ModelVersion, RunState, new_id
from sweeper.registry.facts import lineage, model_facts
from sweeper.registry.files import check_outside, fetched, uploaded
from sweeper.registry.places import logged_in, place_in_run
from sweeper.registry.registry import Registry, others_of
from sweeper.registry.targets import Target, find_target
from sweeper.store.model_names import check_alias, check_description, check_model_name, check_model_tag, check_stage
from sweeper.trial.models import MODEL_FILE, models_of

if TYPE_CHECKING:
    from collections.abc import Iterator

USUAL = "model"  #: what log_model calls a model unless told otherwise


@dataclass(frozen=True, slots=True)
class Wishes:
    """What else becomes true with the version, in the same transaction. ``others`` as in :class:`StageChanged`."""

    aliases: tuple[str, ...] = ()
    stage: str | None = None
    others: str | None = None
    tags: Mapping[str, str] | None = None
    description: str = ""

    @classmethod
    def checked(
        cls,
        alias: str | Sequence[str] | None = None,
        stage: str | None = None,
        archive_existing: bool = False,
        demote_existing: str | None = None,
        tags: Mapping[str, str] | None = None,
        description: str = "",
    ) -> Wishes:
        """Return the wishes when every name is allowed. Raises UsageError."""
        aliases = (alias,) if isinstance(alias, str) else tuple(alias or ())
        for each in aliases:
            check_alias(each, new=True)
        known = None if stage is None else check_stage(stage)
        if known is None and (archive_existing or demote_existing is not None):
            raise UsageError("archive_existing and demote_existing need a stage: they empty it for the new version")
        others = None if known is None else others_of(known, archive_existing, demote_existing)
        for item in (tags or {}).items():
            check_model_tag(*item)
        return cls(aliases, known, others, tags, check_description(description))


@dataclass(frozen=True, slots=True)
class Registered:
    """A version; ``known``: it was registered before, and no new one was made. ``notes`` are for a person."""

    version: ModelVersion
    known: bool
    notes: tuple[str, ...] = ()


def register(
    registry: Registry,
    target: str | Target,
    name: str,
    wishes: Wishes | None = None,
    *,
    artifact: str | None = None,
    path: Path | None = None,
    again: bool = False,
) -> Registered:
    """Register the model of a trial (of a sweep: of its best one) as the next version of ``name``.

    The files are the model that the trial logged, its artifact ``artifact``, or the local file or folder ``path``,
    which is copied beside the artifacts. Where the version comes from and the SHA-256 of each file are stored with it.
    The same files of the same trial again give the version there is, unless ``again``.

    Raises UsageError for a trial without a model, or for files that changed since they were logged; NotFound.
    """
    check_model_name(name)
    if artifact is not None and path is not None:
        raise UsageError("give either artifact or path: a version has one set of files")
    wishes = wishes or Wishes()
    target = target if isinstance(target, Target) else find_target(registry.store, target)
    if target.run.state in (RunState.QUEUED, RunState.RUNNING) and path is None:
        raise UsageError(f"{target.label} is {target.run.state}: its files may still change; register it when it ended")
    source = str(path) if path is not None else f"runs:/{target.run.id}/{_chosen(registry, target, artifact)}"
    with _local(registry, target, source, path) as local:
        facts = model_facts(local)
        if not facts["files"]:
            raise UsageError(f"{source} has no files: there is nothing to register")
        if path is None:
            _check_logged(target, source.removeprefix(f"runs:/{target.run.id}/"), facts["sha256"])
        known = None if again else _known(registry, name, target, facts["sha256"])
        if known is not None:
            return Registered(_wish(registry, known, wishes), True, target.notes)
        facts = {"model": facts, **lineage(registry.store, target.run, target.sweep, target.trial)}
        version_id = new_id()
        with _placed(registry, target, version_id, source, local if path is not None else None) as location:
            made = registry.register(
                _version(version_id, name, target, source, location, facts, wishes), others=wishes.others
            )
    notes = target.notes
    if target.run.state is not RunState.COMPLETE:
        notes = (*notes, f"{target.label} did not complete: it is {target.run.state}")
    return Registered(made, False, notes)


def _version(
    version_id: str, name: str, target: Target, source: str, location: str, facts: dict[str, Any], wishes: Wishes
) -> ModelVersion:
    origin = {"sweeper.sweep": target.sweep.id} if target.sweep else {}
    if target.trial is not None:
        origin["sweeper.trial"] = str(target.trial.number)
    return ModelVersion(
        version_id,
        name,
        source=source,
        location=location,
        run_id=target.run.id,
        stage=wishes.stage or "None",
        aliases=wishes.aliases,
        tags={**origin, **(wishes.tags or {})},
        description=wishes.description,
        facts=facts,
    )


@contextmanager
def _local(registry: Registry, target: Target, source: str, path: Path | None) -> Iterator[Path]:
    if path is not None:
        if not path.exists():
            raise NotFound("file or folder", str(path), hint=f"It was looked for from {Path.cwd()}.")
        check_outside(path, registry.store.artifacts)
        yield path
        return
    with fetched(_location(registry, target, source)) as found:
        yield found


@contextmanager
def _placed(registry: Registry, target: Target, version_id: str, source: str, local: Path | None) -> Iterator[str]:
    """Give the location of the files: where the trial has them, or where they are copied now."""
    if local is None:
        yield _location(registry, target, source)
        return
    copying: AbstractContextManager[str] = uploaded(registry.store.artifacts, version_id, local)
    with copying as location:
        yield location


def _location(registry: Registry, target: Target, source: str) -> str:
    return place_in_run(registry.store, target.run.id, source.removeprefix(f"runs:/{target.run.id}/"))


def _chosen(registry: Registry, target: Target, artifact: str | None) -> str:
    """Return the path of the files among the artifacts of the run."""
    files = open_artifacts(registry.store.artifacts_of(target.run.id))
    there = [(path, is_folder) for path, is_folder, _ in files.list()]
    by_clients = logged_in(registry.store, target.run.id)
    if artifact is not None:
        asked = artifact.strip("/")
        above = asked.rpartition("/")[0]
        if asked.partition("/")[0] not in by_clients and asked not in [path for path, _, _ in files.list(above)]:
            hint = f"It was looked for in {target.label}."
            raise NotFound("artifact", artifact, [*(path for path, _ in there), *by_clients], hint)
        return asked
    logged = sorted({*models_of(target.run.tags), *by_clients}) or [
        path for path, is_folder in there if is_folder and f"{path}/{MODEL_FILE}" in [p for p, _, _ in files.list(path)]
    ]
    if USUAL in logged:
        return USUAL
    if len(logged) == 1:
        return logged[0]
    if logged:
        listed = ", ".join(logged)
        raise UsageError(f"{target.label} has several models: choose one with artifact (--artifact): {listed}")
    has = f"; it has: {', '.join(path for path, _ in there[:8])}" if there else ""
    raise UsageError(
        f"{target.label} has no model. Add trial.log_model(model) to the objective and run it again "
        f"({target.again}), or register other files: --path FOLDER for local ones, "
        f"--artifact PATH for an artifact of it{has}"
    )


def _check_logged(target: Target, name: str, now: str) -> None:
    logged = models_of(target.run.tags).get(name)
    if logged is not None and logged.get("sha256") != now:
        raise UsageError(
            f"the model {name!r} of {target.label} is not what it logged: its files were changed or damaged since. "
            f"Run it again ({target.again}), or register these files on purpose: --path FOLDER"
        )


def _known(registry: Registry, name: str, target: Target, sha256: str) -> ModelVersion | None:
    try:
        versions = registry.versions(name)
    except NotFound:
        return None
    same = [v for v in versions if v.run_id == target.run.id and v.facts.get("model", {}).get("sha256") == sha256]
    return same[-1] if same else None


def _wish(registry: Registry, version: ModelVersion, wishes: Wishes) -> ModelVersion:
    """Make what is wished true of a version that there is, in one transaction."""
    model, number, now, user = version.model_id, version.number, time.time(), registry.user
    events: list[Event] = [AliasMoved(model, alias, number, now, user) for alias in wishes.aliases]
    if wishes.stage is not None:
        events.append(StageChanged(model, number, wishes.stage, now, user, wishes.others))
    if wishes.tags:
        events.append(ModelTagged(model, number, dict(wishes.tags), now))
    if wishes.description:
        events.append(VersionChanged(model, number, now, description=wishes.description))
    registry.change(*events)
    return registry.version(version.name, number)
