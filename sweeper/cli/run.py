"""``sweeper run`` and ``resume``: a sweep from a file, watched to its end."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import click

from sweeper.cli.launch import asked, go_on, start
from sweeper.cli.plan import dry_run as show_plan
from sweeper.cli.plan import read_config
from sweeper.cli.session import Session, Whole, command
from sweeper.controller.standing import unfinished

Positive = Whole(min=1)


@command("run")
@click.argument("file")
@click.option("--trials", metavar="N", type=Positive, help="Budget: so many trials in all.")
@click.option("--workers", metavar="N", type=Positive, help="So many trials at once.")
@click.option("--timeout", metavar="D", help="Kill a trial that takes longer: 90s, 10m, 2h.")
@click.option("--executor", metavar="K", help="Who runs trials: joblib, ray, or inline to debug here.")
@click.option("--name", metavar="S", help="Name of the sweep. Default: the file's.")
@click.option("--warm-start", "past", metavar="SWEEP", multiple=True, help="Learn from a past sweep; repeatable.")
@click.option("--reuse", is_flag=True, help="Take results of the same points, code and data from earlier sweeps.")
@click.option("--set", "settings", metavar="A.B=V", multiple=True, help="Change any key of the file; repeatable.")
@click.option("--artifacts", metavar="URL", help="Where files of trials go. Default: beside the store.")
@click.option("--resume/--new", "resume_it", default=None, help="Go on with an unfinished sweep of that name, or not.")
@click.option("--dry-run", is_flag=True, help="Show config, space and first points; create nothing.")
def run(
    session: Session,
    file: str,
    trials: int | None,
    workers: int | None,
    timeout: str | None,
    executor: str | None,
    name: str | None,
    past: tuple[str, ...],
    reuse: bool,
    settings: tuple[str, ...],
    artifacts: str | None,
    resume_it: bool | None,
    dry_run: bool,
) -> int:
    """Run the sweep of FILE, or the bundled sweep of that name; show progress; write the report.

    Exit code 0 when it is done, 1 when no trial completed, 130 after Ctrl-C: then it can be resumed.

    \b
    Example:
      sweeper run quickstart
      sweeper run sweep.yaml --trials 200 --workers 8 --timeout 5m
      sweeper run sweep.yaml --warm-start 'digits*'
      sweeper run sweep.yaml --set method=random --set parameters.depth.max=12 --dry-run
    """
    given = {
        "budget.trials": trials,
        "executor.workers": workers,
        "executor.timeout": timeout,
        "executor.kind": executor,
        "name": name,
        "artifacts": artifacts,
        "warm_start.from": past or None,
        "reuse": reuse or None,
    }
    overrides = [f"{key}={json.dumps(value)}" for key, value in given.items() if value is not None]
    from sweeper.api.running import find_objective

    config = read_config(file, [*settings, *overrides])
    if config.store and not session.store_url:
        session = replace(session, store_url=config.store, remind=True)
    if dry_run:
        return show_plan(session, config)
    find_objective(config, notice=session.say)  # before a store is made for nothing
    session = replace(session, unheard=True)
    with session.store(read_only=False, artifacts=config.artifacts) as store:
        known = None if resume_it is False else unfinished(store, config.name, limit=None if resume_it else 1)
        again = bool(known) if known is None or resume_it else asked(session, known, time.time())
        if again is None:
            return 0
        if again and known:
            return go_on(session, store, known, trials, config=config)
        return start(session, store, config)


@command("resume")
@click.argument("sweep")
@click.option("--trials", metavar="TOTAL", type=Positive, help="A new budget: so many trials in all.")
@click.option("--no-wait", is_flag=True, help="Exit with 4 at once when another host may still run it.")
def resume(session: Session, sweep: str, trials: int | None, no_wait: bool) -> int:
    """Go on with SWEEP where it stopped: trials in flight run again, numbers go on, the budget is the sweep's.

    With --trials a finished sweep gets a larger budget and goes on, too.

    \b
    Example:
      sweeper resume last
      sweeper resume digits --trials 200
    """
    session = replace(session, unheard=True)
    with session.store(read_only=False) as store:
        return go_on(session, store, store.find_sweep(sweep), trials, wait=not no_wait)
