"""The configurations to begin with."""

from __future__ import annotations

from sweeper.samplers.warm.fit import fit
from sweeper.samplers.warm.history import PastSweep, PastTrial
from sweeper.samplers.warm.portfolio import Distance, portfolio, size
from sweeper.space import Categorical, Float, SearchSpace

SPACE = SearchSpace({"x": Float(0, 1), "kind": Categorical(["a", "b"])})


def sweeps(*bests: list[float]) -> list[PastSweep]:
    """A sweep for each list: the x of its best trials, the very best first."""
    return [
        PastSweep(str(i), f"old-{i}", 50, tuple(PastTrial(n, {"x": x, "kind": "a"}) for n, x in enumerate(best)))
        for i, best in enumerate(bests)
    ]


def chosen(count: int, *bests: list[float]) -> list[float]:
    return [one.params["x"] for one in portfolio(fit(sweeps(*bests), SPACE, 1), SPACE, count)]


def test_the_most_typical_comes_first_and_then_the_most_different() -> None:
    assert chosen(4, [0.1], [0.5], [0.55], [1.0]) == [0.5, 1.0, 0.1, 0.55]


def test_there_are_no_more_than_asked_for() -> None:
    assert chosen(2, [0.1], [0.5], [0.9]) == [0.5, 0.1]


def test_alike_configurations_are_taken_once() -> None:
    assert chosen(5, [0.5], [0.5], [0.501]) == [0.5]


def test_one_sweep_gives_its_second_and_third_best_too() -> None:
    assert chosen(5, [0.1, 0.5, 0.9, 0.3]) == [0.5, 0.1, 0.9]


def test_nothing_comes_of_nothing() -> None:
    assert chosen(5) == []
    assert chosen(0, [0.5]) == []
    assert chosen(5, []) == []


def test_a_tenth_of_the_budget_at_most_five_at_least_one() -> None:
    assert [size(trials) for trials in (None, 3, 10, 30, 60, 1000)] == [5, 1, 1, 3, 5, 5]


def test_another_choice_is_as_far_as_can_be() -> None:
    one, other = fit(
        [PastSweep("1", "old", 2, (PastTrial(0, {"x": 0.5, "kind": "a"}), PastTrial(1, {"x": 0.5, "kind": "b"})))],
        SPACE,
        1,
    ).sweeps[0]

    assert Distance(SPACE)(one, other) == 0.5
