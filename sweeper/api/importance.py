"""Importance as a DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sweeper.errors import NotFound
from sweeper.interfaces import Store
from sweeper.records import SweepRecord

if TYPE_CHECKING:
    import pandas as pd

    from sweeper.analysis.verdicts import ParameterImportance

COLUMNS = [
    "parameter", "whole", "whole_low", "whole_high", "whole_uncertain", "good", "good_low", "good_high",
    "good_uncertain", "partner", "partner_share", "past", "sweeps", "pooled", "gain", "gain_low", "gain_high",
    "gain_at", "note",
]  # fmt: skip


def importance_frame(
    store: Store, sweep: SweepRecord, metric: str | None, method: str = "fanova", alone: bool = False
) -> pd.DataFrame:
    """Return :meth:`sweeper.Result.importance`."""
    import pandas as pd

    from sweeper.analysis import table
    from sweeper.analysis.past import importances

    names = [goal.name for goal in sweep.goals]
    if metric is not None and metric not in names:
        raise NotFound("goal", metric, names)
    found = importances(store, table(store, sweep), method=method, alone=alone)[names.index(metric) if metric else 0]
    frame = pd.DataFrame([row_of(parameter) for parameter in found.parameters], columns=COLUMNS)
    frame.attrs["sentence"] = found.sentence
    return frame


def row_of(found: ParameterImportance) -> dict[str, Any]:
    """Return one parameter as a flat row; None for what cannot be said."""
    row: dict[str, Any] = {"parameter": found.name}
    for name, share in (("whole", found.whole), ("good", found.good)):
        row[name] = share.value if share else None
        row[f"{name}_low"], row[f"{name}_high"] = (share.low, share.high) if share else (None, None)
        row[f"{name}_uncertain"] = share.uncertain if share else None
    row["partner"] = found.partner.name if found.partner else None
    row["partner_share"] = found.partner.share.value if found.partner else None
    gain = found.gain
    row |= {"past": found.past, "sweeps": found.sweeps, "pooled": found.pooled, "gain": gain.value if gain else None}
    row |= {"gain_low": gain.low if gain else None, "gain_high": gain.high if gain else None}
    return row | {"gain_at": gain.at if gain else None, "note": found.note}
