"""A prior from past sweeps: where their best trials lie, over the whole range, weaker with every new result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from sweeper.records import Params
from sweeper.samplers.evidence import Evidence
from sweeper.samplers.groups import Groups, Places
from sweeper.samplers.points import Points
from sweeper.samplers.seeds import seed32
from sweeper.samplers.warm.guard import Guard

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sweeper.samplers.parzen import Mixture

    Floats = NDArray[np.float64]

BETA = 10.0  #: after so many results the prior weighs as much as the model of what was seen


@dataclass(frozen=True, slots=True)
class Past:
    """Good points of past sweeps for a model: whole points of the space, of which ``shared`` parameters count.

    ``guard`` decides how long they do.
    """

    points: Sequence[Params]
    shared: frozenset[str]
    guard: Guard


class Prior:
    """The density of past good points, for an acquisition that is multiplied by it to the power ``BETA / n``.

    That is piBO (Hvarfner et al., 2022, arXiv:2204.11051) on the Tree-structured Parzen Estimator: ``n`` results wash
    out any prior, so a wrong one costs time and nothing else. The density is one more Parzen estimator, whose own
    even part covers the full range. Parameters that the past does not know have no part in it.
    """

    def __init__(self, past: Past, points: Points, groups: Groups) -> None:
        import numpy as np

        self._past, self._groups = past, groups
        self._names = [name for name in groups.axes if name in past.shared]
        known = [raws for point in past.points if (raws := points.raws(point)) is not None]
        places = [groups.places(raws) for raws in known]
        rows = [[place.get(name, np.nan) for name in self._names] for place in places]
        self._rows: Floats = np.array(rows, dtype=float).reshape(len(rows), len(self._names))

    def tell(self, number: int, evidence: Evidence | None) -> None:
        """Learn how a trial ended, for the guard."""
        self._past.guard.tell(number, evidence)

    def draws(self, number: int) -> bool:
        """Is this one of the first trials to be drawn from the prior, rather than evenly?"""
        return self._past.guard.draws(number)

    def draw(self, seed: int) -> Params:
        """Return a point drawn from the prior."""
        import numpy as np

        rng, chance = np.random.RandomState(seed32(seed)), Random(seed)

        def sample(names: Sequence[str]) -> Places:
            places = self._groups.chance(names, chance)
            if (part := self._part(names)) is not None:
                places.update(zip(part[0], part[1].sample(rng, 1)[0].tolist(), strict=True))
            return places

        return self._groups.build(sample)

    def over(self, names: Sequence[str]) -> Pull | None:
        """Return the pull of the prior on these parameters; None when it has none."""
        part = self._part(names) if self._past.guard.trusts else None
        return None if part is None else Pull([names.index(name) for name in part[0]], part[1])

    def _part(self, names: Sequence[str]) -> tuple[list[str], Mixture] | None:
        """Return those of ``names`` that the past knows, and the density over them."""
        import numpy as np

        from sweeper.samplers.parzen import Mixture

        shared = [name for name in names if name in self._names]
        rows = self._rows[:, [self._names.index(name) for name in shared]]
        rows = rows[~np.isnan(rows).any(axis=1)]
        if not shared or not len(rows):
            return None
        return shared, Mixture([self._groups.axes[name] for name in shared], rows, np.ones(len(rows)))


@dataclass(frozen=True, slots=True)
class Pull:
    """What the prior says of one group of parameters: ``columns`` of the points are those it knows."""

    columns: list[int]
    density: Mixture

    def candidates(self, others: Floats, rng: np.random.RandomState) -> Floats:
        """Return ``others`` with what the prior knows drawn from it."""
        made = others.copy()
        made[:, self.columns] = self.density.sample(rng, len(others))
        return made

    def score(self, points: Floats, results: int) -> Floats:
        """Return what to add to the logarithm of an acquisition, once ``results`` are known."""
        scores: Floats = BETA / max(1, results) * self.density.log_pdf(points[:, self.columns])
        return scores
