"""Running a decorated objective from code: the store, the progress view, a first Ctrl-C that saves everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sweeper.api.running import resume_sweep, run_sweep
from sweeper.api.stores import shared_store

if TYPE_CHECKING:
    from sweeper.api.result import Result
    from sweeper.config import SweepConfig
    from sweeper.interfaces import Hook


def launch(
    function: Callable[..., Any],
    config: Callable[[], SweepConfig],
    settings: Mapping[str, Any],
    *,
    data: Mapping[str, Any],
    hooks: Sequence[Hook],
    report: bool | str | Path,
    progress: bool,
    resume: str | None,
) -> Result:
    """Run a sweep of ``function``, or go on with the one named by ``resume``.

    Raises KeyboardInterrupt after a Ctrl-C: the state is saved, and the message says how to go on.
    """
    from sweeper.cli.plan import notes_of
    from sweeper.cli.progress import choose

    view = choose("auto" if progress else "quiet")
    try:
        if resume is not None:
            store = shared_store(settings.get("store"), settings.get("artifacts"))
            sweep = store.find_sweep(resume)
            result = resume_sweep(
                store,
                sweep,
                trials=settings.get("trials"),
                hooks=[view, *hooks],
                function=function,
                data=data,
                report=report,
            )
        else:
            made = config()
            for note in notes_of(made):
                view.notice(note)
            store = shared_store(made.store, made.artifacts)
            result = run_sweep(made, store=store, hooks=[view, *hooks], function=function, data=data, report=report)
    finally:
        view.close()
    if result.signal:
        raise KeyboardInterrupt(f"the sweep is saved; go on with: sweeper resume {result.id[-8:]}")
    return result
