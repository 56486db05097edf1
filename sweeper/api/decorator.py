"""``@sweeper.objective``: space, metric and settings next to the function, which stays a plain function."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast, overload

from sweeper.errors import UsageError, suggest

if TYPE_CHECKING:
    from sweeper.api.result import Result
    from sweeper.config import SweepConfig
    from sweeper.interfaces import Hook

#: Short keywords and where they stand in a sweep file.
PLACES: dict[str, tuple[str, ...]] = {
    "trials": ("budget", "trials"),
    "time": ("budget", "time"),
    "failures": ("budget", "failures"),
    "patience": ("budget", "patience"),
    "workers": ("executor", "workers"),
    "timeout": ("executor", "timeout"),
    "memory": ("executor", "memory"),
    "isolation": ("executor", "isolation"),
    **{key: (key,) for key in ("budget", "executor", "method", "sampler", "retry", "early_terminate", "warm_start")},
    **{key: (key,) for key in ("seed", "tags", "experiment", "description", "name", "store", "artifacts", "tracking")},
    **{key: (key,) for key in ("metric", "goal", "metrics", "target", "space", "constraints")},
}


class Objective(Protocol):
    """A decorated function: called it is the plain function, and it can be swept."""

    __name__: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

    def sweep(
        self,
        *,
        data: Mapping[str, Any] | None = None,
        hooks: Sequence[Hook] = (),
        report: bool | str | Path = True,
        progress: bool = True,
        resume: str | None = None,
        **settings: Any,
    ) -> Result:
        """Run a sweep and return it.

        ``data`` are constants given by name to every trial; ``settings`` are the decorator's keywords or more of them:
        trials, time, workers, timeout, method, seed, name, space, store, ... ``resume`` names a sweep to go on with.
        """
        ...

    def config(self, **settings: Any) -> SweepConfig:
        """Return the config that :meth:`sweep` would run: the same as a sweep file's."""
        ...


@overload
def objective(function: Callable[..., Any], /) -> Objective: ...
@overload
def objective(**settings: Any) -> Callable[[Callable[..., Any]], Objective]: ...
def objective(function: Callable[..., Any] | None = None, /, **settings: Any) -> Any:
    """Make a function an objective, bare or with settings.

    ``metric`` names the number to optimise (default "value"), ``goal`` says "minimize" or "maximize"; ``metrics`` is
    a list of such mappings for several. ``space`` maps parameters to :class:`sweeper.Float` and the like, or is a
    search space, a Hyperopt space, or the name of a bundled one. Every other setting of a sweep file may be given
    as well.
    Raises UsageError for an unknown setting.
    """
    _check(settings)
    if function is None:
        return lambda wrapped: _decorate(wrapped, settings)
    return _decorate(function, settings)


def _decorate(function: Callable[..., Any], settings: dict[str, Any]) -> Objective:
    if not callable(function):
        raise UsageError(f"@sweeper.objective decorates a function, not {function!r}")

    def sweep(
        *,
        data: Mapping[str, Any] | None = None,
        hooks: Sequence[Hook] = (),
        report: bool | str | Path = True,
        progress: bool = True,
        resume: str | None = None,
        **more: Any,
    ) -> Result:
        from sweeper.api.launch import launch

        _check(more)
        made = lambda: build_config(function, settings | more)  # noqa: E731
        return launch(
            function, made, more, data=data or {}, hooks=hooks, report=report, progress=progress, resume=resume
        )

    def config(**more: Any) -> SweepConfig:
        _check(more)
        return build_config(function, settings | more)

    made = cast(Any, function)
    made.sweep, made.config = sweep, config
    return cast(Objective, function)


def build_config(function: Callable[..., Any], settings: Mapping[str, Any]) -> SweepConfig:
    """Return the config of a decorated function. Raises ConfigError with every problem."""
    from sweeper import plugins
    from sweeper.config import parse_config

    mapping: dict[str, Any] = {"name": getattr(function, "__name__", "sweep").strip("<>")}
    for key, value in settings.items():
        if value is None or key in ("space", "metric", "goal", "metrics", "target"):
            continue
        *outer, last = PLACES[key]
        inside = mapping
        for name in outer:
            inside[name] = dict(inside.get(name) or {})
            inside = inside[name]
        if last in ("budget", "executor") and isinstance(inside.get(last), dict):
            value = {**inside[last], **value}
        inside[last] = value
    mapping |= _metric(settings) | _space(settings.get("space"))
    if (place := _importable_place(function)) is not None:
        mapping["objective"] = place
    return parse_config(
        mapping, name=mapping["name"], methods=["auto", *plugins.names("sampler")], executors=plugins.names("executor")
    )


def _metric(settings: Mapping[str, Any]) -> dict[str, Any]:
    if settings.get("metrics"):
        return {"metrics": settings["metrics"]}
    metric = settings.get("metric") or "value"
    if isinstance(metric, Mapping):
        return {"metric": dict(metric)}
    found = {"name": metric, "goal": settings.get("goal") or "minimize"}
    if settings.get("target") is not None:
        found["target"] = settings["target"]
    return {"metric": found}


def _space(space: Any) -> dict[str, Any]:
    from sweeper.space import SearchSpace, from_hyperopt

    if space is None:
        raise UsageError("there is no space: give space={...} to @sweeper.objective or to .sweep()")
    if isinstance(space, (str, Path)):
        return {"search_space": str(space)}
    if isinstance(space, SearchSpace):
        return {"parameters": space}
    hyperopt_like = type(space).__module__.startswith("hyperopt") or (
        isinstance(space, Mapping) and any(type(item).__module__.startswith("hyperopt") for item in space.values())
    )
    return {"parameters": from_hyperopt(space) if hyperopt_like else space}


def _importable_place(function: Callable[..., Any]) -> str | None:
    """Return ``file.py:function`` when another process can find the function by it: that is what resume needs."""
    name = getattr(function, "__qualname__", "")
    try:
        file = inspect.getsourcefile(function)
    except TypeError:
        return None
    module = sys.modules.get(getattr(function, "__module__", ""))
    if not file or not Path(file).is_file() or not name.isidentifier() or not hasattr(module, name):
        return None
    return f"{Path(file).resolve()}:{name}"


def _check(settings: Mapping[str, Any]) -> None:
    for key in settings:
        if key not in PLACES:
            raise UsageError(f"@sweeper.objective knows no setting {key!r}; {suggest(key, list(PLACES))}")
