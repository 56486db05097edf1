"""Parameters that are active together."""

from __future__ import annotations

from collections.abc import Sequence

from sweeper.samplers.groups import Groups, Places
from sweeper.samplers.points import Points
from sweeper.space import Categorical, Float, SearchSpace

SPACE = SearchSpace({
    "kind": Categorical(["a", "b"]), "x": Float(0, 1), "a1": Float(0, 1, when={"kind": "a"}),
    "a2": Float(0, 1, when={"kind": "a"}), "b1": Float(0, 1, when={"kind": "b"}), "y": Float(0, 1),
    "fixed": Float(0.5, 0.5),
})


def asked(groups: Groups, kind: int) -> list[list[str]]:
    calls: list[list[str]] = []

    def sample(names: Sequence[str]) -> Places:
        calls.append(list(names))
        return {name: kind if name == "kind" else 0.25 for name in names}

    groups.build(sample)
    return calls


def test_a_branch_is_drawn_as_one_and_only_when_it_is_active() -> None:
    assert asked(Groups(Points(SPACE)), 0) == [["kind", "x", "y"], ["a1", "a2"]]
    assert asked(Groups(Points(SPACE)), 1) == [["kind", "x", "y"], ["b1"]]


def test_split_takes_the_parameters_of_a_branch_one_by_one() -> None:
    assert asked(Groups(Points(SPACE), split=True), 0) == [["kind", "x", "y"], ["a1"], ["a2"]]


def test_single_takes_all_one_by_one() -> None:
    assert asked(Groups(Points(SPACE), single=True), 0) == [["kind"], ["x"], ["a1"], ["a2"], ["y"]]


def test_what_has_one_value_is_not_drawn() -> None:
    params = Groups(Points(SPACE)).build(lambda names: dict.fromkeys(names, 0))
    assert params == {"kind": "a", "x": 0, "a1": 0, "a2": 0, "y": 0, "fixed": 0.5}
