"""The fixed statements of the model registry, by name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Executable, bindparam, delete, func, insert, select, update

from sweeper.store.clauses import binds, ignore, listed, locked, upsert
from sweeper.store.dialects import Dialect
from sweeper.store.model_tables import aliases, changes, model_tags, models, versions


def core(dialect: Dialect) -> dict[str, Executable]:
    """Return all statements by name."""
    return {**_writes(dialect), **_loads(dialect), **_reads()}


def _writes(dialect: Dialect) -> dict[str, Executable]:
    the_model = models.c.id == bindparam("model")
    the_version = (versions.c.model_id == bindparam("model"), versions.c.version == bindparam("number"))
    changed = ("state", "message", "stage", "description", "updated")
    gone = (
        "state", "message", "stage", "source", "location", "run_id", "run_link", "user_id", "description", "updated",
    )  # fmt: skip
    made: dict[str, Executable] = {
        "insert_model": ignore(models, dialect),
        "insert_version": insert(versions).values(binds(versions)),
        "insert_change": insert(changes).values(binds(changes)),
        "upsert_model_tag": upsert(model_tags, dialect),
        "upsert_alias": upsert(aliases, dialect),
        "update_model": update(models).where(the_model).values(binds(models, ("name", "description", "updated"))),
        "touch_model": update(models).where(the_model).values(binds(models, ("updated",))),
        "update_version": update(versions).where(*the_version).values(binds(versions, changed)),
        "forget_version": update(versions)
        .where(*the_version)
        .values({**binds(versions, gone), "deleted": 1, "facts": "{}"}),
        "delete_model": delete(models).where(the_model),
        "delete_model_tag": delete(model_tags).where(
            model_tags.c.model_id == bindparam("model"),
            model_tags.c.version == bindparam("number"),
            model_tags.c.key == bindparam("tag"),
        ),
        "delete_alias": delete(aliases).where(
            aliases.c.model_id == bindparam("model"), aliases.c.alias == bindparam("name")
        ),
    }
    for table in (versions, model_tags, aliases, changes):
        name = "delete_all_" + table.name.removeprefix("sweeper_")
        made[name] = delete(table).where(table.c.model_id == bindparam("model"))
    return made


def _loads(dialect: Dialect) -> dict[str, Executable]:
    """What is looked at inside a transaction before anything changes; the row of the model is locked first."""
    model = select(models.c.id, models.c.name, models.c.description)
    version = select(
        versions.c.version, versions.c.state, versions.c.message, versions.c.stage, versions.c.description
    ).where(versions.c.model_id == bindparam("model"), versions.c.deleted == 0)
    return {
        "lock_model": locked(model.where(models.c.id == bindparam("model")), dialect),
        "lock_model_named": locked(model.where(models.c.name == bindparam("name")), dialect),
        "load_version": version.where(versions.c.version == bindparam("number")),
        "versions_in_stage": version.where(versions.c.stage == bindparam("stage")).order_by(versions.c.version),
        "version_known": select(versions.c.version).where(versions.c.id == bindparam("id")),
        "last_version": select(func.coalesce(func.max(versions.c.version), 0)).where(
            versions.c.model_id == bindparam("model")
        ),
        "last_change": select(func.coalesce(func.max(changes.c.number), 0)).where(
            changes.c.model_id == bindparam("model")
        ),
        "load_alias": select(aliases.c.version).where(
            aliases.c.model_id == bindparam("model"), aliases.c.alias == bindparam("name")
        ),
        "aliases_of_version": select(aliases.c.alias)
        .where(aliases.c.model_id == bindparam("model"), aliases.c.version == bindparam("number"))
        .order_by(aliases.c.alias),
    }


def _reads() -> dict[str, Executable]:
    model = select(models.c.id, models.c.name, models.c.description, models.c.created, models.c.updated)
    version = select(
        versions.c.id, models.c.name, versions.c.version, versions.c.model_id, versions.c.source, versions.c.location,
        versions.c.run_id, versions.c.run_link, versions.c.stage, versions.c.state, versions.c.message,
        versions.c.user_id, versions.c.description, versions.c.created, versions.c.updated,
    ).join(models, models.c.id == versions.c.model_id)  # fmt: skip
    there: Any = versions.c.deleted == 0
    return {
        "model_named": model.where(models.c.name == bindparam("name")),
        "models_by_name": model.order_by(models.c.name).limit(bindparam("count", type_=versions.c.version.type)),
        "models_by_id": model.where(listed(models.c.id)),
        "model_names": select(models.c.name).order_by(models.c.name),
        "versions_of": version.where(versions.c.model_id == bindparam("model"), there).order_by(versions.c.version),
        "versions_by_id": version.where(listed(versions.c.id), there),
        "version_facts": select(versions.c.id, versions.c.facts).where(listed(versions.c.id)),
        "model_tags": select(
            model_tags.c.model_id, model_tags.c.version, model_tags.c.key, model_tags.c.value
        ).where(listed(model_tags.c.model_id)),
        "model_aliases": select(aliases.c.model_id, aliases.c.alias, aliases.c.version)
        .where(listed(aliases.c.model_id))
        .order_by(aliases.c.alias),
        "model_changes": select(
            changes.c.time, changes.c.kind, changes.c.version, changes.c.subject, changes.c.old_value,
            changes.c.new_value, changes.c.user_id,
        )
        .where(changes.c.model_id == bindparam("model"))
        .order_by(changes.c.number),
    }  # fmt: skip
