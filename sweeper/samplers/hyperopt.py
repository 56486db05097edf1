"""Hyperopt's algorithms over a bounded history."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import partial
from random import Random
from typing import Any, ClassVar, Protocol

import hyperopt
from hyperopt import anneal, hp, rand, tpe

from sweeper.records import Goal, Outcome, Params
from sweeper.samplers.axes import Axis
from sweeper.samplers.evidence import Kind, losses_of, weigh
from sweeper.samplers.groups import Groups, Places
from sweeper.samplers.options import Option, one_goal, read_options
from sweeper.samplers.proposals import Proposals
from sweeper.samplers.seeds import seed32
from sweeper.samplers.window import Told, Window
from sweeper.space import SearchSpace

GOOD = 25  #: Hyperopt's TPE never takes more than so many good points
DONE = 2  #: Hyperopt's state of a trial that ended
NEXT = 1 << 40  #: the id of what is asked for: after all that were told
PENDING = 1 << 30  #: added to the number of a pending trial, so that it comes after all that were told

Doc = dict[str, Any]


class Suggest(Protocol):
    """One of Hyperopt's algorithms."""

    def __call__(self, new_ids: list[int], domain: Any, trials: Any, seed: int) -> list[Doc]: ...


class Translation:
    """A space in Hyperopt's terms. Every parameter has one label; what is inactive has no value in a document.

    Hyperopt's own way, options nested in ``hp.choice``, needs a label per branch and cannot share a parameter between
    branches. Its algorithms look at each label by itself anyway, so a flat space with gaps models the same.
    """

    def __init__(self, groups: Groups) -> None:
        self._axes = {name: axis for name, axis in groups.axes.items() if not axis.fixed}
        self._domain = hyperopt.Domain(None, {name: _label(name, axis) for name, axis in self._axes.items()})

    def suggest(self, algorithm: Suggest, docs: Sequence[Doc], seed: int) -> Places:
        """Return a place for every parameter, as if all were active."""
        if not self._axes:
            return {}
        trials = hyperopt.trials_from_docs(list(docs), validate=False)
        (doc,) = algorithm([NEXT], self._domain, trials, seed32(seed) >> 1)
        return {name: float(value) for name, (value,) in doc["misc"]["vals"].items()}

    def doc(self, number: int, places: Mapping[str, float], loss: float | None) -> Doc:
        """Return the document of a trial; without a loss Hyperopt takes it for infinitely bad."""
        vals = {
            name: [places[name] if axis.kind == "real" else int(places[name])] if name in places else []
            for name, axis in self._axes.items()
        }
        idxs = {name: [number] if value else [] for name, value in vals.items()}
        return {
            "tid": number,
            "state": DONE,
            "spec": None,
            "result": {"status": "fail"} if loss is None else {"status": "ok", "loss": loss},
            "misc": {"tid": number, "cmd": None, "idxs": idxs, "vals": vals},
        }


def _label(name: str, axis: Axis) -> Any:
    """Return the axis in Hyperopt's terms. Whole numbers get half a step on both sides, so the ends are whole too."""
    if axis.kind == "choice":
        return hp.randint(name, axis.high + 1)
    if axis.kind == "real":
        return hp.uniform(name, 0.0, 1.0)
    if axis.log:
        return hp.qloguniform(name, math.log(axis.low - 0.5), math.log(axis.high + 0.5), 1)
    return hp.quniform(name, axis.low - 0.5, axis.high + 0.5, 1)


class HyperoptSampler:
    """What Hyperopt's samplers share: one goal, and a new call of the algorithm for each ask."""

    NAME: ClassVar[str]
    OPTIONS: ClassVar[dict[str, Option]]

    def __init__(self, space: SearchSpace, goals: Sequence[Goal], seed: int, **options: Any) -> None:
        self._options = read_options(self.NAME, self.OPTIONS, options)
        one_goal(self.NAME, goals)
        self._space, self._goals = space, goals
        self._proposals = Proposals(space, seed)
        self._groups = Groups(self._proposals.points)
        self._translation = Translation(self._groups)
        self._window = Window(1, seed, self._options.get("window", 0))
        self._docs: dict[int, Doc] = {}

    @abstractmethod
    def _prepare(self) -> tuple[Suggest, list[Doc]] | None:
        """Return the algorithm and the documents it may see; None as long as chance decides."""

    def ask(self, number: int) -> Params:
        """Return what the algorithm suggests after what was told."""
        return self._proposals.next(number, self._draw)

    def tell(self, number: int, params: Params, outcome: Outcome) -> None:
        """Learn how a trial ended; see :mod:`sweeper.samplers.evidence` for what counts as what."""
        raws = self._proposals.tell(number, params)
        evidence = weigh(outcome, self._goals)
        if raws is not None and evidence is not None:
            self._window.add(raws, evidence)

    def _draw(self, seed: int) -> Params:
        prepared = self._prepare()
        if prepared is None:
            return self._space.sample(Random(seed))
        places = self._translation.suggest(*prepared, seed)
        return self._groups.build(lambda names: {name: places[name] for name in names})

    def _told(self, rows: Sequence[Told]) -> list[Doc]:
        """Return the documents of ``rows``, each made once."""
        losses = losses_of([told.evidence for told in rows])
        docs = {}
        for told, loss in zip(rows, losses, strict=True):
            known = self._docs.get(told.order) if told.evidence.kind is Kind.VALUE else None
            docs[told.order] = known or self._translation.doc(
                told.order, self._groups.places(told.raws), None if told.evidence.kind is Kind.BAD else loss[0]
            )
        self._docs = docs
        return list(docs.values())


class HyperoptRandomSampler(HyperoptSampler):
    """Hyperopt's ``rand``: the baseline beside which its other algorithms are compared. Learns nothing."""

    NAME = "hyperopt-random"
    OPTIONS: ClassVar[dict[str, Option]] = {}

    def _prepare(self) -> tuple[Suggest, list[Doc]]:
        return rand.suggest, []


class HyperoptTpeSampler(HyperoptSampler):
    """Hyperopt's Tree-structured Parzen Estimator (Bergstra et al., 2011): each parameter modelled by itself.

    The first ``n_startup_jobs`` are random. Failed and pending trials count as infinitely bad, so the search keeps
    away from regions that crash, and parallel workers spread. A pruned trial counts with its last value, but not as
    better than the median complete one. Of a long history the algorithm sees a window (see
    :mod:`sweeper.samplers.window`) with all of its good points: ``gamma`` is set so that there are as many as with
    the whole history.
    """

    NAME = "hyperopt-tpe"
    OPTIONS: ClassVar[dict[str, Option]] = {
        "n_startup_jobs": Option(int, 20, low=1),
        "n_EI_candidates": Option(int, 24, low=1),
        "gamma": Option(float, 0.25, low=0.0),
        "prior_weight": Option(float, 1.0, low=0.0),
        "window": Option(int, 1000, low=100),
    }

    def _prepare(self) -> tuple[Suggest, list[Doc]] | None:
        if self._window.told < self._options["n_startup_jobs"]:
            return None
        rows, good = self._window.rows, 0
        if self._window.valued < self._options["n_startup_jobs"]:
            rows = [told for told in rows if told.evidence.kind is Kind.BAD]
        else:
            good = min(math.ceil(self._options["gamma"] * math.sqrt(self._window.valued)), GOOD)
        docs = self._told(rows)
        for number, raws in self._proposals.pending.items():
            docs.append(self._translation.doc(number + PENDING, self._groups.places(raws), None))
        algorithm = partial(
            tpe.suggest,
            prior_weight=self._options["prior_weight"],
            n_startup_jobs=0,
            n_EI_candidates=self._options["n_EI_candidates"],
            gamma=max(good - 0.5, 0.0) / math.sqrt(len(docs)),
            verbose=False,
        )
        return algorithm, docs


class HyperoptAnnealSampler(HyperoptSampler):
    """Hyperopt's annealing: near one of the best trials, ever nearer. The first trial is random.

    It learns nothing from failed and pending trials; a pruned one counts with its last value, but not as better
    than the median complete one. Of a long history the algorithm sees a window (see
    :mod:`sweeper.samplers.window`); ``shrink_coef`` is set so that it draws as near as with the whole history.
    """

    NAME = "hyperopt-anneal"
    OPTIONS: ClassVar[dict[str, Option]] = {
        "avg_best_idx": Option(float, 2.0, low=1.0),
        "shrink_coef": Option(float, 0.1, low=0.0),
        "window": Option(int, 1000, low=100),
    }

    def _prepare(self) -> tuple[Suggest, list[Doc]] | None:
        rows = [told for told in self._window.rows if told.evidence.losses is not None]
        if not rows:
            return None
        algorithm = partial(
            anneal.suggest,
            avg_best_idx=self._options["avg_best_idx"],
            shrink_coef=self._options["shrink_coef"] * self._window.valued / len(rows),
        )
        return algorithm, self._told(rows)
