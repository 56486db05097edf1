"""Experiments: numbered from 0 as MLflow's are, so that their ids read as its integers."""

from __future__ import annotations

from sweeper.store.names import check_name
from sweeper.store.sql import Session

DEFAULT = "Default"


def find_or_create(session: Session, name: str, time: float) -> int:
    """Return the id of the experiment ``name``, creating it if needed. Called inside a write transaction."""
    name = name or DEFAULT
    found = session.rows("experiment_id", check_name(name, "experiment name"))
    while not found:  # more than once when another process takes the same number at this moment
        following = session.rows("next_experiment")[0][0]
        session.run("insert_experiment", following, name, time, 0, time)
        found = session.rows("experiment_id", name)
    number: int = found[0][0]
    return number
