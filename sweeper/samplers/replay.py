"""Given points, in their order: how trials run again."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from sweeper.records import Outcome, Params


class ReplaySampler:
    """Proposes ``points[number]``, whatever the space says; None when there are no more. Learns nothing."""

    def __init__(self, points: Sequence[Params]) -> None:
        self._points = points

    def ask(self, number: int) -> Params | None:
        return deepcopy(self._points[number]) if number < len(self._points) else None

    def tell(self, number: int, params: Params, outcome: Outcome) -> None:
        """Nothing depends on how a trial ended."""
