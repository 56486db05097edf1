"""Which parameters are active: the order of dependence, and the checks of every ``when``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sweeper.errors import SpaceError, suggest
from sweeper.space.parameter import Parameter
from sweeper.space.values import index


def is_active(parameter: Parameter, params: Mapping[str, Any]) -> bool:
    """Does every ``when`` of the parameter hold? An inactive parent is absent from ``params``."""
    if not parameter.when:
        return True
    return all(
        name in params and index(values, params[name]) is not None
        for name, values in parameter.conditions.items()
    )


def condition_problems(parameters: Mapping[str, Parameter]) -> Iterator[tuple[str, str]]:
    """Yield (name, sentence) for every ``when`` that names nothing, or a value that is never taken."""
    for name, parameter in parameters.items():
        for parent, values in parameter.conditions.items():
            if parent == name:
                yield name, "when names the parameter itself"
            elif parent not in parameters:
                yield name, f"when: no parameter {parent!r}; {suggest(parent, [n for n in parameters if n != name])}"
            else:
                for value in values:
                    if not parameters[parent].contains(value):
                        yield name, f"when: {parent} is never {value!r}; it is {parameters[parent].describe()}"


def in_order(parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """Return the parameters as given, except that each comes after those its ``when`` names.

    Raises SpaceError for a cycle.
    """
    ordered: dict[str, Parameter] = {}
    for start in parameters:
        path: list[str] = [start]
        while path:
            name = path[-1]
            waiting = [parent for parent in parameters[name].conditions if parent not in ordered]
            if name in ordered or not waiting:
                ordered.setdefault(name, parameters[name])
                path.pop()
            elif waiting[0] in path:
                circle = " -> ".join([*path[path.index(waiting[0]) :], waiting[0]])
                raise SpaceError(f"when goes in a circle: {circle}", waiting[0])
            else:
                path.append(waiting[0])
    return ordered
