"""Quasi-random search: a low-discrepancy sequence covers the space more evenly than chance."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

from sweeper.records import Goal, Outcome, Params
from sweeper.samplers.options import Option, read_options
from sweeper.samplers.proposals import Proposals
from sweeper.samplers.seeds import seed32
from sweeper.space import SearchSpace

if TYPE_CHECKING:
    from scipy.stats import qmc

BLOCK = 256  #: points of the sequence made at once, a power of 2 as Sobol's wants
GAP = 10_000  #: so many points in a row that break the constraints, and chance takes over


class QmcSampler:
    """Trial ``n`` is the ``n``-th point of a scrambled Sobol (Sobol 1967, Owen 1998) or Halton sequence.

    The sequence has one dimension per parameter, conditional ones included; what is inactive is left out of the
    point. Points that break a constraint are left out of the sequence, so that what remains stays even. SciPy makes
    the sequence, as it does for Optuna's ``QMCSampler``, which would count trials in the attributes of its study and
    could not go on after a resume. Learns nothing, takes any number of goals.
    """

    OPTIONS: ClassVar[dict[str, Option]] = {
        "qmc_type": Option(str, "sobol", choices=("sobol", "halton")),
        "scramble": Option(bool, True),
    }

    def __init__(self, space: SearchSpace, goals: Sequence[Goal], seed: int, **options: Any) -> None:
        chosen = read_options("qmc", self.OPTIONS, options)
        self._space = space
        self._proposals = Proposals(space, seed)
        self._domains = self._proposals.points.domains
        self._names = {name: place for place, name in enumerate(self._domains)}
        self._sequence = LowDiscrepancy(len(self._domains), chosen["qmc_type"], chosen["scramble"], seed32(seed))
        self._feasible: list[int] = []  # which points of the sequence meet the constraints, as far as looked at
        self._looked = 0

    def ask(self, number: int) -> Params:
        """Return the point of ``number``; in a finite space a random one when that was tried."""
        params = self._point(number)

        def draw(seed: int) -> Params:
            nonlocal params
            point, params = params, None
            return self._space.sample(Random(seed)) if point is None else point

        return self._proposals.next(number, draw)

    def tell(self, number: int, params: Params, outcome: Outcome) -> None:
        """Note the point as tried, however it ended."""
        self._proposals.tell(number, params)

    def _point(self, number: int) -> Params | None:
        """Return the point of the sequence that belongs to ``number``; None when there is none in reach."""
        if not self._space.constraints:
            return self._build(number)
        while len(self._feasible) <= number:
            if self._looked > (self._feasible[-1] if self._feasible else 0) + GAP:
                return None
            if self._space.feasible(self._build(self._looked)):
                self._feasible.append(self._looked)
            self._looked += 1
        return self._build(self._feasible[number])

    def _build(self, index: int) -> Params:
        units = self._sequence.point(index)
        return self._proposals.points.build(lambda name, params: self._domains[name].at(units[self._names[name]]))


class LowDiscrepancy:
    """A sequence of points in the unit cube, by index."""

    def __init__(self, dimensions: int, kind: str, scramble: bool, seed: int) -> None:
        self._dimensions, self._kind, self._scramble, self._seed = dimensions, kind, scramble, seed
        self._made = 0  # blocks the engine has made
        self._block = -1
        self._points: list[list[float]] = []

    @cached_property
    def _engine(self) -> qmc.QMCEngine:
        from scipy.stats import qmc

        make = qmc.Sobol if self._kind == "sobol" else qmc.Halton
        return make(self._dimensions, scramble=self._scramble, rng=self._seed)

    def point(self, index: int) -> list[float]:
        """Return the point at ``index`` >= 0."""
        if self._dimensions == 0:
            return []
        block, place = divmod(index, BLOCK)
        if block != self._block:
            if block < self._made:
                self._engine.reset()
                self._made = 0
            if block > self._made:
                self._engine.fast_forward((block - self._made) * BLOCK)
            self._points = self._engine.random(BLOCK).tolist()
            self._block, self._made = block, block + 1
        return self._points[place]
