"""Starting a sweep or going on with one, from the first line on the screen to the last."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from sweeper.cli.failures import cause_lines, causes_of
from sweeper.cli.plan import executor_text, goal_text, notes_of
from sweeper.cli.progress import View, choose
from sweeper.cli.session import Session
from sweeper.cli.sweeps import done_text, next_commands, reused_text
from sweeper.cli.text import ago, duration, forecast_text, inert, number, plural, tail, value_text
from sweeper.cli.trials import pareto
from sweeper.controller.savings import savings_text
from sweeper.interfaces import Hook, Store
from sweeper.records import RunState, SweepRecord, SweepState
from sweeper.web.shapes import sweep_shape

if TYPE_CHECKING:
    from sweeper.api import Result
    from sweeper.config import SweepConfig

NO_TRIAL, SIGNALLED = 1, 128


class Opening(Hook):
    """The first lines: what runs, how, and where it is kept."""

    def __init__(self, session: Session, config: SweepConfig | None = None) -> None:
        self.session, self.config = session, config

    def started(self, sweep: SweepRecord, store: Store) -> None:
        executor = f", {executor_text(self.config.executor)}" if self.config else ""
        budget = "trials without limit" if sweep.trials is None else plural(sweep.trials, "trial")
        goals = ", ".join(goal_text(goal) for goal in sweep.goals)
        self.session.say(
            f"{inert(sweep.name)} {tail(sweep.id)}: {inert(goals)}",
            f"{inert(sweep.method)}, {budget}{inert(executor)}, store {inert(store.url)}",
        )
        for note in notes_of(self.config) if self.config else ():
            self.session.say(f"note: {inert(note)}")
        if self.config and (expected := _expected(self.config, sweep, store)):
            self.session.say(expected)


def _expected(config: SweepConfig, sweep: SweepRecord, store: Store) -> str:
    """How long a new sweep will take, if earlier ones of its objective say so."""
    from sweeper.controller.forecast import estimate
    from sweeper.controller.past import past_durations
    from sweeper.controller.plan import workers

    past = past_durations(store, sweep) if sweep.trials else []
    made = estimate(past, sweep.trials or 0, [], workers(config))
    text = forecast_text(made.seconds, made.late).replace(" left", "") if made else ""
    return f"{text}, as {plural(len(past), 'trial')} of earlier sweeps took" if text else ""


def start(session: Session, store: Store, config: SweepConfig) -> int:
    """Run a new sweep to its end and return the exit code."""
    from sweeper.api import run_sweep

    def act(hooks: Sequence[Hook]) -> Result:
        typed = ["sweeper", *sys.argv[1:]]
        return run_sweep(config, store=store, hooks=[Opening(session, config), *hooks], command_line=typed)

    return watched(session, act)


def go_on(
    session: Session,
    store: Store,
    sweep: SweepRecord,
    trials: int | None,
    *,
    config: SweepConfig | None = None,
    wait: bool = True,
) -> int:
    """Go on with ``sweep`` to its end and return the exit code; a finished one is left as it is.

    One that is paused in another process is told to go on there. A ``config`` that changed becomes a new revision.
    """
    from sweeper.api import resume_sweep
    from sweeper.controller.standing import alive

    if sweep.state is SweepState.PAUSED and alive(store, sweep) is not None:
        from sweeper.cli.control import wish

        return wish(session, store, sweep, "resume")

    done = sum(sweep.counts.values())
    if sweep.state is SweepState.FINISHED and (trials is None or trials <= done):
        why = f" ({inert(sweep.reason)})" if sweep.reason else ""  # then more trials would end for the same
        session.say(f"{inert(sweep.name)} {tail(sweep.id)} is finished{why}: {done_text(sweep)} trials")
        further = [] if why else [f"sweeper resume {tail(sweep.id)} --trials {2 * done or 100}"]
        session.next(*further, f"sweeper show {tail(sweep.id)}")
        if session.as_json:
            session.emit(sweep_shape(sweep, pareto(store, sweep)))
        return 0

    if config is not None:
        _say_changes(session, sweep, config)

    def act(hooks: Sequence[Hook]) -> Result:
        return resume_sweep(store, sweep, config=config, trials=trials, hooks=[Opening(session), *hooks], wait=wait)

    return watched(session, act)


def _say_changes(session: Session, sweep: SweepRecord, config: SweepConfig) -> None:
    from sweeper.config import parse_config
    from sweeper.controller.revision import changes

    if lines := changes(sweep, parse_config(sweep.config, name=sweep.name), config):
        session.say(f"{inert(sweep.name)} {tail(sweep.id)} goes on as a new revision; what changed:")
        session.say(*(f"  {inert(line)}" for line in lines))


def watched(session: Session, act: Callable[[Sequence[Hook]], Result]) -> int:
    """Let ``act`` run a sweep under the view that fits where we are; print its end; return the exit code."""
    view = View() if session.quiet else choose("auto", session.stream)
    try:
        result = act([view])
    finally:
        view.close()
    return ending(session, result)


def ending(session: Session, result: Result) -> int:
    """The last lines: the best, where the report is, what to type next; with ``--json`` the ``show`` object."""
    sweep, store = result.sweep, result.store
    if session.as_json:
        session.emit(sweep_shape(sweep, pareto(store, sweep)))
    else:
        session.say(*end_lines(sweep))
        if reused := reused_text(store, sweep):
            session.say(f"reused {reused}")
        if not sweep.counts.get(RunState.COMPLETE):
            session.say(*(line for cause in causes_of(store, sweep) for line in cause_lines(cause)))
        if result.report is not None:
            session.say(f"report {inert(str(result.report / 'report.html'))}")
        session.next(*next_commands(sweep, reported=result.report is not None))
    if result.signal:
        print(f"interrupted; to go on: {session.complete(f'sweeper resume {tail(sweep.id)}')}", file=sys.stderr)
        return SIGNALLED + result.signal
    return 0 if sweep.counts.get(RunState.COMPLETE) else NO_TRIAL


def end_lines(sweep: SweepRecord) -> list[str]:
    """What came out of a sweep, in a few lines."""
    counts = ", ".join(f"{sweep.counts[state]} {state}" for state in RunState if sweep.counts.get(state))
    took = f" in {duration(sweep.ended - sweep.started)}" if sweep.started and sweep.ended else ""
    state = inert(sweep.reason) if sweep.reason.startswith(sweep.state) else str(sweep.state)
    reason = f" ({inert(sweep.reason)})" if sweep.reason and state != inert(sweep.reason) else ""
    lines = ["", f"{state}{reason}: {counts or 'no trials'}{took}"]
    if stopped := savings_text(sweep.counts, sweep.tags):
        lines.append(f"stopped early: {stopped}")
    if sweep.best:
        lines.append(f"best {inert(sweep.goals[0].name)} {number(sweep.best.value)} in trial {sweep.best.number}:")
        width = max(map(len, sweep.best.params), default=0)
        lines += [f"  {inert(name):{width}}  {value_text(value)}" for name, value in sweep.best.params.items()]
    return lines


def asked(session: Session, sweep: SweepRecord, now: float) -> bool | None:
    """Ask a person whether to resume ``sweep`` (True), to start a new one (False), or neither (None).

    Where nobody can answer: False, after saying how to resume.
    """
    found = (
        f"{inert(sweep.name)} {tail(sweep.id)} is {sweep.state}: {done_text(sweep)} trials, {ago(sweep.started, now)}"
    )
    if session.as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        session.say(f"note: {found}; to go on with it: {session.complete(f'sweeper resume {tail(sweep.id)}')}")
        return False
    session.console.print(found)
    answer = click.prompt("[r]esume it, start a [n]ew one, or [q]uit", type=click.Choice(["r", "n", "q"]), default="r")
    return {"r": True, "n": False}.get(answer)
