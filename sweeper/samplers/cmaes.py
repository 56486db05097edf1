"""CMA-ES, with a state that follows from the results alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

from sweeper.records import Goal, Outcome, Params
from sweeper.samplers.axes import axis, position
from sweeper.samplers.evidence import Evidence, losses_of, weigh
from sweeper.samplers.options import Option, one_goal, read_options
from sweeper.samplers.points import Raws
from sweeper.samplers.proposals import Proposals
from sweeper.samplers.seeds import seed32, trial_seed
from sweeper.space import SearchSpace
from sweeper.space.domains import Domain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

COLLAPSED = 1e-7  #: a distribution narrower than this, as a share of the range, finds nothing new


class CmaEsSampler:
    """Covariance matrix adaptation (Hansen, 2016, arXiv:1604.00772) by the ``cmaes`` package, which Optuna uses too.

    It adapts a normal distribution over the numeric parameters that are always active; all others (categories,
    conditional ones) are drawn at random, as Optuna does. Whenever a population of results was told, in whatever
    order and by whatever numbers, the distribution is updated; so asynchronous workers never wait, and a resume goes
    on exactly. Results that lie far from the distribution by now, such as old ones, are moved nearer first (Hansen,
    2011, "Injecting external solutions into CMA-ES"). When the distribution has collapsed it starts again at a random
    place with twice the population (IPOP, Auger and Hansen, 2005). A failed trial counts as the worst of its
    population; a pruned one with its last value, but not as better than the median complete one.
    """

    OPTIONS: ClassVar[dict[str, Option]] = {
        "popsize": Option(int, None, low=4),
        "sigma0": Option(float, 1 / 6, low=1e-3, high=1.0),
    }

    def __init__(self, space: SearchSpace, goals: Sequence[Goal], seed: int, **options: Any) -> None:
        chosen = read_options("cmaes", self.OPTIONS, options)
        one_goal("cmaes", goals)
        self._space, self._goals, self._seed = space, goals, seed
        self._proposals = Proposals(space, seed)
        self._domains = {
            name: domain for name, domain in self._proposals.points.domains.items() if _adapted(space, name, domain)
        }
        self._names = {name: place for place, name in enumerate(self._domains)}
        self._sigma: float = chosen["sigma0"]
        self._starts = 0
        self._population: list[tuple[Raws, Evidence]] = []
        self._optimizer: Any = None
        if self._domains:
            count = chosen["popsize"] or 4 + math.floor(3 * math.log(len(self._domains)))
            self._optimizer = self._start([0.5] * len(self._domains), count)

    def ask(self, number: int) -> Params:
        """Return a draw from the distribution as it is now."""
        return self._proposals.next(number, self._draw)

    def tell(self, number: int, params: Params, outcome: Outcome) -> None:
        """Add the trial to the population; update the distribution when that is full."""
        raws = self._proposals.tell(number, params)
        evidence = weigh(outcome, self._goals)
        if raws is None or evidence is None or self._optimizer is None:
            return
        self._population.append((raws, evidence))
        if len(self._population) < self._optimizer.population_size:
            return
        population, self._population = self._population, []
        if any(evidence.losses is not None for _, evidence in population):
            self._update(population)

    def _draw(self, seed: int) -> Params:
        rng = Random(seed)
        units: list[float] = []
        if self._optimizer is not None:
            self._optimizer.reseed_rng(seed32(seed))
            units = self._optimizer.ask().tolist()

        def draw(name: str, params: Params) -> float:
            domain = self._proposals.points.domains[name]
            return domain.at(units[self._names[name]] if name in self._names else rng.random())

        return self._proposals.points.build(draw)

    def _update(self, population: list[tuple[Raws, Evidence]]) -> None:
        losses = losses_of([evidence for _, evidence in population])
        solutions = [
            (self._near(self._units(raws)), loss[0]) for (raws, _), loss in zip(population, losses, strict=True)
        ]
        self._optimizer.tell(solutions)
        if self._optimizer.should_stop() or self._spread() < COLLAPSED:
            self._starts += 1
            rng = Random(trial_seed(self._seed, -1, self._starts))
            self._optimizer = self._start([rng.random() for _ in self._domains], 2 * self._optimizer.population_size)

    def _spread(self) -> float:
        """The largest standard deviation along an axis."""
        return float(self._optimizer._sigma) * math.sqrt(max(self._optimizer._C.diagonal()))

    def _units(self, raws: Raws) -> Floats:
        import numpy as np

        return np.array([position(domain, raws[name]) for name, domain in self._domains.items()])

    def _near(self, point: Floats) -> Floats:
        """Move a point towards the mean, so far as its length in standard deviations is beyond what is usual."""
        import numpy as np

        optimizer = self._optimizer
        size = len(point)
        step = (point - optimizer.mean) / optimizer._sigma
        length = math.sqrt(max(0.0, float(step @ np.linalg.solve(optimizer._C, step))))
        limit = math.sqrt(size) + 2 * size / (size + 2)
        return point if length <= limit else optimizer.mean + (point - optimizer.mean) * (limit / length)

    def _start(self, mean: list[float], count: int) -> Any:
        import cmaes
        import numpy as np

        bounds = np.array([[0.0, 1.0]] * len(mean))
        return cmaes.CMA(
            np.array(mean), self._sigma, bounds=bounds, n_max_resampling=10 * len(mean), population_size=count, seed=0
        )


def _adapted(space: SearchSpace, name: str, domain: Domain) -> bool:
    """Does CMA-ES adapt this parameter: a number, always active, with more than one value?"""
    parameter = space.parameters[name]
    return parameter.is_numeric and not parameter.conditions and not axis(domain).fixed
