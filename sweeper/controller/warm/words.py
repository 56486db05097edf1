"""What a warm start took, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from sweeper.samplers.warm.fit import Fit, Fitted
from sweeper.samplers.warm.history import History

SHOWN = 5  #: names in one list


def summary(history: History, fitted: Fit | None = None, chosen: Sequence[Fitted] = (), *, prior: bool = False) -> str:
    """Return for example "from 3 sweeps, 150 trials: 4 configurations first (#12 of digits-1, ...), a prior on lr"."""
    trials = sum(sweep.trials for sweep in history.sweeps)
    parts = []
    if told := [sweep for sweep in history.sweeps if sweep.told]:
        parts.append(f"{_count(sum(len(sweep.told) for sweep in told), 'trial')} told as this sweep's own")
    if chosen:
        places = [f"#{one.trial.number} of {one.sweep.name} {one.sweep.id[-8:]}" for one in chosen]
        parts.append(f"{_count(len(chosen), 'configuration')} first ({_list(places)})")
    if prior and fitted is not None and any(fitted.sweeps):
        parts.append(f"a prior on {_list(fitted.shared)}")
    if history.mode == "narrow":
        ranges = _list(list(history.narrowed))
        parts.append(f"searches narrower ranges of {ranges}, every seventh trial the whole" if history.narrowed
                     else "no range is narrowed: the evidence asks for none")  # fmt: skip
    if fitted is not None and any(fitted.sweeps):
        parts += [f"{_list(fitted.new)} {'is' if len(fitted.new) == 1 else 'are'} new"] if fitted.new else []
        parts += [f"{_list(fitted.gone)} no longer searched"] if fitted.gone else []
    return f"from {_count(len(history.sweeps), 'sweep')}, {_count(trials, 'trial')}: {'; '.join(parts) or 'nothing'}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _list(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
