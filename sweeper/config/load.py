"""The two ways in: a sweep file, and a mapping made in code. Both give the same :class:`SweepConfig`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from sweeper.config.assemble import assemble
from sweeper.config.files import find_file, read_text
from sweeper.config.lookup import Lookup
from sweeper.config.overrides import apply_overrides
from sweeper.config.places import Places, read_yaml
from sweeper.config.rules import Known
from sweeper.config.spaces import copied, listed, take_space
from sweeper.config.sweep import SweepConfig
from sweeper.config.wording import shown
from sweeper.errors import ConfigError, Problem
from sweeper.space import SearchSpace

WANDB_WORDS = {"budget.trials": "run_cap", "experiment": "project"}  #: what a file of W&B calls the same


def load_config(
    name: str | Path,
    *,
    overrides: Sequence[str] = (),
    methods: Collection[str] | None = None,
    executors: Collection[str] | None = None,
    pruners: Collection[str] | None = None,
    pruner_options: Callable[[Mapping[str, Any]], None] | None = None,
) -> SweepConfig:
    """Read a sweep file, or the bundled sweep of that name.

    ``overrides`` are texts ``a.b=value``. ``methods``, ``executors`` and ``pruners`` are the names that exist
    (None: any name passes), ``pruner_options`` raises UsageError for a block ``early_terminate`` that its rule cannot
    take. Raises ConfigError with every problem, each at its file, line and path.
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
        problems += take_space(data, places, lookup)
    problems += apply_overrides(data, places, [text for text in overrides if text not in first])
    for text in overrides:
        data.pop(WANDB_WORDS.get(text.split("=")[0].strip(), ""), None)
    known = Known(methods, executors, pruners, pruner_options)
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
    data, places = copied(dict(mapping)), Places()
    if isinstance(space := mapping.get("parameters"), SearchSpace):
        data["parameters"] = space.to_dict()
        data["constraints"] = [*map(str, space.constraints), *listed(data.get("constraints"))]
    problems = []
    if isinstance(data.get("search_space"), str):
        problems = take_space(data, places, Lookup((Path.cwd(),)))
    known = Known(methods, executors, pruners)
    return assemble(data, places, problems=problems, known=known, lookup=Lookup(), name=name)


def _top_level(data: Any, file: str) -> dict[str, Any]:
    if isinstance(data, dict):
        top: dict[str, Any] = copied(data)
        return top
    if data is None:
        message = "is empty; a sweep file needs at least objective, metric and parameters"
    else:
        message = f"must be a mapping (key: value) at the top level, got {shown(data)}"
    raise ConfigError([Problem(message, "", None if data is None else 1, file)])
