"""Which model versions come from which sweep: of all sweeps at once, as there are few versions."""

from __future__ import annotations

from typing import Any

from sweeper.store.sql import Session
from sweeper.store.store import SqlStore


def registered(store: SqlStore) -> dict[str, list[dict[str, Any]]]:
    """Return by sweep what was registered of it or of its trials: model, version, aliases, stage, run."""
    return store.read(_read)


def registered_of(store: SqlStore, run_id: str) -> list[dict[str, Any]]:
    """Return what was registered of one run."""
    return [one for versions in registered(store).values() for one in versions if one["run_id"] == run_id]


def _read(session: Session) -> dict[str, list[dict[str, Any]]]:
    rows = session.rows("page_registered")
    aliases: dict[tuple[str, int], list[str]] = {}
    for model_id, alias, version in session.rows_in("model_aliases", list(dict.fromkeys(row[0] for row in rows))):
        aliases.setdefault((model_id, version), []).append(alias)
    found: dict[str, list[dict[str, Any]]] = {}
    for model_id, name, version, stage, run_id, parent_id in rows:
        one = {
            "model": name,
            "version": version,
            "aliases": aliases.get((model_id, version), []),
            "stage": stage,
            "run_id": run_id,
        }
        found.setdefault(parent_id or run_id, []).append(one)
    return found
