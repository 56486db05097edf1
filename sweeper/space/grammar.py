"""The grammar of ``parameters`` in a sweep file: Weights & Biases' complete one, and our short forms.

A parameter is a scalar (constant), a list (values), or a mapping: ``values``, ``value``, ``min`` and ``max`` with
``step`` and ``log``, any ``distribution`` of W&B, or nested ``parameters``; each with ``when``. Numbers may be written
as strings that read as one (YAML 1.1 takes ``1e-5`` for text).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
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
    problems: list[SpaceProblem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def problem(self, place: str, message: str) -> None:
        self.problems.append(SpaceProblem(place, message))


def read_parameters(parameters: Any) -> Reading:
    """Read the value of the key ``parameters``: a mapping of names to parameters or their grammar."""
    reading = Reading()
    _read_block(reading, parameters, "parameters", (), {})
    _resolve_conditions(reading)
    return reading


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
        both = _both(when, _read_when(spec))
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
            own = parameter.when or (_read_when(spec) if isinstance(spec, Mapping) else {})
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


def _read_when(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    when = spec.get("when")
    if when is None:
        return {}
    if not isinstance(when, Mapping):
        raise SpaceError(f"is {when!r}; write a mapping such as {{kernel: rbf}} or {{kernel: [rbf, poly]}}", "when")
    return when


def _both(above: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Conditions that hold both: of a nested block and of a parameter in it."""
    both = {name: values if isinstance(values, (list, tuple)) else [values] for name, values in above.items()}
    for name, values in own.items():
        listed = list(values) if isinstance(values, (list, tuple)) else [values]
        both[name] = [value for value in listed if index(both[name], value) is not None] if name in both else listed
        if listed and not both[name]:
            raise SpaceError(f"{name} can never be {listed!r} here: the block above has another `when`", "when")
    return both


def _resolve_conditions(reading: Reading) -> None:
    """A ``when`` names a parameter in full, or one of its own block or a block around it."""
    known = set(reading.places)
    for name, parameter in reading.parameters.items():
        if not parameter.when:
            continue
        scope = reading.paths[name][:-1]
        resolved = {}
        for parent, values in parameter.when.items():
            found, others = _nearest(parent, scope, known)
            resolved[found] = values
            if others:
                reading.notices.append(f"{reading.places[name]}.when: {parent!r} is taken as {found!r}, not as "
                                       f"{others[0]!r}; write that in full if you mean it")
        if resolved.keys() != parameter.when.keys():
            reading.parameters[name] = parameter.with_when(resolved)


def _nearest(name: str, scope: tuple[str, ...], known: set[str]) -> tuple[str, list[str]]:
    """Return the full name that is meant, and others it might be: a full name first, then inner blocks before outer."""
    candidates = [name, *(".".join((*scope[:length], name)) for length in range(len(scope), 0, -1))]
    found, *others = [candidate for candidate in candidates if candidate in known] or [name]
    return found, others
