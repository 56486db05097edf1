"""What clients send, and every mistake they make: MLflow's own server and ours answer the same, but for a list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .flows import FLOWS
from .listed import LISTED, unlisted
from .pair import Difference, Pair

PAGE = Path(__file__).parents[3] / "docs" / "mlflow.md"


def test_both_answer_the_same_but_for_the_list(new_pair: Callable[[], Pair]) -> None:
    # when both servers get every flow
    seen: list[Difference] = []
    for flow in FLOWS:
        pair = new_pair()
        found = [difference for ask in FLOWS[flow] for difference in pair.send(ask)]
        assert not unlisted(found), f"{flow}, not listed:\n" + "\n".join(map(str, unlisted(found)))
        seen += found
    # then they differ in what is listed, and in nothing that is listed they are alike
    assert [listed.title for listed in LISTED if not any(map(listed.fits, seen))] == []


def test_every_listed_difference_is_told() -> None:
    rows = [line.split("|")[1].strip() for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    assert [listed.title for listed in LISTED if listed.title not in rows] == []
