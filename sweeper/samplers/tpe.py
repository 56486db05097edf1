"""The Tree-structured Parzen Estimator: Optuna 5's, over columns and a bounded history."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

from sweeper.records import Goal, Outcome, Params
from sweeper.samplers.evidence import Kind, weigh
from sweeper.samplers.groups import Groups, Places
from sweeper.samplers.options import Option, read_options
from sweeper.samplers.proposals import Proposals
from sweeper.samplers.seeds import seed32
from sweeper.samplers.warm.prior import Past, Prior
from sweeper.samplers.window import BEST, Window
from sweeper.space import SearchSpace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FLAT = 25  #: the latest so many of the other points have full weight, earlier ones ever less
GOOD = 0.1  #: the share of the trials that count as good


class TpeSampler:
    """Tree-structured Parzen Estimator (Bergstra et al., 2011), as in Optuna 5: multivariate, with a constant liar.

    With one goal it proposes what Optuna's ``TPESampler`` would after the same history, at a fraction of the time:
    the same estimators, good set, weights and random stream. Parameters that are active together are modelled
    together (BOHB, Falkner, Klein and Hutter, 2018), those of one branch of the conditions in a model of their own,
    as Optuna does with ``group=True``. With several goals each parameter is modelled by itself, as is Optuna's
    default, and the good set is chosen by non-domination and crowding. The first ``n_startup_trials`` are random.

    Pending trials count as bad points, so that parallel workers spread. So do failed ones, which Optuna forgets: the
    search keeps away from regions that crash, even before there is a first value. Pruned trials rank by how far they
    came.

    Of a long history the model sees a ``window`` (see :mod:`sweeper.samplers.window`), so an ask costs the same at
    20,000 trials and at 200,000. ``multivariate``, ``group`` and ``constant_liar`` may be switched off.

    With one goal it may be given the ``past``: then the first trials are drawn from where past good points lie, and
    candidates are drawn and weighed by it, ever less (:class:`sweeper.samplers.warm.prior.Prior`).
    """

    TAKES_PAST: ClassVar[bool] = True

    OPTIONS: ClassVar[dict[str, Option]] = {
        "n_startup_trials": Option(int, 10, low=1),
        "n_ei_candidates": Option(int, 24, low=1),
        "multivariate": Option(bool, None),
        "group": Option(bool, True),
        "constant_liar": Option(bool, True),
        "window": Option(int, 1500, low=50),
    }

    def __init__(
        self, space: SearchSpace, goals: Sequence[Goal], seed: int, *, past: Past | None = None, **options: Any
    ) -> None:
        chosen = read_options("tpe", self.OPTIONS, options)
        self._startup: int = chosen["n_startup_trials"]
        self._candidates: int = chosen["n_ei_candidates"]
        self._liar: bool = chosen["constant_liar"]
        multivariate = chosen["multivariate"]
        self._space, self._goals = space, goals
        self._proposals = Proposals(space, seed)
        self._window = Window(len(goals), seed, chosen["window"])
        single = len(goals) > 1 if multivariate is None else not multivariate
        self._groups = Groups(self._proposals.points, split=not chosen["group"], single=single)
        self._table = Table(list(self._groups.axes))
        self._prior = None if past is None or len(goals) > 1 else Prior(past, self._proposals.points, self._groups)
        self._gone: list[int] = []  # trials that left the window since the last ask
        self._seen = 0  # trials told before the last ask

    def ask(self, number: int) -> Params:
        """Return the best of ``n_ei_candidates`` candidates under the model of what was told."""
        return self._proposals.next(number, lambda seed: self._draw(number, seed))

    def tell(self, number: int, params: Params, outcome: Outcome) -> None:
        """Learn how a trial ended; see :mod:`sweeper.samplers.evidence` for what counts as what."""
        raws = self._proposals.tell(number, params)
        evidence = weigh(outcome, self._goals)
        if self._prior is not None:
            self._prior.tell(number, evidence)
        if raws is not None and evidence is not None:
            self._gone += self._window.add(raws, evidence)

    def _draw(self, number: int, seed: int) -> Params:
        if self._window.told < self._startup:
            if self._prior is not None and self._prior.draws(number):
                return self._prior.draw(seed)
            return self._space.sample(Random(seed))
        import numpy as np

        rng = np.random.RandomState(seed32(seed))
        self._update()
        good, others = self._split()

        def sample(names: Sequence[str]) -> Places:
            return self._suggest(names, self._table.columns(names, good), self._table.columns(names, others), rng)

        return self._groups.build(sample)

    def _update(self) -> None:
        """Bring the table up to date with the window: at once for all that was told since the last ask."""
        for order in self._gone:
            self._table.drop(order)
        for order in range(self._seen, self._window.told):
            if order in self._window.kept:
                self._table.add(order, self._groups.places(self._window.kept[order].raws))
        self._gone, self._seen = [], self._window.told

    def _split(self) -> tuple[Floats, Floats]:
        """Return the good points and all others, the pending ones last."""
        import numpy as np

        window = self._window
        start = window.valued < self._startup
        share = math.ceil(GOOD * window.valued)
        best = [] if start else window.best(min(share, BEST) if len(self._goals) == 1 else share)
        orders = {told.order for told in best}
        others = [
            order for order, told in window.kept.items()
            if order not in orders and (not start or told.evidence.kind is Kind.BAD)
        ]
        rows = [self._table.rows(others)]
        if self._liar and self._proposals.pending:
            rows += [self._table.line(self._groups.places(raws)) for raws in self._proposals.pending.values()]
        return self._table.rows(sorted(orders)), np.vstack(rows)

    def _suggest(self, names: Sequence[str], good: Floats, others: Floats, rng: np.random.RandomState) -> Places:
        """Return the candidate that is likelier among the good points than among the others."""
        import numpy as np

        from sweeper.samplers.parzen import Mixture

        axes = [self._groups.axes[name] for name in names]
        near = Mixture(axes, good, np.ones(len(good)))
        far = Mixture(axes, others, ramp(len(others)))
        candidates = near.sample(rng, self._candidates)
        pull = None if self._prior is None else self._prior.over(names)
        if pull is not None:
            candidates = np.vstack([candidates, pull.candidates(near.sample(rng, self._candidates), rng)])
        scores = near.log_pdf(candidates) - far.log_pdf(candidates)
        if pull is not None:
            scores += pull.score(candidates, self._window.told)
        return dict(zip(names, candidates[np.argmax(scores)].tolist(), strict=True))


class Table:
    """The places of trials, one line each, with NaN where a parameter is inactive."""

    def __init__(self, names: Sequence[str]) -> None:
        import numpy as np

        self._place = {name: place for place, name in enumerate(names)}
        self._lines = np.empty((64, len(names)))
        self._line: dict[int, int] = {}
        self._free: list[int] = list(range(64))

    def line(self, places: Places) -> Floats:
        import numpy as np

        return np.array([[places.get(name, np.nan) for name in self._place]])

    def add(self, order: int, places: Places) -> None:
        import numpy as np

        if not self._free:
            size = len(self._lines)
            self._free = list(range(size, 2 * size))
            self._lines = np.vstack([self._lines, np.empty_like(self._lines)])
        self._line[order] = self._free.pop()
        self._lines[self._line[order]] = self.line(places)

    def drop(self, order: int) -> None:
        if order in self._line:
            self._free.append(self._line.pop(order))

    def rows(self, orders: Sequence[int]) -> Floats:
        return self._lines[[self._line[order] for order in orders]]

    def columns(self, names: Sequence[str], rows: Floats) -> Floats:
        """Return the columns of ``names``, of the rows that have them. Those of one group have all or none."""
        import numpy as np

        columns = rows[:, [self._place[name] for name in names]]
        return columns[~np.isnan(columns[:, 0])]


def ramp(count: int) -> Floats:
    """Return weights that grow linearly, up to 1 for the last ``FLAT``."""
    import numpy as np

    if count < FLAT:
        return np.ones(count)
    return np.concatenate([np.linspace(1.0 / count, 1.0, count - FLAT), np.ones(FLAT)])
