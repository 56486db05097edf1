"""``sweeper pause``, ``stop`` and ``cancel``: wishes to a sweep that runs in another terminal or on another machine."""

from __future__ import annotations

import click

from sweeper.cli.session import Session, command
from sweeper.cli.sweeps import done_text
from sweeper.cli.text import inert, tail
from sweeper.cli.trials import pareto
from sweeper.interfaces import Store
from sweeper.records import SweepRecord
from sweeper.web.shapes import sweep_shape

DONE = {
    "pause": ("paused", "pausing: it starts no new trials"),
    "resume": ("running", "resuming"),
    "stop": ("stopped", "stopping: running trials end, no new ones start"),
    "cancel": ("cancelled", "cancelling"),
}


def wish(session: Session, store: Store, sweep: SweepRecord, wanted: str) -> int:
    """Ask the controller of a sweep for something and say what came of it."""
    from sweeper.controller.provenance import user
    from sweeper.controller.wishes import ask

    sweep = ask(store, sweep, wanted, user() or "somebody")
    if session.as_json:
        session.emit(sweep_shape(sweep, pareto(store, sweep)))
        return 0
    reached, under_way = DONE[wanted]
    there = sweep.state.ended or sweep.state.value == reached
    state = sweep.state if there else under_way
    session.say(f"{inert(sweep.name)} {tail(sweep.id)} is {state}: {done_text(sweep)} trials")
    session.next(f"sweeper {'show' if wanted == 'resume' else 'resume'} {tail(sweep.id)}")
    return 0


def _wish(session: Session, ref: str, wanted: str) -> int:
    with session.store(read_only=False) as store:
        return wish(session, store, store.find_sweep(ref), wanted)


@command("pause")
@click.argument("sweep")
def pause(session: Session, sweep: str) -> int:
    """Let SWEEP start no new trials; running ones end, and its process waits.

    \b
    Example:
      sweeper pause last
      sweeper resume last
    """
    return _wish(session, sweep, "pause")


@command("stop")
@click.argument("sweep")
def stop(session: Session, sweep: str) -> int:
    """End SWEEP: running trials end, no new ones start. It can be resumed.

    \b
    Example:
      sweeper stop digits
    """
    return _wish(session, sweep, "stop")


@command("cancel")
@click.argument("sweep")
def cancel(session: Session, sweep: str) -> int:
    """End SWEEP now: running trials are killed.

    \b
    Example:
      sweeper cancel digits
    """
    return _wish(session, sweep, "cancel")
