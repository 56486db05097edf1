"""Whoever watches a sweep: an error in one hook is told to the others, and never ends the sweep."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from sweeper.interfaces import Hook, Progress, Store
from sweeper.records import SweepRecord, TrialRecord


class Audience:
    """Calls every hook. ``wants_trials`` is False when no hook looks at single trials."""

    def __init__(self, hooks: Sequence[Hook]) -> None:
        self._hooks = hooks
        self._complained: set[tuple[int, str]] = set()
        self.wants_trials = any(_overrides(hook, "trial_ended") for hook in hooks)

    def started(self, sweep: SweepRecord, store: Store) -> None:
        self._tell("started", sweep, store)

    def trial_ended(self, sweep: SweepRecord, trial: TrialRecord) -> None:
        self._tell("trial_ended", sweep, trial)

    def progress(self, progress: Progress) -> None:
        self._tell("progress", progress)

    def notice(self, message: str) -> None:
        self._tell("notice", message)

    @contextmanager
    def sidecar(self, sweep: SweepRecord, store: Store) -> Iterator[dict[str, str]]:
        """Open what hooks open beside the workers; give the variables that workers get."""
        with ExitStack() as opened:
            variables: dict[str, str] = {}
            for hook in self._hooks:
                try:
                    beside = getattr(hook, "sidecar", _nothing)(sweep, store)
                    variables |= opened.enter_context(beside) if beside is not None else {}
                except Exception as error:
                    self._complain(hook, "sidecar", error)
            yield variables

    def finished(self, sweep: SweepRecord, store: Store) -> None:
        self._tell("finished", sweep, store)

    def _tell(self, method: str, *facts: Any) -> None:
        for hook in self._hooks:
            try:
                getattr(hook, method, _nothing)(*facts)
            except Exception as error:
                self._complain(hook, method, error)

    def _complain(self, broken: Hook, method: str, error: Exception) -> None:
        """Tell the others, or warn when there are none; once for each method of a hook."""
        if (id(broken), method) in self._complained:
            return
        self._complained.add((id(broken), method))
        message = f"{type(broken).__name__}.{method} failed and was passed over: {type(error).__name__}: {error}"
        others = [hook for hook in self._hooks if hook is not broken and _overrides(hook, "notice")]
        for hook in others:
            try:
                hook.notice(message)
            except Exception:
                continue
        if not others:
            warnings.warn(message, RuntimeWarning, stacklevel=2)


def _overrides(hook: Hook, method: str) -> bool:
    found = getattr(hook, method, None)
    return found is not None and getattr(found, "__func__", found) is not getattr(Hook, method)


def _nothing(*facts: Any) -> None:
    """What a hook does that leaves a method out."""
