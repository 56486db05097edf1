"""Whoever watches a sweep: an error in one hook is told to the others, and never ends the sweep."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sweeper.interfaces import Hook, Progress, Store
from sweeper.records import SweepRecord, TrialRecord


class Audience:
    """Calls every hook. ``wants_trials`` is False when no hook looks at single trials."""

    def __init__(self, hooks: Sequence[Hook]) -> None:
        self._hooks = hooks
        self.wants_trials = any(type(hook).trial_ended is not Hook.trial_ended for hook in hooks)

    def started(self, sweep: SweepRecord, store: Store) -> None:
        self._tell(lambda hook: hook.started(sweep, store))

    def trial_ended(self, sweep: SweepRecord, trial: TrialRecord) -> None:
        self._tell(lambda hook: hook.trial_ended(sweep, trial))

    def progress(self, progress: Progress) -> None:
        self._tell(lambda hook: hook.progress(progress))

    def notice(self, message: str) -> None:
        self._tell(lambda hook: hook.notice(message))

    def finished(self, sweep: SweepRecord, store: Store) -> None:
        self._tell(lambda hook: hook.finished(sweep, store))

    def _tell(self, call: Callable[[Hook], None]) -> None:
        for hook in self._hooks:
            try:
                call(hook)
            except Exception as error:
                self._complain(hook, error)

    def _complain(self, broken: Hook, error: Exception) -> None:
        message = f"{type(broken).__name__} failed and was passed over: {type(error).__name__}: {error}"
        for hook in self._hooks:
            try:
                if hook is not broken:
                    hook.notice(message)
            except Exception:
                continue
