"""``search_space``: the parameters of a sweep from a file of their own, bundled or beside the sweep file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sweeper import content
from sweeper.config.files import SUFFIXES, read_text
from sweeper.config.lookup import Lookup
from sweeper.config.places import Places, read_yaml
from sweeper.config.wording import nearest
from sweeper.errors import ConfigError, Problem


def copied(value: Any) -> Any:
    """Return the same value with nothing shared inside it, as YAML's aliases would."""
    if isinstance(value, Mapping):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def listed(constraints: Any) -> list[Any]:
    """Return constraints as a list: one text stands for a list of one."""
    if isinstance(constraints, list | tuple):
        return list(constraints)
    return [] if constraints is None else [constraints]


def take_space(data: dict[str, Any], places: Places, lookup: Lookup) -> list[Problem]:
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
    mine = listed(data.get("constraints"))
    data["parameters"] = copied(space["parameters"]) | own
    data["constraints"] = [*mine, *listed(space.get("constraints"))]
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
