"""Past sweeps as plain data: what a warm start takes of them, and how it is kept with the sweep."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sweeper.records import Failure, FailureClass, Outcome, Params, RunState

FORMAT = 1  #: of the file that keeps a history
GOOD = 0.1  #: the share of a sweep's trials that count as good
FEWEST, MOST = 3, 10  #: good trials of one sweep


@dataclass(frozen=True, slots=True)
class PastTrial:
    """One trial of a past sweep. ``values`` follow the goals of the new sweep; ``failure`` is its class, or ""."""

    number: int
    params: Params
    state: str = RunState.COMPLETE.value
    values: tuple[float, ...] | None = None
    failure: str = ""
    step: int | None = None

    @property
    def outcome(self) -> Outcome:
        """Return how it ended, as a sampler is told."""
        failure = Failure(FailureClass(self.failure), "") if self.failure else None
        return Outcome(RunState(self.state), self.values, failure, self.step)


@dataclass(frozen=True, slots=True)
class PastSweep:
    """A past sweep: ``trials`` were complete, ``best`` are the best of them, the very best first.

    ``told`` are all its trials, where they count as the new sweep's own.
    """

    id: str
    name: str
    trials: int
    best: tuple[PastTrial, ...]
    told: tuple[PastTrial, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """What a sweep learns of past ones, and how: ``mode`` is one of the sweep file's.

    It begins with ``first`` configurations of theirs. ``narrowed`` has the bounds or values that a parameter is
    searched in, in the grammar of the sweep file.
    """

    mode: str
    sweeps: tuple[PastSweep, ...]
    first: int = 0
    narrowed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def prior(self) -> bool:
        """Are later trials drawn towards the best of the past?"""
        return self.mode in ("auto", "prior", "tell")

    @property
    def transferred(self) -> list[PastSweep]:
        """The sweeps whose best trials are taken, rather than all of them told."""
        return [sweep for sweep in self.sweeps if not sweep.told]

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values; ``from_dict`` of them is an equal history."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> History:
        """Read what ``to_dict`` returned. Raises KeyError, TypeError or ValueError for anything else."""
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']!r} is not known")
        sweeps = tuple(
            PastSweep(one["id"], one["name"], one["trials"], _trials(one["best"]), _trials(one["told"]))
            for one in data["sweeps"]
        )
        return cls(data["mode"], sweeps, data["first"], data["narrowed"])


def good(complete: int) -> int:
    """Return how many of a sweep's ``complete`` trials count as good."""
    return min(MOST, max(FEWEST, math.ceil(GOOD * complete)))


def _trials(rows: Sequence[Mapping[str, Any]]) -> tuple[PastTrial, ...]:
    made = [PastTrial(**row) for row in rows]
    return tuple(
        PastTrial(one.number, one.params, one.state, None if one.values is None else tuple(one.values), one.failure,
                  one.step)
        for one in made
    )  # fmt: skip
