"""The next sweep that past ones recommend: for ``sweeper narrow`` and for the pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sweeper.analysis.inert import inert
from sweeper.analysis.numbers import count
from sweeper.analysis.ranges.copies import read
from sweeper.analysis.ranges.groups import Group, grouped
from sweeper.analysis.ranges.next_space import Cost, NextSpace, cost, next_space
from sweeper.analysis.ranges.past import Wanted, check_shared, older_ones, past_sweeps
from sweeper.analysis.ranges.survey import ParameterRange, survey
from sweeper.errors import UsageError
from sweeper.interfaces import Store
from sweeper.records import SweepRecord
from sweeper.web.next_file import cost_text, next_name, next_text, workers_of

_DONE = {"shrink": "shrunk", "extend": "extended", "move": "shrunk at one end and extended at the other"}


@dataclass(frozen=True, eq=False)
class Narrowed:
    """The next sweep. ``group`` are those it learns from, ``older`` says of names which others they stand for.

    ``notes`` are what a person should read first, ``why`` a sentence for each parameter that there is something to say
    of. ``text`` is the file.
    """

    name: str
    group: Group
    made: NextSpace
    expected: Cost | None
    older: tuple[str, ...]
    notes: tuple[str, ...]
    why: Mapping[str, str]
    text: str

    @property
    def latest(self) -> SweepRecord:
        return self.group.sweeps[0]


def narrowed(
    store: Store,
    refs: Sequence[str],
    *,
    name: str | None = None,
    metric: str | None = None,
    leave: Collection[str] = (),
) -> Narrowed:
    """Return the next sweep: the latest of ``refs`` with ranges that all of them recommend.

    ``leave`` names parameters that stay as declared. Raises UsageError for sweeps that cannot be pooled, NotFound.
    """
    records = past_sweeps(store, Wanted(tuple(refs), metric=metric))
    groups = grouped(records, metric, ("objective", "data", "code"))
    _check_one(groups)
    tables, copies = read(store, groups[0].sweeps)
    check_shared(tables)
    found = survey(tables, metric=metric)
    made = next_space(tables, found, leave)
    expected = cost(tables, records[0].trials, workers_of(records[0].config))
    notes = (*groups[0].differences, *copies, *made.warnings)
    new_name = name or next_name(records[0].name, [sweep.name for sweep in store.sweeps()])
    why = {each.name: text for each in found if (text := _why(each, made))}
    head = _head(records, made, notes, expected)
    text = next_text(new_name, records[0], made.space, why, head)
    return Narrowed(new_name, groups[0], made, expected, tuple(older_ones(store, refs)), notes, why, text)


def _check_one(groups: Sequence[Group]) -> None:
    if len(groups) > 1:
        told = "; ".join(f"{group.goal.direction} {group.goal.name} in {_few(group)}" for group in groups)
        raise UsageError(f"these sweeps do not have one goal, so they cannot be pooled: {told}. Choose with --metric")


def _few(group: Group) -> str:
    return ", ".join(f"{inert(sweep.name)} {sweep.id[-8:]}" for sweep in group.sweeps[:3])


def _head(sweeps: Sequence[SweepRecord], made: NextSpace, notes: Sequence[str], expected: Cost | None) -> list[str]:
    trials = sum(sum(sweep.counts.values()) for sweep in sweeps)
    named = ", ".join(f"{sweep.name} {sweep.id[-8:]}" for sweep in sweeps[:8])
    more = f" and {len(sweeps) - 8} more" if len(sweeps) > 8 else ""
    said = [f"The next sweep, from {count(len(sweeps), 'sweep')} and {count(trials, 'trial')}: {named}{more}."]
    changed = len(made.taken)
    if changed:
        said.append(f"{count(changed, 'range')} changed; the space is {_percent(made.share)} of the latest one's.")
    else:
        said.append("No range changed: what past sweeps show is no reason to.")
    said += [f"Expected: {cost_text(expected)}."] if expected else []
    return said + [f"Note: {note}." for note in notes]


def _why(found: ParameterRange, made: NextSpace) -> str:
    advice = found.recommendation
    if found.name in made.taken:
        return f"was {advice.declared.describe()}; {_DONE[advice.action]}, because {advice.reason}"
    reason = advice.reason if not advice.changed else "left as declared"
    flags = "".join(f"; {flag.text}" for flag in found.flags if flag.kind in ("edge", "unimportant", "unexplored"))
    return f"{reason}{flags}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.1 else f"{100 * share:.2g} %"
