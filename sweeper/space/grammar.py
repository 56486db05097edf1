"""The grammar of ``parameters`` in a sweep file: Weights & Biases' complete one, and our short forms.

A parameter is a scalar (constant), a list (values), or a mapping: ``values``, ``value``, ``min`` and ``max`` with
``step`` and ``log``, any ``distribution`` of W&B, or nested ``parameters``; each with ``when``. Numbers may be written
as strings that read as one (YAML 1.1 takes ``1e-5`` for text).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sweeper.errors import SpaceError, suggest
from sweeper.space.distributions import DISTRIBUTIONS, Spec, infer
from sweeper.space.parameter import Parameter
from sweeper.space.values import index, plain

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
DEEPEST = 50  #: levels of nesting
LONGEST = 250  #: characters of a name with those of its blocks

KEYS = ("distribution", "value", "values", "min", "max", "step", "q", "log", "mu", "sigma", "a", "b", "probabilities",
        "weights", "when", "parameters")  # fmt: skip


@dataclass(frozen=True)
class SpaceProblem:
    """One thing wrong with a space; ``path`` is the dotted place in the file, such as ``parameters.lr.min``."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


@dataclass
class Reading:
    """What was found: parameters by flat name, where each stands, what is wrong, and what a person should know."""

    parameters: dict[str, Parameter] = field(default_factory=dict)
    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    problems: list[SpaceProblem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def problem(self, place: str, message: str) -> None:
        self.problems.append(SpaceProblem(place, message))


def read_parameters(parameters: Any) -> Reading:
    """Read the value of the key ``parameters``: a mapping of names to parameters or their grammar."""
    reading = Reading(known=frozenset(_names(parameters, ())))
    _read_block(reading, parameters, "parameters", (), {})
    return reading


def _names(block: Any, above: tuple[str, ...]) -> Iterator[str]:
    """Yield the flat names that ``block`` defines."""
    if isinstance(block, Mapping) and len(above) <= DEEPEST:
        for key, spec in block.items():
            if isinstance(spec, Mapping) and "parameters" in spec:
                yield from _names(spec["parameters"], (*above, str(key)))
            else:
                yield ".".join((*above, str(key)))


def _read_block(
    reading: Reading, block: Any, place: str, above: tuple[str, ...], when: Mapping[str, Any]
) -> None:
    if not isinstance(block, Mapping):
        reading.problem(place, f"is {block!r}; write a mapping of names to ranges")
        return
    if len(above) > DEEPEST:
        reading.problem(place, f"is nested deeper than {DEEPEST} levels")
        return
    if not block:
        reading.problem(place, "is empty; name at least one parameter")
    for key, spec in block.items():
        here = f"{place}.{key}"
        if not isinstance(key, str) or not NAME.fullmatch(key):
            reading.problem(here, f"{key!r} cannot be a name: a letter or _, then letters, digits and _ . -")
        elif len(".".join((*above, key))) > LONGEST:
            reading.problem(here, f"the name is longer than {LONGEST} characters")
        elif isinstance(spec, Mapping) and "parameters" in spec:
            _read_nested(reading, spec, here, (*above, key), when)
        else:
            _read_parameter(reading, spec, here, (*above, key), when)


def _read_nested(
    reading: Reading, spec: Mapping[str, Any], place: str, path: tuple[str, ...], when: Mapping[str, Any]
) -> None:
    for key in spec:
        if key not in ("parameters", "when"):
            reading.problem(f"{place}.{key}", f"unknown key {key!r} beside `parameters`; only `when` may stand there")
    try:
        both = _both(when, _conditions(reading, spec.get("when"), place, path[:-1]))
    except SpaceError as error:
        reading.problem(f"{place}.when", error.message)
        return
    _read_block(reading, spec["parameters"], f"{place}.parameters", path, both)


def _read_parameter(
    reading: Reading, spec: Any, place: str, path: tuple[str, ...], when: Mapping[str, Any]
) -> None:
    name = ".".join(path)
    if name in reading.places:
        reading.problem(place, f"{name!r} is there twice, also at {reading.places[name]}")
        return
    reading.places[name] = place
    before = len(reading.problems)
    try:
        parameter = _build(reading, spec, place)
        if parameter is not None and len(reading.problems) == before:
            written = spec.get("when") if isinstance(spec, Mapping) else parameter.when
            own = _conditions(reading, written, place, path[:-1])
            reading.parameters[name] = parameter.with_when(_both(when, own) or None)
            reading.paths[name] = path
    except SpaceError as error:
        reading.problem(f"{place}.{error.path}" if error.path else place, error.message)


def _build(reading: Reading, spec: Any, place: str) -> Parameter | None:
    if isinstance(spec, Parameter):
        return spec
    if isinstance(spec, (list, tuple)):
        return infer(Spec({"values": list(spec)}, place, reading.notices.append))
    if not isinstance(spec, Mapping):
        return infer(Spec({"value": plain(spec)}, place, reading.notices.append))
    if unknown := [key for key in spec if key not in KEYS]:
        for key in unknown:
            hint = " (for nested parameters write `parameters:` below the name)" if isinstance(
                spec[key], (Mapping, Parameter)) else ""
            reading.problem(f"{place}.{key}", f"unknown key {key!r}; {suggest(str(key), KEYS, 20)}{hint}")
        return None
    body = {key: value for key, value in spec.items() if key != "when"}
    if not body:
        raise SpaceError("says nothing; write for example {min: 0, max: 1} or {values: [a, b]}")
    read: Callable[[Spec], Parameter] = infer
    if "distribution" in body:
        kind = body.pop("distribution")
        if not isinstance(kind, str) or kind not in DISTRIBUTIONS:
            raise SpaceError(f"no distribution {kind!r}; {suggest(str(kind), DISTRIBUTIONS, 20)}", "distribution")
        read = DISTRIBUTIONS[kind]
    return read(Spec(body, place, reading.notices.append))


def _conditions(reading: Reading, when: Any, place: str, scope: tuple[str, ...]) -> Mapping[str, Any]:
    """Return a ``when`` with full names; in short it may name what is in its own block or in one around it."""
    if when is None:
        return {}
    if not isinstance(when, Mapping):
        raise SpaceError(f"is {when!r}; write a mapping such as {{kernel: rbf}} or {{kernel: [rbf, poly]}}", "when")
    resolved: Mapping[str, Any] = {}
    for name, values in when.items():
        candidates = [str(name), *(".".join((*scope[:length], str(name))) for length in range(len(scope), 0, -1))]
        found, *others = [full for full in candidates if full in reading.known] or [str(name)]
        if others:
            reading.notices.append(f"{place}.when: {name!r} is taken as {found!r}, not as {others[0]!r}; write that in "
                                   "full if you mean it")
        resolved = _both(resolved, {found: values})
    return resolved


def _both(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return the conditions under which both hold."""
    both = {name: _listed(values) for name, values in one.items()}
    for name, values in other.items():
        listed = _listed(values)
        both[name] = [value for value in listed if index(both[name], value) is not None] if name in both else listed
        if listed and not both[name]:
            raise SpaceError(f"{name} can never be {listed!r} here: another `when`, of a block above, is against it",
                             "when")
    return both


def _listed(values: Any) -> list[Any]:
    return list(values) if isinstance(values, (list, tuple)) else [values]
