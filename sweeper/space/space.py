"""The search space: named parameters, the conditions and constraints between them, and what can be done with them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

from sweeper.errors import ConfigError, Problem, SpaceError, suggest
from sweeper.records import Params
from sweeper.space.choices import Categorical
from sweeper.space.conditions import condition_problems, in_order, is_active
from sweeper.space.constraints import Constraint, parse_constraint
from sweeper.space.grammar import LONGEST, NAME, SpaceProblem, read_parameters
from sweeper.space.grid import combinations, count
from sweeper.space.parameter import Parameter

TRIES = 10_000  #: draws before a space is said to have (nearly) no point that meets its constraints


class Rng(Protocol):
    """``random.Random`` and numpy's ``Generator``: anything with ``random() -> float`` in [0, 1)."""

    def random(self) -> float: ...


class SearchSpace:
    """Named parameters, the conditions under which each is active, and the constraints between them. Immutable.

    ``parameters`` has flat names: a dot in a name stands for nesting (``optimizer.lr``), unless ``paths`` says
    otherwise, name for name. Raises SpaceError for a ``when`` or a constraint that names nothing, and for circles.
    """

    def __init__(
        self,
        parameters: Mapping[str, Parameter],
        constraints: Sequence[str | Constraint] = (),
        *,
        paths: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        _check_names(parameters)
        for name, message in condition_problems(parameters):
            raise SpaceError(message, name)
        self.paths = {name: (paths or {}).get(name) or tuple(name.split(".")) for name in parameters}
        _check_paths(self.paths)
        self._written = {name: parameters[name] for name in _by_block(self.paths)}
        self.parameters: Mapping[str, Parameter] = in_order(self._written)
        self.constraints = tuple(parse_constraint(str(text), self.parameters) for text in constraints)

    @classmethod
    def from_dict(
        cls, parameters: Mapping[str, Any], constraints: Sequence[str] = ()
    ) -> SearchSpace:
        """Read the grammar of the sweep file. Raises SpaceError with the first problem and the number of others.

        A dot inside a key is part of that name, as in W&B; nesting is written with ``parameters:``.
        """
        space, problems, _ = parse_space(parameters, constraints)
        if space is None:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            raise SpaceError(problems[0].message + more, problems[0].path)
        return space

    def to_dict(self) -> dict[str, Any]:
        """Return the parameters in the grammar of the sweep file; ``from_dict`` of it is an equal space."""
        result: dict[str, Any] = {}
        for name, parameter in self._written.items():
            block = result
            for part in self.paths[name][:-1]:
                block = block.setdefault(part, {"parameters": {}})["parameters"]
            block[self.paths[name][-1]] = parameter.to_dict()
        return result

    @classmethod
    def from_yaml(cls, text: str, *, file: str = "") -> SearchSpace:
        """Read a search-space file: the keys ``parameters`` and ``constraints``.

        Raises ConfigError with every problem and its line.
        """
        from sweeper.space import yaml

        document = yaml.read(text, file=file)
        content = document.value
        problems = []
        if not isinstance(content, Mapping) or "parameters" not in content:
            raise ConfigError([Problem("a search space is a mapping with the key `parameters`", file=file)])
        for key in content:
            if key not in ("parameters", "constraints"):
                hint = suggest(str(key), ("parameters", "constraints"))
                problems.append(SpaceProblem(str(key), f"unknown key {key!r}; {hint}"))
        space, found, _ = parse_space(content["parameters"], content.get("constraints"))
        problems += found
        if space is None or problems:
            raise ConfigError([Problem(p.message, p.path, document.line(p.path), file) for p in problems])
        return space

    def to_yaml(self) -> str:
        """Return the search-space file; ``from_yaml`` of it is an equal space."""
        from sweeper.space import yaml

        content: dict[str, Any] = {"parameters": self.to_dict()}
        if self.constraints:
            content["constraints"] = [str(constraint) for constraint in self.constraints]
        return yaml.dump(content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SearchSpace) and self._canonical == other._canonical

    def __hash__(self) -> int:
        return hash(self._canonical)

    def __len__(self) -> int:
        return len(self.parameters)

    def __repr__(self) -> str:
        return f"SearchSpace({dict(self.parameters)!r}, {[str(c) for c in self.constraints]!r})"

    @cached_property
    def has_conditions(self) -> bool:
        """Is any parameter active only sometimes?"""
        return any(parameter.when for parameter in self.parameters.values())

    @cached_property
    def is_finite(self) -> bool:
        """Has every parameter a finite number of values?"""
        return all(parameter.size() is not None for parameter in self.parameters.values())

    def active(self, name: str, params: Mapping[str, Any]) -> bool:
        """Is this parameter active, given the values of those before it?"""
        return is_active(self._parameter(name), params)

    def sample(self, rng: Rng) -> Params:
        """Draw from the prior, conditions and constraints kept, constants included.

        Raises SpaceError when 10,000 draws in a row do not meet the constraints.
        """
        for _ in range(TRIES):
            params = self._draw(rng)
            if self.feasible(params):
                return params
        raise SpaceError(f"{TRIES:,} draws in a row do not meet the constraints "
                         f"{', '.join(repr(str(c)) for c in self.constraints)}; loosen them or the ranges")

    def _draw(self, rng: Rng) -> Params:
        params: Params = {}
        for name, parameter in self.parameters.items():
            if is_active(parameter, params):
                domain = parameter.domain
                params[name] = parameter.decode(0 if domain is None else domain.at(float(rng.random())))
        return params

    def feasible(self, params: Mapping[str, Any]) -> bool:
        """Do ``params`` meet the constraints? Nothing else is looked at."""
        return all(constraint.holds(params) for constraint in self.constraints)

    def contains(self, params: Mapping[str, Any]) -> bool:
        """Is this exactly a point of the space: the active parameters, each inside, constraints met?"""
        return not self.problems(params)

    def problems(self, params: Mapping[str, Any]) -> list[str]:
        """Return what is wrong with ``params``, one sentence each."""
        found = [f"{name}: no such parameter; {suggest(name, self.parameters)}" for name in params
                 if name not in self.parameters]
        for name, parameter in self.parameters.items():
            active = is_active(parameter, params)
            if name not in params:
                if active:
                    found.append(f"{name}: missing; it is {parameter.describe()}")
            elif not active:
                found.append(f"{name}: given, but inactive; it is {parameter.describe()}")
            elif not parameter.contains(params[name]):
                found.append(f"{name}: {params[name]!r} is not in {parameter.describe()}")
        return found + [f"not met: {constraint}" for constraint in self.constraints if not constraint.holds(params)]

    def grid(self) -> Iterator[Params]:
        """Yield every point once, lazily, the last parameter changing fastest; conditions and constraints kept.

        Raises SpaceError naming the first parameter that has no grid.
        """
        return combinations(self.parameters, self.constraints)

    def grid_size(self) -> int:
        """Return the number of points of the grid, without listing it where that can be avoided.

        Exact, except for constraints over parameters with more than 50,000 combinations: those are not counted in, and
        the number is an upper bound. Raises SpaceError like ``grid``.
        """
        return count(self.parameters, self.constraints)

    def narrow(self, to: Mapping[str, Parameter | Mapping[str, Any]]) -> SearchSpace:
        """Return a space where some parameters have new ranges.

        ``to`` maps a name to a parameter that takes its place (keeping its ``when``), or to ``min`` and ``max``, or to
        ``values``. A parameter that can no longer become active is left out, with the constraints that name it.
        """
        parameters = dict(self.parameters)
        for name, change in to.items():
            parameters[name] = _narrowed(name, self._parameter(name), change)
        kept: dict[str, Parameter] = {}
        for name in self.parameters:
            if (parameter := _still_active(parameters[name], kept)) is not None:
                kept[name] = parameter
        constraints = [c for c in self.constraints if all(name in kept for name in c.names)]
        written = {name: kept[name] for name in self._written if name in kept}
        return SearchSpace(written, constraints, paths=self.paths)

    def nest(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return flat ``params`` as the nested dict that the objective gets."""
        result: dict[str, Any] = {}
        for name, value in params.items():
            *blocks, last = self.paths.get(name) or (name,)
            block = result
            for part in blocks:
                block = block.setdefault(part, {})
            block[last] = value
        return result

    def fingerprint(self) -> str:
        """Return a SHA-256 in hexadecimal: equal for equal spaces, whatever the order of their parameters."""
        return hashlib.sha256(self._canonical.encode()).hexdigest()

    @cached_property
    def _canonical(self) -> str:
        content = {"parameters": self.to_dict(), "constraints": sorted(str(c) for c in self.constraints)}
        return json.dumps(content, sort_keys=True, separators=(",", ":"))

    def _parameter(self, name: str) -> Parameter:
        if name not in self.parameters:
            raise SpaceError(f"no parameter {name!r}; {suggest(name, self.parameters)}")
        return self.parameters[name]


def parse_space(
    parameters: Any, constraints: Any = ()
) -> tuple[SearchSpace | None, list[SpaceProblem], list[str]]:
    """Read ``parameters`` and ``constraints`` of a sweep file: (space or None, every problem, notices).

    The paths of problems begin with ``parameters.`` or ``constraints.`` as in the file.
    """
    reading = read_parameters(parameters)
    whole = not reading.problems
    problems = reading.problems
    if whole:
        problems += [SpaceProblem(f"{reading.places[name]}.when", message.removeprefix("when: "))
                     for name, message in condition_problems(reading.parameters)]
    problems += _constraint_problems(constraints, list(reading.places))
    if problems:
        return None, problems, reading.notices
    try:
        return SearchSpace(reading.parameters, constraints or (), paths=reading.paths), [], reading.notices
    except SpaceError as error:
        place = f"{reading.places[error.path]}.when" if error.path in reading.places else "parameters"
        return None, [SpaceProblem(place, error.message)], reading.notices


def _constraint_problems(constraints: Any, names: list[str]) -> list[SpaceProblem]:
    if constraints is None:
        return []
    if isinstance(constraints, str) or not isinstance(constraints, Sequence):
        return [SpaceProblem("constraints", f"is {constraints!r}; write a list of texts such as ['a < b']")]
    problems = []
    for place, text in enumerate(constraints):
        try:
            parse_constraint(text, names)
        except SpaceError as error:
            problems.append(SpaceProblem(f"constraints.{place}", error.message))
    return problems


def _check_names(parameters: Mapping[Any, Any]) -> None:
    for name, parameter in parameters.items():
        if not isinstance(name, str) or not NAME.fullmatch(name) or len(name) > LONGEST:
            raise SpaceError(f"{name!r} cannot be a name: a letter or _, then letters, digits and _ . -, at most "
                             f"{LONGEST} characters")
        if not isinstance(parameter, Parameter):
            raise SpaceError(f"{parameter!r} is not a parameter; SearchSpace.from_dict reads the file's grammar", name)


def _by_block(paths: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the names in the order of a file: what is nested in one block stands together."""
    blocks: dict[str, list[str]] = {}
    for name, path in paths.items():
        blocks.setdefault(path[0], []).append(name)
    ordered = []
    for names in blocks.values():
        below = {name: paths[name][1:] for name in names}
        ordered += _by_block(below) if all(below.values()) else names
    return ordered


def _check_paths(paths: Mapping[str, tuple[str, ...]]) -> None:
    taken = {path: name for name, path in paths.items()}
    for name, path in paths.items():
        if not all(path):
            raise SpaceError(f"{name!r} cannot be a name: a dot stands between two parts", name)
        for length in range(1, len(path)):
            if path[:length] in taken:
                raise SpaceError(f"{taken[path[:length]]!r} is a parameter and also a block that holds {name!r}", name)


def _narrowed(name: str, parameter: Parameter, change: Parameter | Mapping[str, Any]) -> Parameter:
    try:
        if isinstance(change, Parameter):
            return change if change.when else change.with_when(parameter.when)
        if unknown := [key for key in change if key not in ("min", "max", "values")]:
            raise SpaceError(f"unknown key {unknown[0]!r}; narrow with min and max, or with values")
        if "values" in change and parameter.is_numeric:
            return _picked(parameter, change["values"])
        return parameter.narrow(change.get("min"), change.get("max"), change.get("values"))
    except SpaceError as error:
        raise SpaceError(str(error), name) from None


def _picked(parameter: Parameter, values: Sequence[Any]) -> Parameter:
    """Single numbers out of a range become a choice."""
    for value in values:
        if not parameter.contains(value):
            raise SpaceError(f"{value!r} is not in {parameter.describe()}")
    return Categorical(values, when=parameter.when)


def _still_active(parameter: Parameter, kept: Mapping[str, Parameter]) -> Parameter | None:
    """Return the parameter with the conditions that can still come true; None when one never can."""
    when = {}
    for parent, values in parameter.conditions.items():
        if parent not in kept:
            return None
        when[parent] = [value for value in values if kept[parent].contains(value)]
        if not when[parent]:
            return None
    return parameter.with_when(when) if when else parameter
