"""Trials that are the same evidence twice: of a sweep that ran again with its seed, and results that were reused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from sweeper.analysis import columns
from sweeper.analysis.columns import TrialTable
from sweeper.analysis.identity import REUSED, key_of
from sweeper.analysis.numbers import count
from sweeper.interfaces import Store
from sweeper.records import SweepRecord

LISTED = 3  #: sweeps that a note names


def read(store: Store, sweeps: Sequence[SweepRecord]) -> tuple[list[TrialTable], list[str]]:
    """Return the trials of sweeps as tables, each piece of evidence once, and what was left out, in words."""
    return independent([columns.table(store, sweep) for sweep in sweeps])


def independent(tables: Sequence[TrialTable]) -> tuple[list[TrialTable], list[str]]:
    """Leave out of each sweep the trials that a later one has too: three copies of one sweep are not three sweeps.

    A trial is a copy when parameters, state and values are the same, and both sweeps had the same seed or the later
    took the result over (``reuse: true``). A sweep of which nothing is left goes. Returns the others, in their order,
    and a sentence for a person where something was left out.
    """
    ages = sorted(range(len(tables)), key=lambda i: (tables[i].sweep.created, tables[i].sweep.id), reverse=True)
    amounts = Counter(table.sweep.seed for table in tables)
    kept, told = list(tables), []
    seeded: dict[int, set[str]] = {seed: set() for seed, amount in amounts.items() if amount > 1}
    reused: set[str] = set()
    for i in ages:
        table = tables[i]
        same, taken = seeded.get(table.sweep.seed), REUSED in table.workers
        if same is None and not reused and not taken:
            continue
        keys = [_key(table, row) for row in range(len(table))]
        new = np.array([key not in reused and not (same and key in same) for key in keys], dtype=bool)
        if not new.all():
            kept[i] = table.only(new)
            told.append(f"{int((~new).sum())} of {len(table)} trials of {table.sweep.name} {table.sweep.id[-8:]}")
        if same is not None:
            same.update(keys)
        reused.update(key for key, worker in zip(keys, table.workers, strict=True) if worker == REUSED)
    more = f" and of {count(len(told) - LISTED, 'more sweep')}" if len(told) > LISTED else ""
    note = f"counted once: {', '.join(told[:LISTED])}{more}, as a later sweep has the same points with the same values"
    left = [table for table, before in zip(kept, tables, strict=True) if len(table) or not len(before)]
    return left, [note] if told else []


def _key(table: TrialTable, row: int) -> str:
    return f"{table.state[row]} {table.values[row].tolist()} {key_of(table.assigned[row])}"
