"""The two ways in: a sweep file, and a mapping made in code. Both give the same :class:`SweepConfig`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from sweeper import content
from sweeper.config.assemble import assemble
from sweeper.config.files import SUFFIXES, find_file, read_text
from sweeper.config.lookup import Lookup
from sweeper.config.overrides import apply_overrides
from sweeper.config.places import Places, read_yaml
from sweeper.config.rules import Known
from sweeper.config.sweep import SweepConfig
from sweeper.config.wording import nearest, shown
from sweeper.errors import ConfigError, Problem
from sweeper.space import SearchSpace


def load_config(
    name: str | Path,
    *,
    overrides: Sequence[str] = (),
    methods: Collection[str] | None = None,
    executors: Collection[str] | None = None,
    pruners: Collection[str] | None = None,
) -> SweepConfig:
    """Read a sweep file, or the bundled sweep of that name.

    ``overrides`` are texts ``a.b=value``. ``methods``, ``executors`` and ``pruners`` are the names that exist
    (None: any name passes). Raises ConfigError with every problem, each at its file, line and path.
    """
    path = find_file(str(name))
    file = str(path)
    source = read_text(path, file)
    data, places, problems = read_yaml(source, file)
    data = _top_level(data, file)
    first = [text for text in overrides if text.split("=")[0].strip() == "search_space"]
    problems += apply_overrides(data, places, first)
    lookup = Lookup.beside(path)
    if isinstance(data.get("search_space"), str):
        problems += _take_space(data, places, lookup)
    problems += apply_overrides(data, places, [text for text in overrides if text not in first])
    known = Known(methods, executors, pruners)
    return assemble(data, places, problems=problems, known=known, lookup=lookup, source=source, name=path.stem)


def parse_config(
    mapping: Mapping[str, Any],
    *,
    name: str = "sweep",
    methods: Collection[str] | None = None,
    executors: Collection[str] | None = None,
    pruners: Collection[str] | None = None,
) -> SweepConfig:
    """Read the keys of a sweep file from a mapping; ``parameters`` may be a SearchSpace, or hold parameter objects.

    ``name`` is the default for the key of that name. Paths are taken as they are, and ``objective`` may be missing:
    the caller has the function. Raises ConfigError with every problem.
    """
    data, places = _copied(dict(mapping)), Places()
    if isinstance(space := mapping.get("parameters"), SearchSpace):
        data["parameters"] = space.to_dict()
        data["constraints"] = [*map(str, space.constraints), *(data.get("constraints") or [])] or None
    problems = []
    if isinstance(data.get("search_space"), str) and not data.get("parameters"):
        problems = _take_space(data, places, Lookup((Path.cwd(),)))
    known = Known(methods, executors, pruners)
    return assemble(data, places, problems=problems, known=known, lookup=Lookup(), name=name)


def _top_level(data: Any, file: str) -> dict[str, Any]:
    if isinstance(data, dict):
        top: dict[str, Any] = _copied(data)
        return top
    if data is None:
        message = "is empty; a sweep file needs at least objective, metric and parameters"
    else:
        message = f"must be a mapping (key: value) at the top level, got {shown(data)}"
    raise ConfigError([Problem(message, "", None if data is None else 1, file)])


def _copied(value: Any) -> Any:
    """Return the same value with nothing shared inside it, as YAML's aliases would."""
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _take_space(data: dict[str, Any], places: Places, lookup: Lookup) -> list[Problem]:
    """Put the parameters and constraints of ``search_space`` below those that the file gives itself."""
    name = data["search_space"]
    path = _find_space(name, lookup)
    if path is None:
        bundled = nearest(name, content.names("search_spaces"))
        message = f"there is no bundled space {name!r} ({bundled}), and {lookup.missing(name, '.yaml')}"
        return [places.problem("search_space", message)]
    try:
        space, its_places, problems = read_yaml(read_text(path, str(path)), str(path))
    except ConfigError as error:
        return list(error.problems)
    if not isinstance(space, dict) or not isinstance(space.get("parameters"), dict):
        return [*problems, Problem("a search space needs the key parameters", file=str(path))]
    own = data.get("parameters")
    own = own if isinstance(own, dict) else {}
    mine = data.get("constraints") or []
    data["parameters"] = _copied(space["parameters"]) | own
    data["constraints"] = [*mine, *(space.get("constraints") or [])] or None
    places.below(its_places, replaced=[f"parameters.{key}" for key in own], shifted=("constraints", len(mine)))
    return problems


def _find_space(name: str, lookup: Lookup) -> Path | None:
    if name in content.names("search_spaces"):
        return content.find("search_spaces", name)
    candidates = [name] if name.endswith(SUFFIXES) else [name, *(name + suffix for suffix in SUFFIXES)]
    for candidate in candidates:
        if (found := lookup.find(candidate)) and Path(found).is_file():
            return Path(found)
    return None
