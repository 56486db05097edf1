"""What every sampler must do. Inherit, and say how yours is made::

    class TestMySampler(SamplerConformance):
        def make(self, space, goals, seed):
            return MySampler(space, goals, seed)

Set ``finite_only`` when it walks finite spaces only, and ``learns = False`` when results do not steer it. When an ask
is expensive, lower ``trials`` and name fewer ``spaces``.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any, ClassVar

import pytest

from sweeper.errors import UsageError
from sweeper.interfaces import Sampler
from sweeper.records import Failure, FailureClass, Goal, Outcome, Params, RunState
from sweeper.space import (
    Beta,
    Categorical,
    Constant,
    Float,
    Int,
    LogNormal,
    Normal,
    Quantized,
    SearchSpace,
)

LOSS = (Goal("loss"),)
PLAIN = (str, int, float, bool, list, dict, type(None))
History = list[tuple[int, Params, Outcome]]

CONTINUOUS: dict[str, SearchSpace] = {
    "one float": SearchSpace({"x": Float(-3, 5)}),
    "one log float": SearchSpace({"x": Float(1e-5, 1, log=True)}),
    "huge log range": SearchSpace({"x": Float(1e-300, 1e300, log=True), "n": Int(1, 2**53, log=True)}),
    "huge linear range": SearchSpace({"x": Float(-8e307, 8e307), "y": Float(0, 1e-300)}),
    "tiny log range": SearchSpace({"x": Float(1.0, 1.0 + 1e-12, log=True), "y": Float(1e-320, 1e-319, log=True)}),
    "priors": SearchSpace({
        "normal": Normal(3, 2), "cut": Normal(0, 1, low=-1, high=0.5), "scale": LogNormal(0, 1), "share": Beta(2, 5),
        "kind": Categorical(["a", "b", "never"], weights=[3, 1, 0]),
    }),
    "mixed": SearchSpace({
        "x": Float(0, 1), "lr": Float(1e-4, 1e-1, log=True), "drop": Float(0, 0.9, step=0.1), "n": Int(1, 9),
        "width": Int(16, 512, log=True), "kind": Categorical(["a", "b", "c"]), "fixed": Constant("as it is"),
    }),
    "conditions": SearchSpace({
        "kernel": Categorical(["rbf", "poly", "linear"]), "c": Float(1e-2, 1e2, log=True),
        "gamma": Float(1e-3, 10, log=True, when={"kernel": ["rbf", "poly"]}),
        "degree": Int(2, 5, when={"kernel": "poly"}), "even": Categorical([True, False], when={"degree": [2, 4]}),
        "note": Constant(None, when={"kernel": "linear"}),
    }),
    "constraints": SearchSpace({"x": Float(0, 1), "y": Float(0, 1), "n": Int(1, 4)}, ["x + y <= 0.8", "n * x <= 1"]),
    "one value each": SearchSpace({"x": Float(2, 2), "n": Int(3, 3), "kind": Categorical(["only"]), "y": Float(0, 1)}),
}
FINITE: dict[str, SearchSpace] = {
    "one int": SearchSpace({"n": Int(1, 200)}),
    "one log int": SearchSpace({"n": Int(1, 300, log=True)}),
    "one choice": SearchSpace({"kind": Categorical([f"k{n}" for n in range(60)])}),
    "steps": SearchSpace({"x": Float(0.1, 1.0, step=0.1), "n": Int(3, 31, step=7), "q": Quantized(0, 1, 0.25)}),
    "all categorical": SearchSpace({
        "any": Categorical(["a", 1, 1.5, True, None, [1, 2], {"b": 3}]), "other": Categorical(["x", "y", "z"]),
        "third": Categorical([False, True]),
    }),
    "finite with conditions": SearchSpace(
        {"a": Int(1, 6), "b": Categorical(["x", "y"]), "c": Int(1, 9, when={"b": "y"}), "k": Constant([1])},
        ["c >= a"],
    ),
}
SMALL = SearchSpace({"a": Int(1, 3), "b": Categorical(["x", "y"]), "c": Int(1, 2, when={"b": "y"})}, ["a + c <= 4"])
TOY = SearchSpace({"x": Float(-5, 5), "y": Float(1e-4, 1, log=True), "n": Int(0, 20)})


def complete(*values: float) -> Outcome:
    """A trial that ended with ``values``."""
    return Outcome(RunState.COMPLETE, tuple(values))


def failed(kind: FailureClass = FailureClass.EXCEPTION) -> Outcome:
    """A trial that ended without a value."""
    return Outcome(RunState.FAILED, failure=Failure(kind, "it broke"))


def pruned(value: float | None, step: int = 3) -> Outcome:
    """A trial that was stopped early."""
    return Outcome(RunState.PRUNED, None if value is None else (value,), step=step)


CANCELLED = Outcome(RunState.CANCELLED)


def some_outcome(number: int, value: float) -> Outcome:
    """Every way in which a trial can end, most of them well."""
    odd = {3: failed(), 5: pruned(value), 7: CANCELLED, 8: pruned(None), 11: failed(FailureClass.LOST),
           13: complete(float("nan")), 14: complete(float("inf")), 17: failed(FailureClass.OOM)}
    return odd.get(number % 19, complete(value))


def loss(params: Params) -> float:
    """A deterministic loss of any point."""
    return random.Random(repr(sorted(params.items(), key=str))).random()


def toy(params: Params) -> float:
    """A smooth bowl over ``TOY``; 0 at its bottom."""
    import math

    depth = (params["x"] - 2) ** 2 + (math.log10(params["y"]) + 3) ** 2 + ((params["n"] - 12) / 4) ** 2
    return float(depth)


def tell_all(sampler: Sampler, history: Iterable[tuple[int, Params, Outcome]]) -> Sampler:
    for number, params, outcome in history:
        sampler.tell(number, copy.deepcopy(params), outcome)
    return sampler


def proposals(run: tuple[Sampler, History]) -> list[Params]:
    return [params for _, params, _ in run[1]]


class SamplerConformance:
    """The contract of :class:`sweeper.interfaces.Sampler`, as tests."""

    finite_only: ClassVar[bool] = False  #: does it refuse spaces that have no grid?
    learns: ClassVar[bool] = True  #: do results steer it?
    trials: ClassVar[int] = 300  #: after so many it must beat chance, if it learns
    spaces: ClassVar[Sequence[str]] = (*CONTINUOUS, *FINITE)  #: those to be tested

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> Sampler:
        """Return the sampler to be tested."""
        raise NotImplementedError

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "space" in metafunc.fixturenames:
            names = [name for name in self.spaces if name in FINITE or not self.finite_only]
            metafunc.parametrize("space", [FINITE.get(name) or CONTINUOUS[name] for name in names], ids=names)

    def run(self, space: SearchSpace, count: int, seed: int = 7) -> tuple[Sampler, History]:
        """Run ``count`` trials one after the other; return the sampler and what it was told."""
        sampler = self.make(space, LOSS, seed)
        history: History = []
        for number in range(count):
            params = sampler.ask(number)
            if params is None:
                break
            outcome = some_outcome(number, loss(params))
            history.append((number, copy.deepcopy(params), outcome))
            sampler.tell(number, params, outcome)
        return sampler, history

    def test_proposals_are_points_of_the_space(self, space: SearchSpace) -> None:
        _, history = self.run(space, 32)
        assert len(history) >= 20
        for _, params, _ in history:
            assert space.problems(params) == []

    def test_proposals_hold_plain_python_values(self, space: SearchSpace) -> None:
        _, history = self.run(space, 25)
        for _, params, _ in history:
            assert type(params) is dict
            for value in params.values():
                assert type(value) in PLAIN

    def test_steps_are_met_exactly(self) -> None:
        space = FINITE["steps"]
        _, history = self.run(space, 30)
        for _, params, _ in history:
            for name, parameter in space.parameters.items():
                assert params[name] in parameter.grid()

    def test_constants_are_included(self) -> None:
        space = FINITE["finite with conditions"]
        _, history = self.run(space, 10)
        assert all(params["k"] == [1] for _, params, _ in history)

    def test_the_same_seed_and_results_lead_to_the_same_proposals(self, space: SearchSpace) -> None:
        assert proposals(self.run(space, 25)) == proposals(self.run(space, 25))

    def test_global_random_state_plays_no_part(self) -> None:
        space = FINITE["one int"] if self.finite_only else CONTINUOUS["mixed"]
        random.seed(1)
        first = proposals(self.run(space, 15))
        random.seed(2)
        state = random.getstate()
        assert proposals(self.run(space, 15)) == first
        assert random.getstate() == state

    def test_another_seed_leads_elsewhere(self) -> None:
        if self.finite_only:
            pytest.skip("walks a fixed order")
        space = CONTINUOUS["mixed"]
        assert proposals(self.run(space, 15, seed=7)) != proposals(self.run(space, 15, seed=8))

    def test_a_replay_goes_on_as_if_it_had_never_stopped(self, space: SearchSpace) -> None:
        _, whole = self.run(space, 28)
        resumed = tell_all(self.make(space, LOSS, 7), whole[:20])
        for number, params, outcome in whole[20:]:
            assert resumed.ask(number) == params
            resumed.tell(number, params, outcome)

    def test_what_was_asked_before_its_result_was_told_plays_no_part(self, space: SearchSpace) -> None:
        one, history = self.run(space, 25)
        other = self.make(space, LOSS, 7)
        for number in reversed(range(25)):
            other.ask(number)
        tell_all(other, history)
        assert other.ask(25) == one.ask(25)

    def test_a_proposal_belongs_to_whoever_asked(self) -> None:
        space = FINITE["all categorical"]
        spoiled, clean = self.make(space, LOSS, 7), self.make(space, LOSS, 7)
        for number in range(12):
            params = clean.ask(number)
            taken = spoiled.ask(number)
            assert params is not None
            assert taken == params
            told = copy.deepcopy(taken)
            for value in taken.values():
                if isinstance(value, (list, dict)):
                    value.clear()
            taken.clear()
            spoiled.tell(number, told, complete(loss(told)))
            clean.tell(number, params, complete(loss(params)))

    def test_telling_leaves_the_parameters_alone(self, space: SearchSpace) -> None:
        sampler = self.make(space, LOSS, 7)
        params = sampler.ask(0)
        assert params is not None
        before = copy.deepcopy(params)
        sampler.tell(0, params, complete(1.0))
        sampler.ask(1)
        assert params == before

    def test_pending_trials_differ(self, space: SearchSpace) -> None:
        sampler, history = self.run(space, 12)
        pending = [sampler.ask(number) for number in range(len(history), len(history) + 8)]
        texts = {repr(params) for params in pending}
        assert len(texts) == len(pending)

    def test_only_trials_that_ended_badly(self, space: SearchSpace) -> None:
        sampler = self.make(space, LOSS, 7)
        for number in range(24):
            params = sampler.ask(number)
            assert params is not None
            assert space.problems(params) == []
            sampler.tell(number, params, [failed(), CANCELLED, pruned(None), failed(FailureClass.TIMEOUT)][number % 4])
        assert sampler.ask(24) is not None

    def test_equal_losses(self, space: SearchSpace) -> None:
        sampler = self.make(space, LOSS, 7)
        for number in range(28):
            params = sampler.ask(number)
            assert params is not None
            assert space.problems(params) == []
            sampler.tell(number, params, complete(1.0))

    def test_trials_outside_the_space_are_ignored(self, space: SearchSpace) -> None:
        name = next(iter(space.parameters))
        known = self.make(space, LOSS, 7).ask(0)
        assert known is not None
        strays: list[Params] = [
            {}, {"unknown": 1}, {**known, name: object()}, {**known, name: None if known[name] is not None else "no"},
            {**known, name: float("nan")}, {**known, name: [1e400]},
        ]
        strays = [stray for stray in strays if space.problems(stray)]
        disturbed, calm = self.make(space, LOSS, 7), self.make(space, LOSS, 7)
        for number, stray in enumerate(strays):
            disturbed.tell(1000 + number, stray, complete(-1e9))
        for number in range(25):
            params = calm.ask(number)
            assert disturbed.ask(number) == params
            assert params is not None
            for sampler in (disturbed, calm):
                sampler.tell(number, copy.deepcopy(params), complete(loss(params)))

    def test_unknown_names_beside_a_point_do_not_matter(self) -> None:
        space = FINITE["one int"]
        _, history = self.run(space, 12)
        more = [(number, {**params, "unknown": 1}, outcome) for number, params, outcome in history]
        one, other = (tell_all(self.make(space, LOSS, 7), told) for told in (history, more))
        assert one.ask(12) == other.ask(12)

    def test_several_goals_or_a_refusal(self, space: SearchSpace) -> None:
        goals = (Goal("loss"), Goal("accuracy", "maximize"))
        try:
            sampler = self.make(space, goals, 7)
        except UsageError:
            with pytest.raises(UsageError, match=r"metric.*loss"):
                self.make(space, goals, 7)
            return
        for number in range(28):
            params = sampler.ask(number)
            assert params is not None
            assert space.problems(params) == []
            value = loss(params)
            ends = {3: failed(), 5: CANCELLED, 6: Outcome(RunState.PRUNED), 9: complete(value, float("nan"))}
            sampler.tell(number, params, ends.get(number % 10, complete(value, 1 - value**2)))

    def test_maximizing_is_minimizing_the_negative(self) -> None:
        space = FINITE["one int"] if self.finite_only else CONTINUOUS["mixed"]
        down, up = self.make(space, LOSS, 7), self.make(space, (Goal("gain", "maximize"),), 7)
        for number in range(25):
            params = down.ask(number)
            assert params is not None
            assert up.ask(number) == params
            down.tell(number, copy.deepcopy(params), complete(loss(params)))
            up.tell(number, params, complete(-loss(params)))

    def test_no_point_twice_before_a_small_space_is_exhausted(self) -> None:
        size = SMALL.grid_size()
        sampler = self.make(SMALL, LOSS, 7)
        seen: list[Any] = []
        for number in range(size):
            params = sampler.ask(number)
            assert params is not None
            assert params not in seen
            seen.append(copy.deepcopy(params))
            sampler.tell(number, params, some_outcome(number, loss(params)))
        assert len(seen) == size
        after = [sampler.ask(number) for number in (size, size + 1)]
        assert after == [None, None] if self.finite_only else all(params in seen for params in after)

    def test_it_finds_better_points_than_chance(self) -> None:
        if not self.learns:
            pytest.skip("does not learn")
        chance = median(
            min(toy(TOY.sample(rng)) for _ in range(self.trials)) for rng in map(random.Random, range(21))
        )
        best = []
        for seed in range(3):
            sampler = self.make(TOY, LOSS, seed)
            losses = []
            for number in range(self.trials):
                params = sampler.ask(number)
                assert params is not None
                losses.append(toy(params))
                sampler.tell(number, params, complete(losses[-1]))
            best.append(min(losses))
        assert median(best) < chance
