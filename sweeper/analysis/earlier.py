"""What earlier sweeps of the same objective add to the importance of parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sweeper.analysis.best import best_row
from sweeper.analysis.columns import Floats, TrialTable, position
from sweeper.analysis.tunability import Move, moves
from sweeper.analysis.verdicts import LEVEL, Gain, Importance, ParameterImportance


def with_past(judged: Sequence[ParameterImportance], earlier: Sequence[Importance]) -> list[ParameterImportance]:
    """Add the mean share of each parameter in those earlier sweeps that judged it."""
    shares: dict[str, list[float]] = {}
    for sweep in earlier:
        for found in sweep.parameters:
            if found.whole is not None:
                shares.setdefault(found.name, []).append(found.whole.value)
    return [
        replace(one, past=sum(known) / len(known), sweeps=len(known)) if (known := shares.get(one.name)) else one
        for one in judged
    ]


def with_gains(
    judged: Sequence[ParameterImportance],
    table: TrialTable,
    goal: int,
    ranked: tuple[NDArray[np.intp], Floats],
    inputs: tuple[Floats, tuple[int, ...]],
    past: TrialTable,
    place: int,
) -> list[ParameterImportance]:
    """Add what tuning each parameter alone would bring, from the best trial of ``past`` (its goal ``place``).

    ``ranked`` are the judged rows and their ranks; ``inputs`` are those of the parameters that all of them have, in
    the order of the table, and their levels. A parameter that the past trial lacks starts at this sweep's best.
    """
    start_row, own_row = best_row(past, place), best_row(table, goal)
    names = [name for name in table.searched if table.active[name][ranked[0]].all()]
    if start_row is None or own_row is None or not names:
        return list(judged)
    start = np.array([
        _start(table, name, past.assigned[start_row], table.assigned[own_row]) for name in names
    ], dtype=float)  # fmt: skip
    rng = np.random.default_rng(table.sweep.seed)
    found = dict(zip(names, moves(inputs[0], ranked[1], inputs[1], start, rng), strict=True))
    scale = _scale(table, goal, *ranked)
    return [
        replace(one, gain=_gain(found[one.name], scale, table, one.name)) if one.name in found else one
        for one in judged
    ]


def _start(table: TrialTable, name: str, past: dict[str, Any], own: dict[str, Any]) -> float:
    parameter = table.parameters[name]
    at = position(parameter, past[name]) if name in past else np.nan
    return position(parameter, own[name]) if np.isnan(at) else at


def _scale(table: TrialTable, goal: int, rows: NDArray[np.intp], ranks: Floats) -> tuple[Floats, Floats]:
    """The ranks of complete trials with a finite value, and those values as losses."""
    losses = table.losses(goal)[rows]
    usable = table.complete[rows] & np.isfinite(losses)
    order = np.argsort(ranks[usable], kind="stable")
    return ranks[usable][order], losses[usable][order]


def _gain(move: Move, scale: tuple[Floats, Floats], table: TrialTable, name: str) -> Gain | None:
    if not len(scale[0]):
        return None
    gains = np.interp(move.before, *scale) - np.interp(move.after, *scale)
    low, high = np.quantile(gains, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    parameter = table.parameters[name]
    domain = parameter.domain
    at = parameter.decode(domain.at(move.at)) if domain is not None else None
    value = float(gains.mean())
    return Gain(value, min(float(low), value), max(float(high), value), at)
