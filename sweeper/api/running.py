"""What ``sweeper.X`` names: the decorator, running and resuming sweeps, runs outside sweeps, reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sweeper import plugins
from sweeper.api.programs import at_its_commit, find_program
from sweeper.api.result import Result
from sweeper.errors import ObjectiveError
from sweeper.interfaces import Hook, Store
from sweeper.records import RunState, SweepRecord, SweepState

if TYPE_CHECKING:
    from sweeper.config import SweepConfig
    from sweeper.trial.objective import Objective


def run_sweep(
    config: SweepConfig,
    *,
    store: Store,
    hooks: Sequence[Hook] = (),
    function: Callable[..., Any] | None = None,
    data: Mapping[str, Any] | None = None,
    command_line: Sequence[str] = (),
    report: bool | str | Path = True,
) -> Result:
    """Run a sweep to its end in this process and return it.

    ``function`` is the objective, otherwise ``config.objective`` names it; ``data`` are constants given to every
    trial. ``report`` False writes none, a path says where. Raises before anything is created: ObjectiveError,
    UsageError and MissingPackage; afterwards LeaseLost and StoreError.
    """
    from sweeper.controller.audience import Audience
    from sweeper.controller.plan import make_plan
    from sweeper.controller.session import Session
    from sweeper.controller.warm.keeping import Remarks, keep
    from sweeper.controller.warm.planning import with_history

    carrier = find_objective(config, function, data or {})
    plan, notes = with_history(store, make_plan(config, artifacts=store.artifacts, notice=Audience(hooks).notice))
    notes = [f"method auto is {plan.sweep.method} here: {plan.reason}", *notes] if plan.reason else notes
    plan.sampler()
    plan.pruner()
    plugins.load("executor", config.executor.kind)
    plan = replace(plan, sweep=replace(plan.sweep, experiment_id=store.experiment(config.experiment)))
    writer = _report_hook(report)
    beside = [*hooks, Remarks(hooks, notes, plan.said), *_tracking_hooks(config, hooks), *writer]
    with Session(plan, store, carrier, data or {}, beside) as session:
        if plan.history is not None:
            keep(store, plan.sweep.id, plan.history)
        session.create(command_line)
        return _result(session.run(), store, writer, session.signal)


def resume_sweep(
    store: Store,
    sweep: SweepRecord,
    *,
    config: SweepConfig | None = None,
    trials: int | None = None,
    hooks: Sequence[Hook] = (),
    function: Callable[..., Any] | None = None,
    data: Mapping[str, Any] | None = None,
    report: bool | str | Path = True,
    wait: bool = True,
) -> Result:
    """Go on with a sweep where it stands: finished trials are told to the sampler, trials in flight run again.

    ``trials`` is the new total. ``config`` is a changed one to go on with, as a new revision: trials outside its space
    are kept, and told to the sampler where they fit. A finished sweep with its budget used is returned as it is.
    ``wait`` False raises LeaseHeld at once when another host may still run it.
    """
    from sweeper.config import parse_config
    from sweeper.controller.audience import Audience
    from sweeper.controller.plan import Plan, workers
    from sweeper.controller.revision import changes, revise
    from sweeper.controller.session import Session
    from sweeper.controller.warm.keeping import Remarks
    from sweeper.controller.warm.planning import with_kept_history

    before = parse_config(sweep.config, name=sweep.name)
    lines = changes(sweep, before, config) if config is not None else []
    config = config if config is not None and lines else before
    total = trials if trials is not None else config.budget.trials if lines else sweep.trials
    config = replace(config, seed=sweep.seed, budget=replace(config.budget, trials=total))
    done = sum(count for state, count in sweep.counts.items() if RunState(state).ended)
    if sweep.state is SweepState.FINISHED and total is not None and done >= total:
        return Result(sweep, store)
    revision = revise(sweep, config, lines) if lines else None
    sweep = replace(sweep, trials=total, space=config.space.to_dict())
    carrier = find_objective(at_its_commit(config, sweep), function, data or {})
    writer = _report_hook(report)
    plan, notes = with_kept_history(store, Plan(config, sweep, workers(config, Audience(hooks).notice)))
    beside = [*hooks, Remarks(hooks, notes, plan.said), *_tracking_hooks(config, hooks), *writer]
    with Session(plan, store, carrier, data or {}, beside) as session:
        return _result(session.run(resume=True, wait=wait, revision=revision), store, writer, session.signal)


def find_objective(
    config: SweepConfig,
    function: Callable[..., Any] | None = None,
    data: Mapping[str, Any] | None = None,
    notice: Callable[[str], None] = lambda _: None,
) -> Objective:
    """Find the objective, ``function`` or the one the config names; check that it takes the parameters and ``data``.

    ``notice`` is told of what takes a while. Raises ObjectiveError, and MissingPackage when it logs models and no
    package here saves them.
    """
    from sweeper.trial.models import check_needs
    from sweeper.trial.objective import Carrier, check_signature, from_function, from_target

    if function is None and config.objective is not None and config.objective.kind != "function":
        return find_program(config, data or {}, notice)
    inline = config.executor.kind == "inline"
    if function is not None and inline:
        carrier = Carrier(getattr(function, "__qualname__", str(function)), direct=function)
    elif function is not None:
        carrier = from_function(function)
    elif config.objective is None:
        raise ObjectiveError("there is no objective: name one as 'file.py:function', or give a function")
    else:
        carrier, function = from_target(str(config.objective.target), config.objective.base)
    check_signature(function, _arguments(config), data or {}, carrier.name)
    check_needs(function)
    return carrier


def _arguments(config: SweepConfig) -> dict[str, bool]:
    """Return the top-level arguments of the objective: name -> whether every trial gives it."""
    given: dict[str, bool] = {}
    for name, parameter in config.space.parameters.items():
        top = (config.space.paths.get(name) or (name,))[0]
        given[top] = given.get(top, False) or not parameter.when
    return given


def _tracking_hooks(config: SweepConfig, hooks: Sequence[Hook]) -> list[Hook]:
    """Return what speaks MLflow's protocol beside a sweep: for clients inside trials, and to a server that mirrors."""
    from sweeper.api.mirroring import MirrorHook
    from sweeper.api.tracking import TrackingHook

    def notice(text: str) -> None:
        for hook in hooks:
            hook.notice(text)

    mirror = config.tracking.get("mirror")
    return [TrackingHook(config, notice), *([MirrorHook(mirror, notice)] if mirror else [])]


def _report_hook(report: bool | str | Path) -> list[Any]:
    if report is False:
        return []
    from sweeper.report import ReportHook

    return [ReportHook(None if report is True else Path(report))]


def _result(sweep: SweepRecord, store: Store, writer: Sequence[Any], signal: int) -> Result:
    folder = next((hook.written for hook in writer), None)
    return Result(sweep, store, folder, signal)
