"""What can be read of the model registry: :class:`sweeper.interfaces.Models` of a database."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sweeper.errors import NotFound
from sweeper.records import LoggedFiles, ModelChange, ModelVersion, RegisteredModel
from sweeper.store import tracking
from sweeper.store.sql import Session

T = TypeVar("T")
Read = Callable[[Callable[[Session], Any]], Any]


class SqlModels:
    """Registered models and their versions. Safe to use from any thread."""

    def __init__(self, read: Read) -> None:
        self._read = read

    def find(self, name: str) -> RegisteredModel:
        found: RegisteredModel = self._read(lambda session: _find(session, name))
        return found

    def version(self, name: str, number: int) -> ModelVersion:
        found: ModelVersion = self._read(lambda session: _version(session, name, number))
        return found

    def version_by_id(self, version_id: str) -> ModelVersion:
        found: ModelVersion = self._read(lambda session: _version_by_id(session, version_id))
        return found

    def versions(self, name: str, *, facts: bool = True) -> list[ModelVersion]:
        found: list[ModelVersion] = self._read(lambda session: _versions(session, name, facts))
        return found

    def changes(self, name: str) -> list[ModelChange]:
        found: list[ModelChange] = self._read(lambda session: _changes(session, name))
        return found

    def search(
        self, where: str | None = None, *, order_by: Sequence[str] = (), limit: int | None = None, offset: int = 0
    ) -> list[RegisteredModel]:
        def query(session: Session) -> list[RegisteredModel]:
            if not where and not order_by and not offset:  # as lists ask: without importing what builds SQL
                return _models(session, session.rows("models_by_name", 2**31 - 1 if limit is None else limit))
            from sweeper.store.model_search import search_models

            text, values = search_models(session.dialect, where, order_by, limit, offset)
            return _in_order(session, "models_by_id", session.text(text, values), _models)

        found: list[RegisteredModel] = self._read(query)
        return found

    def search_versions(
        self, where: str | None = None, *, order_by: Sequence[str] = (), limit: int | None = None, offset: int = 0
    ) -> list[ModelVersion]:
        def query(session: Session) -> list[ModelVersion]:
            from sweeper.store.model_search import search_versions

            text, values = search_versions(session.dialect, where, order_by, limit, offset)
            return _in_order(session, "versions_by_id", session.text(text, values), _version_records)

        found: list[ModelVersion] = self._read(query)
        return found

    def logged(self, ref: str) -> list[LoggedFiles]:
        found: list[LoggedFiles] = self._read(lambda session: _logged(session, ref))
        return found


def _logged(session: Session, ref: str) -> list[LoggedFiles]:
    models = tracking.models_of_run(session, ref)[::-1] or tracking.logged_models_by_id(session, [ref])
    return [LoggedFiles(model.id, model.name, model.run_id) for model in models if model.state == tracking.READY]


def _in_order(
    session: Session, name: str, found: Sequence[Any], records: Callable[[Session, Sequence[Any]], list[T]]
) -> list[T]:
    ids = [row[0] for row in found]
    rows = {row[0]: row for row in session.rows_in(name, ids)}
    return records(session, [rows[each] for each in ids if each in rows])


def _find(session: Session, name: str) -> RegisteredModel:
    found = session.rows("model_named", name)
    if not found:
        raise NotFound("registered model", name, [row[0] for row in session.rows("model_names")])
    return _models(session, found)[0]


def _models(session: Session, rows: Sequence[Any]) -> list[RegisteredModel]:
    ids = [row[0] for row in rows]
    tags, aliases = _tags(session, ids), _aliases(session, ids)
    return [
        replace(RegisteredModel(*row), tags=tags.get((row[0], 0), {}), aliases=aliases.get(row[0], {})) for row in rows
    ]


def _versions(session: Session, name: str, facts: bool) -> list[ModelVersion]:
    found = _version_records(session, session.rows("versions_of", _find(session, name).id))
    return _with_facts(session, found) if facts else found


def _version(session: Session, name: str, number: int) -> ModelVersion:
    versions = _version_records(session, session.rows("versions_of", _find(session, name).id))
    for version in versions:
        if version.number == number:
            return _with_facts(session, [version])[0]
    raise NotFound("model version", f"{name}/{number}", [str(version.number) for version in versions[::-1]])


def _version_by_id(session: Session, version_id: str) -> ModelVersion:
    found = _version_records(session, session.rows_in("versions_by_id", [version_id]))
    if not found:
        raise NotFound("model version", version_id)
    return _with_facts(session, found)[0]


def _version_records(session: Session, rows: Sequence[Any]) -> list[ModelVersion]:
    models = list(dict.fromkeys(row[3] for row in rows))
    tags, aliases = _tags(session, models), _aliases(session, models)
    return [
        replace(
            ModelVersion(*row),
            tags=tags.get((row[3], row[2]), {}),
            aliases=tuple(alias for alias, number in aliases.get(row[3], {}).items() if number == row[2]),
        )
        for row in rows
    ]


def _with_facts(session: Session, versions: Sequence[ModelVersion]) -> list[ModelVersion]:
    facts = dict(session.rows_in("version_facts", [version.id for version in versions]))
    return [replace(version, facts=json.loads(facts[version.id])) for version in versions]


def _changes(session: Session, name: str) -> list[ModelChange]:
    return [ModelChange(*row) for row in session.rows("model_changes", _find(session, name).id)]


def _tags(session: Session, ids: Sequence[str]) -> dict[tuple[str, int], dict[str, str]]:
    made: dict[tuple[str, int], dict[str, str]] = {}
    for model_id, number, key, value in session.rows_in("model_tags", ids):
        made.setdefault((model_id, number), {})[key] = value
    return made


def _aliases(session: Session, ids: Sequence[str]) -> dict[str, dict[str, int]]:
    made: dict[str, dict[str, int]] = {}
    for model_id, alias, number in session.rows_in("model_aliases", ids):
        made.setdefault(model_id, {})[alias] = number
    return made
