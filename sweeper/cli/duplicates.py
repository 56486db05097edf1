"""``sweeper duplicates``: trials that did the same work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sweeper.cli.session import Session, Whole, command
from sweeper.cli.tables import Column, draw, fit
from sweeper.cli.text import duration, number, params_text, plural, tail

if TYPE_CHECKING:
    from sweeper.analysis.duplicates import Duplicate

LATEST = 50  #: sweeps that are looked at where none is named
FEW = 20


@command("duplicates")
@click.argument("sweeps", metavar="[SWEEP...]", nargs=-1)
@click.option("--limit", metavar="N", type=Whole(min=0), help=f"So many on the screen. Default: {FEW}; 0 shows all.")
def duplicates(session: Session, sweeps: tuple[str, ...], limit: int | None) -> None:
    """Find complete trials with the same parameters, objective, data and code, within and across sweeps.

    Without SWEEP among the latest sweeps. `sweeper run --reuse` takes such results instead of running them again.

    \b
    Example:
      sweeper duplicates
      sweeper duplicates digits digits-wide
    """
    from sweeper.analysis.duplicates import duplicates as among

    with session.store() as store:
        records = {sweep.id: sweep for sweep in map(store.find_sweep, sweeps)} if sweeps else {
            sweep.id: sweep for sweep in store.sweeps(limit=LATEST)
        }  # fmt: skip
        found = among((sweep, store.trials(sweep.id)) for sweep in records.values())
    if session.as_json:
        for one in found:
            places = [{"sweep": place.sweep.id, "number": place.trial.number} for place in one.places]
            session.emit({"params": dict(one.params), "values": one.values, "seconds": one.seconds, "trials": places})
        return
    looked = plural(len(records), "sweep")
    if not found:
        session.show(f"no two complete trials of {looked} have the same parameters, objective, data and code")
        return
    shown = found[: FEW if limit is None else limit or len(found)]
    _show(session, shown)
    if len(shown) < len(found):
        session.hint(f"{len(shown)} of {len(found)}; all of them: --limit 0")
    again = sum(len(one.places) - 1 for one in found)
    seconds = sum(one.seconds for one in found)
    session.say(f"{plural(again, 'trial')} of {looked} did again what was done: {duration(seconds)} of compute")


def _show(session: Session, found: list[Duplicate]) -> None:
    where = [", ".join(f"{tail(place.sweep.id)}:{place.trial.number}" for place in one.places) for one in found]
    columns = [
        Column("TIMES", [str(len(one.places)) for one in found], right=True, keep=True),
        Column("VALUES", [", ".join(number(value) for value in one.values[:4]) for one in found], keep=True),
        Column("AGAIN FOR", [duration(one.seconds) for one in found], right=True),
        Column("TRIALS", where, keep=True, flexible=True, least=20),
        Column("PARAMETERS", [params_text(one.params) for one in found], flexible=True, least=20),
    ]
    session.show(draw(fit(columns, session.console.width)[0], session.console.width))
