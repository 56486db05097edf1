"""One sweep for its page: everything but its trials, in a time that does not grow with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sweeper.analysis.gain import cost_metric_of
from sweeper.analysis.summary import Summary
from sweeper.config.secrets import MASK, mask_urls
from sweeper.controller.choices import NOTES
from sweeper.controller.standing import alive, standing
from sweeper.records import RunState, SweepRecord, SweepState, TrialRecord
from sweeper.space.yaml import dump
from sweeper.store.store import SqlStore
from sweeper.web import facts, sparks
from sweeper.web.front import front
from sweeper.web.home import eta
from sweeper.web.registered import registered
from sweeper.web.shapes import sweep_shape
from sweeper.web.spaces import declared_of, parameter_shape
from sweeper.web.totals import summary

Data = dict[str, Any]


def found(store: SqlStore, ref: str) -> SweepRecord:
    """Return the sweep that ``ref`` names, with the state that a person should see. Raises NotFound."""
    return standing(store, store.find_sweep(ref))


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of a sweep beside its record: by a few questions to the store, or from all its trials.

    ``url`` is told in commands, "" where it is not needed or holds a password; ``best_file`` is a sweep file with the
    best parameters, if there is one.
    """

    summary: Summary
    front: Sequence[TrialRecord] = ()
    live: bool = False
    cost: Data | None = None
    registered: Sequence[Data] = ()
    url: str = ""
    best_file: str = ""


def sweep_page(store: SqlStore, sweep: SweepRecord, now: float) -> Data:
    """Return what the page of a sweep shows around its trials."""
    known = sparks.known_totals(sweep)
    around = Around(
        summary=summary(store, sweep, now),
        front=front(store, sweep),
        live=alive(store, sweep) is not None,
        cost=known.cost(cost_metric_of(sweep.config)) if known else None,
        registered=registered(store).get(sweep.id, []),
        url=shown_url(store.url),
    )
    return shape(sweep, around, now)


def shown_url(url: str) -> str:
    """Return the address of a store where it may stand in a command: a password is never shown."""
    return "" if MASK in mask_urls(url) else url


def shape(sweep: SweepRecord, around: Around, now: float) -> Data:
    """Return what a page shows, live or in a report."""
    counted, tags = around.summary, sweep.tags
    complete = bool(sweep.counts.get(RunState.COMPLETE))
    return {
        **sweep_shape(sweep, around.front),
        "planned": sweep.trials,
        "now": now,
        "live": around.live,
        "source": sweep.source,
        "store": around.url,
        "config_yaml": dump(dict(sweep.config)),
        "goals": [{"name": goal.name, "goal": goal.direction, "target": goal.target} for goal in sweep.goals],
        "space": {name: parameter_shape(parameter) for name, parameter in declared_of(sweep).items()},
        "constraints": [str(each) for each in sweep.config.get("constraints") or ()],
        "facts": [list(fact) for fact in facts.facts(sweep, counted, tags)],
        "warning": facts.warning(sweep, counted, complete=complete, now=now),
        "eta": eta(sweep, now),
        "cost": around.cost or _cost(sweep, counted.compute),
        "actions": actions(sweep, live=around.live),
        "commands": [{"label": label, "command": command} for label, command in _commands(sweep, complete, around)],
        "environment": [list(fact) for fact in facts.environment(tags)],
        "registered": list(around.registered),
        "returns": counted.last and f"the last {counted.last.trials} trials {counted.last.text}",
        "log": "\n".join(line for line in (sweep.reason, tags.get(NOTES, "")) if line),
    }


def actions(sweep: SweepRecord, *, live: bool) -> list[str]:
    """Return what a person may wish of the sweep now. One that nobody runs can only be ended for good."""
    if sweep.state.ended:
        return []
    if not live:
        return ["stop", "cancel"]
    return ["resume" if sweep.state is SweepState.PAUSED else "pause", "stop", "cancel"]


def _cost(sweep: SweepRecord, compute: float) -> Data:
    return {"seconds": compute, "metric": cost_metric_of(sweep.config), "value": None}


def _commands(sweep: SweepRecord, complete: bool, around: Around) -> list[tuple[str, str]]:
    ref, failed, url = sweep.id[-8:], bool(sweep.counts.get(RunState.FAILED)), around.url
    lines = facts.commands(sweep, complete=complete, failed=failed, best_file=around.best_file, url=url)
    if complete:
        lines += [
            ("Show the best", facts.command("best", ref, url=url)),
            ("Write the report", facts.command("report", ref, url=url)),
            ("Write the next sweep", facts.command("narrow", ref, url=url)),
            ("Register the best", facts.command("register", ref, "--model", sweep.name, url=url)),
        ]
    return lines
