"""A plan with the history that its warm start asks for: read when the sweep is new, the same when it is resumed."""

from __future__ import annotations

from dataclasses import replace

from sweeper.controller import provenance
from sweeper.controller.choices import NOTES, WARM_START
from sweeper.controller.plan import Plan
from sweeper.controller.warm.gather import gather
from sweeper.controller.warm.keeping import kept
from sweeper.controller.warm.sources import COMMIT
from sweeper.interfaces import Store

LONGEST = 4000  #: characters of the notes that are kept


def with_history(store: Store, plan: Plan) -> tuple[Plan, list[str]]:
    """Return the plan of a new sweep with what it learns of past ones, and sentences that say what was taken and why.

    Raises UsageError for sweeps that it cannot learn from.
    """
    if not plan.config.warm_start:
        return plan, []
    warm = gather(store, plan.config, plan.sweep.method, plan.sweep.seed, _commit(plan))
    tags = {WARM_START: warm.text} | ({NOTES: "\n".join(warm.notes)[:LONGEST]} if warm.notes else {})
    config, sweep = plan.config, plan.sweep
    plan = replace(
        plan,
        config=replace(config, tags={**config.tags, **tags}),
        sweep=replace(sweep, tags={**sweep.tags, **tags}),
        history=warm.history,
    )
    return plan, [f"warm start {warm.text}", *warm.notes]


def with_kept_history(store: Store, plan: Plan) -> tuple[Plan, list[str]]:
    """Return the plan of a resumed sweep with the history that it began with; a sentence when that is lost."""
    if not plan.config.warm_start:
        return plan, []
    history = kept(store, plan.sweep)
    if history is None:
        return plan, ["What the warm start took of past sweeps cannot be read any more: it goes on without"]
    return replace(plan, history=history), []


def _commit(plan: Plan) -> str:
    """Return the commit that the objective's code is at; "" when it is in no repository."""
    from sweeper.controller.session import code_folder

    return provenance.tags("", folder=code_folder(plan.config)).get(COMMIT, "")
