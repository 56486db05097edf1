"""Ranges over past sweeps, from code: a DataFrame."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sweeper.api.stores import shared_store
from sweeper.errors import UsageError, suggest

if TYPE_CHECKING:
    import pandas as pd

    from sweeper.interfaces import Store


def ranges(
    *sweeps: str,
    param: str | Sequence[str] = (),
    objective: str | None = None,
    name: str | None = None,
    experiment: str | None = None,
    metric: str | None = None,
    tags: Mapping[str, str] | None = None,
    merge: Sequence[str] = (),
    plot: str | os.PathLike[str] | None = None,
    store: str | None = None,
) -> pd.DataFrame:
    """Return where past sweeps searched, where the good values lie, and what to search next: a row per parameter.

    ``sweeps`` are pooled; without them all that match are taken, and those that differ in objective, metric, data or
    code are kept apart (``merge`` pools them: "objective", "data", "code"). ``objective`` and ``name`` may have ``*``.
    Columns: objective, metric, data, code, parameter, declared, explored, top, best, flags, action, recommended, low,
    high, focus_low, focus_high, share, coverage, regret, sweeps, trials, reason. ``attrs["notes"]`` says what differs
    between sweeps that were pooled. ``plot`` draws the first group into a .png or .svg file.
    Raises UsageError when nothing matches, NotFound for an unknown sweep or parameter.
    """
    wanted = (sweeps, objective, name, experiment, metric, dict(tags or {}))
    names = (param,) if isinstance(param, str) else tuple(param)
    return frame(shared_store(store, read_only=True), wanted, names, merge, plot)


def frame(
    store: Store,
    wanted: tuple[tuple[str, ...], str | None, str | None, str | None, str | None, dict[str, str]],
    params: Sequence[str],
    merge: Sequence[str],
    plot: str | os.PathLike[str] | None,
) -> pd.DataFrame:
    """Return the DataFrame of :func:`ranges` for an open store."""
    import pandas as pd

    from sweeper.analysis.ranges.gathering import MERGEABLE, gather
    from sweeper.analysis.ranges.past import Wanted
    from sweeper.analysis.ranges.shape import flat

    for aspect in merge:
        if aspect not in MERGEABLE:
            raise UsageError(f"merge {aspect!r}: {suggest(aspect, MERGEABLE)}")
    found = gather(store, Wanted(*wanted), merge, params)
    if plot is not None:
        from sweeper.report.ranges_figure import picture

        group, parameters = found[0]
        file = Path(plot)
        file.write_bytes(picture(parameters, group.title, file.suffix))
    made = pd.DataFrame([flat(group, parameter) for group, parameters in found for parameter in parameters])
    made.attrs["notes"] = [line for group, _ in found for line in group.differences]
    return made
