"""From a sampler and a history to one that begins where past sweeps ended."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from sweeper import plugins
from sweeper.interfaces import Sampler
from sweeper.records import Goal, Outcome, Params, RunState
from sweeper.samplers.random import RandomSampler
from sweeper.samplers.tpe import TpeSampler
from sweeper.samplers.warm.begin import begin, narrow, takes_past
from sweeper.samplers.warm.history import History, PastSweep, PastTrial
from sweeper.samplers.warm.sampler import WarmSampler
from sweeper.space import Categorical, Float, Int, SearchSpace
from sweeper.testing.samplers import SamplerConformance

LOSS = (Goal("loss"),)
SPACE = SearchSpace({"x": Float(0, 1), "y": Float(1e-4, 1.0, log=True), "kind": Categorical(["a", "b", "c"])})


def bowl(params: Params) -> float:
    return float((params["x"] - 0.7) ** 2 + (math.log10(params["y"]) + 2) ** 2 / 4 + 0.3 * (params["kind"] != "b"))


def mountain(params: Params) -> float:
    return -bowl(params)


def past(objective: Callable[[Params], float], *seeds: int, mode: str = "auto", first: int = 3) -> History:
    """What sweeps of 50 random trials leave behind."""
    sweeps = []
    for seed in seeds:
        sampler = RandomSampler(SPACE, LOSS, seed)
        points = sorted((sampler.ask(number) for number in range(50)), key=objective)
        best = tuple(PastTrial(n, point, values=(objective(point),)) for n, point in enumerate(points[:5]))
        sweeps.append(PastSweep(str(seed), f"old-{seed}", 50, best))
    return History(mode, tuple(sweeps), first)


def made(history: History, kind: Any = TpeSampler, seed: int = 1, said: list[str] | None = None) -> Sampler:
    return begin(kind, SPACE, LOSS, seed, {}, history, (said if said is not None else []).append)


def run(sampler: Sampler, trials: int, objective: Callable[[Params], float] = bowl, start: int = 0) -> list[Params]:
    points = []
    for number in range(start, trials):
        point = sampler.ask(number)
        assert point is not None
        points.append(point)
        sampler.tell(number, point, Outcome(RunState.COMPLETE, (objective(point),)))
    return points


class TestWarmTpeSampler(SamplerConformance):
    """It is a sampler as any other, whatever the space of its past was."""

    trials = 60

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> Sampler:
        return begin(TpeSampler, space, goals, seed, {}, past(bowl, 1, 2, 3), lambda _: None)


def test_it_begins_with_the_best_of_the_past() -> None:
    history = past(bowl, 1, 2, 3)

    first = run(made(history), 3)

    assert first[0] in [sweep.best[0].params for sweep in history.sweeps]
    assert all(point in [trial.params for sweep in history.sweeps for trial in sweep.best] for point in first)
    assert len({tuple(point.values()) for point in first}) == 3


def test_what_comes_next_is_drawn_towards_the_past_except_for_every_third() -> None:
    history = past(bowl, 1, 2, 3, first=0)
    guided, evenly = [], []
    for seed in range(40):
        sampler = made(history, seed=seed)
        guided.append(bowl(sampler.ask(0) or {}))
        evenly.append(bowl(sampler.ask(2) or {}))

    assert sorted(guided)[20] < sorted(evenly)[20] / 2


def test_a_good_past_saves_trials() -> None:
    def cost(sampler: Sampler) -> float:
        return min(map(bowl, run(sampler, 15)))

    cold = [cost(TpeSampler(SPACE, LOSS, seed)) for seed in range(8)]
    warm = [cost(made(past(bowl, 1, 2, 3), seed=seed)) for seed in range(8)]

    assert sum(warm) < 0.5 * sum(cold)


def test_a_misleading_past_is_found_out_and_costs_little() -> None:
    said: list[str] = []
    cold = [min(map(bowl, run(TpeSampler(SPACE, LOSS, seed), 50))) for seed in range(5)]
    warm = [min(map(bowl, run(made(past(mountain, 1, 2, 3), seed=seed, said=said), 50))) for seed in range(5)]

    assert len(said) == 5
    assert sum(warm) < 2 * sum(cold) + 0.01


@pytest.mark.parametrize("objective", [bowl, mountain])
def test_resumed_by_replay_it_goes_on_as_if_nothing_had_happened(objective: Callable[[Params], float]) -> None:
    history, said = past(bowl, 1, 2, 3), list[str]()
    whole = run(made(history), 30, objective)

    again = made(History.from_dict(history.to_dict()), said=said)
    for number, point in enumerate(whole[:14]):
        again.tell(number, point, Outcome(RunState.COMPLETE, (objective(point),)))

    assert run(again, 30, objective, start=14) == whole[14:]
    assert len(said) == (objective is mountain)


def test_a_prior_alone_has_no_configurations_first() -> None:
    assert isinstance(made(past(bowl, 1)), WarmSampler)
    assert isinstance(made(past(bowl, 1, mode="prior", first=0)), TpeSampler)


@pytest.mark.parametrize("method", [name for name in plugins.SAMPLERS if name not in ("gp", "grid")])
def test_any_sampler_can_begin_with_configurations_and_be_told_the_past(method: str) -> None:
    history = past(bowl, 1, 2)
    told = tuple(PastTrial(n, trial.params, values=trial.values) for n, trial in enumerate(history.sweeps[0].best))
    history = History("tell", (PastSweep("1", "old", 5, history.sweeps[0].best, told), history.sweeps[1]), 3)
    kind = plugins.load("sampler", method)

    points = run(made(history, kind), 20)

    assert points[0] in [trial.params for trial in history.sweeps[1].best]
    assert all(SPACE.contains(point) for point in points)


def test_the_model_learns_from_what_it_is_told_at_once() -> None:
    sampler = RandomSampler(SPACE, LOSS, 5)
    points = [sampler.ask(number) for number in range(40)]
    told = tuple(PastTrial(n, point, values=(bowl(point),)) for n, point in enumerate(points))
    history = History("tell", (PastSweep("1", "old", 40, told[:3], told),), 0)

    warm = [min(map(bowl, run(made(history, seed=seed), 5))) for seed in range(6)]
    cold = [min(map(bowl, run(TpeSampler(SPACE, LOSS, seed), 5))) for seed in range(6)]

    assert sum(warm) < 0.7 * sum(cold)


def test_grid_leaves_out_what_came_first() -> None:
    space = SearchSpace({"n": Int(0, 5)})
    history = History("auto", (PastSweep("1", "old", 9, (PastTrial(0, {"n": 4}),)),), 1)
    sampler = begin(plugins.load("sampler", "grid"), space, LOSS, 1, {}, history, lambda _: None)

    points = [point["n"] for point in run(sampler, 6, lambda params: 0.0)]

    assert points[0] == 4
    assert sorted(points) == [0, 1, 2, 3, 4, 5]
    assert sampler.ask(6) is None


class TestNarrow:
    history = History("narrow", (), 0, {"x": {"min": 0.6, "max": 0.8}, "kind": {"values": ["b"]}, "gone": {"min": 1}})

    def test_most_trials_lie_in_the_narrow_ranges_and_every_seventh_anywhere(self) -> None:
        points = run(made(self.history), 70)

        inside = [0.6 <= point["x"] <= 0.8 and point["kind"] == "b" for point in points]
        assert all(here for number, here in enumerate(inside) if number % 7 != 6)
        assert not all(here for number, here in enumerate(inside) if number % 7 == 6)

    def test_a_range_of_which_nothing_would_be_left_stays(self) -> None:
        assert narrow(SPACE, {"x": {"min": 3.0, "max": 4.0}, "kind": {"values": ["z"]}}) == SPACE

    def test_no_range_grows(self) -> None:
        assert narrow(SPACE, {"x": {"min": 0.5, "max": 4.0}}).parameters["x"] == Float(0.5, 1.0)


def test_only_a_sampler_that_says_so_takes_a_prior_and_only_for_one_goal() -> None:
    assert takes_past(TpeSampler, LOSS)
    assert not takes_past(TpeSampler, (Goal("a"), Goal("b")))
    assert not takes_past(RandomSampler, LOSS)
