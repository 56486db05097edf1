"""From a store to groups of sweeps with all that is known of their ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sweeper.analysis.ranges.copies import read
from sweeper.analysis.ranges.groups import Group, grouped
from sweeper.analysis.ranges.past import Wanted, check_shared, past_sweeps
from sweeper.analysis.ranges.survey import ParameterRange, survey
from sweeper.errors import NotFound
from sweeper.interfaces import Store
from sweeper.records import SweepRecord

MERGEABLE = ("objective", "data", "code")  #: what sweeps that are pooled on purpose may differ in

Found = list[tuple[Group, list[ParameterRange]]]


def gather(
    store: Store,
    wanted: Wanted,
    merge: Sequence[str] = (),
    params: Sequence[str] = (),
    sweeps: Sequence[SweepRecord] | None = None,
) -> Found:
    """Read, group and survey the sweeps that are wanted, the group of the latest sweep first.

    ``sweeps`` are those that are wanted, the latest first, where somebody has looked for them already.

    Named sweeps are pooled whatever they differ in, except the goal; of others only what ``merge`` allows. ``params``
    limits the answer to these. Raises UsageError when no sweep is left, or pooled ones share no parameter; NotFound for
    a parameter that there is not.
    """
    found: Found = []
    everything = past_sweeps(store, wanted) if sweeps is None else sweeps
    for group in grouped(everything, wanted.metric, MERGEABLE if wanted.refs else merge):
        tables, copies = read(store, group.sweeps)
        check_shared(tables)
        kept = replace(group, sweeps=tuple(each.sweep for each in tables), differences=(*group.differences, *copies))
        found.append((kept, survey(tables, metric=wanted.metric)))
    known = dict.fromkeys(parameter.name for _, parameters in found for parameter in parameters)
    for name in params:
        if name not in known:
            raise NotFound("parameter", name, known)
    if not params:
        return found
    chosen = [(group, [each for each in parameters if each.name in params]) for group, parameters in found]
    return [(group, parameters) for group, parameters in chosen if parameters]
