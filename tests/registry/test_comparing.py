"""What differs between two versions."""

from __future__ import annotations

from sweeper.interfaces import Store
from sweeper.registry.comparing import Difference, compare
from sweeper.registry.registering import register
from sweeper.registry.registry import Registry
from tests.registry.conftest import Trained


def test_only_what_differs_is_named(registry: Registry, store: Store, trained: Trained) -> None:
    one = register(registry, trained(0, 0.5), "numbers").version
    other = register(registry, trained(1, 0.75), "numbers").version
    assert compare(one, one) == []
    found = {(each.group, each.name): (each.one, each.other) for each in compare(one, other)}
    assert found["params", "depth"] == (0, 1)
    assert found["metrics", "accuracy"] == (0.5, 0.75)
    assert found["version", "trial"] == (0, 1)
    assert {name for group, name in found if group == "files"} == {"model.skops"}
    assert not [group for group, _ in found if group in ("code", "environment", "packages", "config")]
    assert Difference("params", "depth", 0, 1) in compare(one, other)
