"""Constraints, duplicates and pending trials."""

from __future__ import annotations

from random import Random

from sweeper.records import Params
from sweeper.samplers.proposals import MODEL_TRIES, Proposals
from sweeper.space import Float, Int, SearchSpace

LINE = SearchSpace({"x": Float(0, 1)}, ["x <= 0.5"])
CELLS = SearchSpace({"a": Int(1, 30), "b": Int(1, 30)}, ["a <= b"])


def test_a_draw_that_breaks_a_constraint_is_drawn_again_with_another_seed() -> None:
    seeds: list[int] = []

    def draw(seed: int) -> Params:
        seeds.append(seed)
        return {"x": 0.9 if len(seeds) < 4 else 0.3}

    assert Proposals(LINE, 1).next(0, draw) == {"x": 0.3}
    assert len(set(seeds)) == 4


def test_chance_decides_when_the_model_never_meets_the_constraints() -> None:
    calls: list[int] = []

    def draw(seed: int) -> Params:
        calls.append(seed)
        return {"x": 0.9}

    assert Proposals(LINE, 1).next(0, draw)["x"] <= 0.5
    assert len(calls) == MODEL_TRIES


def test_a_stubborn_model_gets_every_point_once_and_then_its_own() -> None:
    proposals = Proposals(CELLS, 1)
    size = CELLS.grid_size()
    found = [proposals.next(number, lambda seed: {"a": 1, "b": 1}) for number in range(size)]
    assert len({tuple(params.items()) for params in found}) == size
    assert proposals.next(size, lambda seed: {"a": 1, "b": 1}) == {"a": 1, "b": 1}


def test_a_told_point_was_tried_and_a_pending_one_is_free_again_when_it_ended_elsewhere() -> None:
    space = SearchSpace({"n": Int(1, 2)})
    proposals = Proposals(space, 1)
    assert proposals.next(0, lambda seed: {"n": 1}) == {"n": 1}
    assert proposals.next(1, lambda seed: {"n": 1}) == {"n": 2}
    proposals.tell(0, {"n": 2})
    proposals.tell(1, {"n": 2})
    assert proposals.next(2, lambda seed: space.sample(Random(seed))) == {"n": 1}


def test_pending_holds_what_was_asked_and_not_told() -> None:
    proposals = Proposals(LINE, 1)
    for number in range(3):
        proposals.next(number, lambda seed: {"x": 0.25})
    proposals.tell(1, {"x": 0.25})
    assert proposals.pending == {0: {"x": 0.25}, 2: {"x": 0.25}}


def test_where_an_outsider_was_is_unknown() -> None:
    assert Proposals(LINE, 1).tell(0, {"x": 0.75}) is None
