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
    **{key: (key,) for key in ("metric", "goal", "metrics", "target", "space", "constraints", "reuse")},
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
        trials, time, workers, timeout, method, seed, name, space, store, ...; None takes one back. ``resume`` names a
        sweep to go on with as it is; with it only ``trials`` (the new total), ``store`` and ``artifacts`` may be given.
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
        made = lambda: build_config(function, settings, more)  # noqa: E731
        if resume is not None:
            _check_resume(more)
            more = {key: settings.get(key) for key in ("store", "artifacts")} | more
        return launch(
            function, made, more, data=data or {}, hooks=hooks, report=report, progress=progress, resume=resume
        )

    def config(**more: Any) -> SweepConfig:
        _check(more)
        return build_config(function, settings, more)

    made = cast(Any, function)
    try:
        made.sweep, made.config = sweep, config
    except AttributeError:
        raise UsageError(f"@sweeper.objective cannot decorate {function!r}: wrap it in a function") from None
    return cast(Objective, function)


def build_config(function: Callable[..., Any], *layers: Mapping[str, Any]) -> SweepConfig:
    """Return the config of a decorated function; of ``layers`` of settings a later one wins.

    Raises ConfigError with every problem.
    """
    from sweeper import plugins
    from sweeper.config import parse_config

    mapping: dict[str, Any] = {"name": getattr(function, "__name__", "sweep").strip("<>")}
    for layer in layers:
        for key in sorted(layer, key=lambda key: len(PLACES[key])):  # whole blocks first, then what stands inside them
            if key not in ("space", "metric", "goal", "metrics", "target"):
                _put(mapping, PLACES[key], layer[key])
    settings: dict[str, Any] = {}
    for layer in layers:
        replaced = ("metric", "goal", "target") if layer.get("metrics") else ("metrics",) if layer.get("metric") else ()
        settings = {key: value for key, value in settings.items() if key not in replaced} | dict(layer)
    mapping |= _metric(settings) | _space(settings.get("space"))
    if (place := _importable_place(function)) is not None:
        mapping["objective"] = place
    return parse_config(
        mapping, name=mapping["name"], methods=["auto", *plugins.names("sampler")], executors=plugins.names("executor")
    )


def _put(mapping: dict[str, Any], place: tuple[str, ...], value: Any) -> None:
    """Set a value where it stands in a sweep file; None removes it, a block is merged into the one before it."""
    key, *inside = place
    if inside:
        block = mapping.setdefault(key, {})
        if isinstance(block, dict):
            _put(block, tuple(inside), value)
    elif value is None:
        mapping.pop(key, None)
    elif key == "executor" and isinstance(value, str):
        mapping[key] = {**mapping.get(key, {}), "kind": value}
    elif key in ("budget", "executor") and isinstance(value, Mapping):
        mapping[key] = {**mapping.get(key, {}), **value}
    else:
        mapping[key] = value


def _metric(settings: Mapping[str, Any]) -> dict[str, Any]:
    given = {key: settings[key] for key in ("metric", "goal", "target") if settings.get(key) is not None}
    if settings.get("metrics"):
        if given:
            raise UsageError(f"give either metrics or {' and '.join(given)}: each of metrics has its own")
        return {"metrics": settings["metrics"]}
    metric = given.pop("metric", "value")
    name = dict(metric) if isinstance(metric, Mapping) else {"name": metric}
    return {"metric": {"goal": "minimize", **given, **name}}


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
    from sweeper.trial.objective import runs_only_as_script

    name = getattr(function, "__qualname__", "")
    try:
        file = inspect.getsourcefile(function)
    except TypeError:
        return None
    module = sys.modules.get(getattr(function, "__module__", ""))
    found = getattr(module, name, None)
    if not file or not Path(file).is_file() or found is None or inspect.unwrap(found) is not function:
        return None
    if function.__module__ == "__main__" and not runs_only_as_script(Path(file)):
        return None
    return f"{Path(file).resolve()}:{name}"


def _check(settings: Mapping[str, Any]) -> None:
    for key in settings:
        if key not in PLACES:
            raise UsageError(f"@sweeper.objective knows no setting {key!r}; {suggest(key, list(PLACES))}")


def _check_resume(more: Mapping[str, Any]) -> None:
    if fixed := [key for key in more if key not in ("trials", "store", "artifacts")]:
        raise UsageError(f"resume goes on with a sweep as it is: {', '.join(fixed)} cannot be given with it")
