"""What the pages ask that nobody else does: totals of a sweep, runs outside sweeps, counts; each a short read.

A sweep's trials are one range of an index, and so are the runs that have no parent.
"""

from __future__ import annotations

from sqlalchemy import Executable, bindparam, case, func, select

from sweeper.store.clauses import listed
from sweeper.store.model_tables import models, versions
from sweeper.store.tables import experiments, points, runs


def core() -> dict[str, Executable]:
    """Return all statements by name."""
    of_sweep = (runs.c.parent_id == bindparam("sweep"), runs.c.number.is_not(None))
    took = runs.c.ended - runs.c.started
    outside = (runs.c.parent_id.is_(None), runs.c.kind == "run", runs.c.deleted == 0)
    return {
        "page_totals": select(
            func.count(), func.min(runs.c.started), func.max(runs.c.ended), func.sum(took),
            func.sum(case((runs.c.attempts > 1, runs.c.attempts - 1), else_=0)),
        ).where(*of_sweep),
        "page_distinct": select(func.count(), func.count(func.distinct(runs.c.params))).where(*of_sweep),
        "page_running": select(runs.c.started).where(*of_sweep, runs.c.state == "running"),
        "page_times": select(runs.c.number, runs.c.state, runs.c.created, runs.c.started, runs.c.ended)
        .where(runs.c.parent_id == bindparam("sweep"), runs.c.number >= bindparam("number", type_=runs.c.number.type))
        .order_by(runs.c.number),
        "page_values": select(runs.c.number, runs.c.goal_values)
        .where(*of_sweep, runs.c.state == bindparam("state"))
        .order_by(runs.c.number),
        "page_failures": select(runs.c.number, runs.c.failure)
        .where(*of_sweep, runs.c.state == bindparam("state"))
        .order_by(runs.c.number.desc())
        .limit(bindparam("count", type_=runs.c.number.type)),
        "page_metrics": select(runs.c.metrics).where(*of_sweep, runs.c.metrics.is_not(None)),
        "page_loose_runs": select(runs.c.id, runs.c.name, runs.c.experiment_id, runs.c.state, runs.c.created)
        .where(*outside)
        .order_by(runs.c.created.desc(), runs.c.id.desc()),
        "page_children": select(runs.c.parent_id, func.count()).where(listed(runs.c.parent_id)).group_by(
            runs.c.parent_id
        ),
        "page_below": select(runs.c.parent_id, runs.c.id)
        .where(runs.c.deleted == 0, listed(runs.c.parent_id))
        .order_by(runs.c.created, runs.c.number, runs.c.id),
        "page_experiments": select(experiments.c.id, experiments.c.name, experiments.c.created)
        .where(experiments.c.deleted == 0)
        .order_by(experiments.c.id),
        "page_experiment_runs": select(runs.c.experiment_id, runs.c.kind, func.count(), func.max(runs.c.created))
        .where(runs.c.parent_id.is_(None), runs.c.deleted == 0)
        .group_by(runs.c.experiment_id, runs.c.kind),
        "page_registered": select(
            models.c.id, models.c.name, versions.c.version, versions.c.stage, runs.c.id, runs.c.parent_id
        )
        .join(versions, versions.c.model_id == models.c.id)
        .join(runs, runs.c.id == versions.c.run_id)
        .where(versions.c.deleted == 0)
        .order_by(models.c.name, versions.c.version),
        "page_metric_names": select(points.c.run_id, points.c.key, func.count())
        .where(listed(points.c.run_id))
        .group_by(points.c.run_id, points.c.key),
    }  # fmt: skip
