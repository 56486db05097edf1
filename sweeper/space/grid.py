"""The grid of a space: every combination once, with conditions and constraints, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import Any

from sweeper.errors import SpaceError
from sweeper.records import Params
from sweeper.space.conditions import is_active
from sweeper.space.constraints import Constraint
from sweeper.space.parameter import Parameter
from sweeper.space.values import fresh, index

EXACT = 50_000  #: parameters tied by constraints are counted one by one up to this many combinations
_ABSENT: Any = object()
_OTHER: Any = object()


def combinations(parameters: Mapping[str, Parameter], constraints: Sequence[Constraint]) -> Iterator[Params]:
    """Yield every combination lazily, the last parameter changing fastest. ``parameters`` are in order of dependence.

    Raises SpaceError naming the first parameter that has no grid.
    """
    names = list(parameters)
    grids = [_grid(name, parameters[name]) for name in names]
    due = _due(names, constraints)

    def choices(place: int) -> Iterator[Any]:
        return iter(grids[place]) if is_active(parameters[names[place]], params) else iter([_ABSENT])

    params: Params = {}
    levels = [choices(0)] if names else []
    while levels:
        place = len(levels) - 1
        value = next(levels[-1], _OTHER)
        params.pop(names[place], None)
        if value is _OTHER:
            levels.pop()
            continue
        if value is not _ABSENT:
            params[names[place]] = value
        if not all(constraint.holds(params) for constraint in due[place]):
            continue
        if place + 1 < len(names):
            levels.append(choices(place + 1))
        else:
            yield {name: fresh(value) for name, value in params.items()}


def count(parameters: Mapping[str, Parameter], constraints: Sequence[Constraint]) -> int:
    """Return how many combinations there are, without listing them.

    Parameters that conditions or constraints tie together are counted as groups, and the groups multiplied. A group
    with constraints is enumerated when it has at most ``EXACT`` combinations without them; a larger one is counted
    as if it had no constraints, so the number is then an upper bound.
    """
    for name, parameter in parameters.items():
        if parameter.size() is None:
            _grid(name, parameter)
    total = 1
    for group, tied in _groups(parameters, constraints):
        free = _count_free(group)
        if tied and free <= EXACT:
            free = sum(1 for _ in combinations(group, tied))
        total *= free
    return total if parameters else 0


def _grid(name: str, parameter: Parameter) -> list[Any]:
    try:
        return parameter.grid()
    except SpaceError as error:
        raise SpaceError(error.message, name) from None


def _due(names: list[str], constraints: Sequence[Constraint]) -> list[list[Constraint]]:
    """For each place the constraints that are decided there: their last parameter stands at it."""
    due: list[list[Constraint]] = [[] for _ in names]
    for constraint in constraints:
        due[max(names.index(name) for name in constraint.names)].append(constraint)
    return due


def _groups(
    parameters: Mapping[str, Parameter], constraints: Sequence[Constraint]
) -> list[tuple[dict[str, Parameter], list[Constraint]]]:
    group_of = {name: {name} for name in parameters}
    ties = [{name, *parameter.conditions} for name, parameter in parameters.items()]
    for tie in [*ties, *(set(constraint.names) for constraint in constraints)]:
        merged = set().union(*(group_of[name] for name in tie))
        for name in merged:
            group_of[name] = merged
    groups = {id(group): group for group in group_of.values()}.values()
    return [
        (
            {name: parameter for name, parameter in parameters.items() if name in group},
            [constraint for constraint in constraints if constraint.names[0] in group],
        )
        for group in groups
    ]


def _count_free(group: Mapping[str, Parameter]) -> int:
    """Count without constraints: only values that some ``when`` names are told apart."""
    named: dict[str, list[Any]] = {}
    for parameter in group.values():
        for parent, values in parameter.conditions.items():
            known = named.setdefault(parent, [])
            known.extend(value for value in values if index(known, value) is None)
    parents = [name for name in group if name in named]
    leaves = [parameter for name, parameter in group.items() if name not in named]

    def branch(place: int, params: Params) -> int:
        if place == len(parents):
            return prod(leaf.size() or 0 for leaf in leaves if is_active(leaf, params))
        name = parents[place]
        if not is_active(group[name], params):
            return branch(place + 1, params)
        known = [value for value in named[name] if group[name].contains(value)]
        total = sum(branch(place + 1, {**params, name: value}) for value in known)
        others = (group[name].size() or 0) - len(known)
        return total + (others * branch(place + 1, {**params, name: _OTHER}) if others else 0)

    return branch(0, {})
