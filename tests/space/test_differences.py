"""What differs between two spaces, for a person."""

from __future__ import annotations

from sweeper.space import Categorical, Float, Int, SearchSpace
from sweeper.space.differences import differences


def test_equal_spaces_do_not_differ() -> None:
    space = SearchSpace({"lr": Float(0.1, 1, log=True)}, ["lr < 0.9"])

    assert differences(space, SearchSpace.from_yaml(space.to_yaml())) == []


def test_each_change_is_a_line() -> None:
    old = SearchSpace({"lr": Float(0.1, 1.0), "depth": Int(1, 5), "kind": Categorical(["a", "b"])}, ["lr < 0.9"])
    new = SearchSpace({"lr": Float(0.01, 1.0), "kind": Categorical(["a", "b"]), "width": Int(1, 9)}, ["width > lr"])

    lines = differences(old, new)

    assert [line[:8] for line in lines] == ["~ lr: 0.", "- depth:", "+ width:", "- constr", "+ constr"]
    assert "->" in lines[0]
