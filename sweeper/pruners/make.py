"""From a block ``early_terminate`` to its rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sweeper import plugins
from sweeper.errors import UsageError
from sweeper.interfaces import Pruner
from sweeper.records import Goal


def make_pruner(block: Mapping[str, Any], goal: Goal) -> Pruner:
    """Make the rule ``block["type"]``; the other keys are its options. Raises UsageError for one it does not take."""
    options = {str(name): value for name, value in block.items()}
    kind = options.pop("type")
    try:
        made: Pruner = plugins.load("pruner", kind)(goal, **options)
    except (TypeError, ValueError) as error:  # of a third party's rule that does not check what it is given
        raise UsageError(f"early_terminate {kind}: {error}") from error
    return made


def check_options(block: Mapping[str, Any]) -> None:
    """Raise UsageError when the rule does not take its options."""
    make_pruner(block, Goal("metric"))
