"""What clients send, and every mistake they make: MLflow's own server and ours answer the same, but for a list."""

from __future__ import annotations

from pathlib import Path

import pytest

from .flows import FLOWS
from .listed import LISTED, unlisted
from .pair import Difference, Pair

pytestmark = pytest.mark.xdist_group("mlflow-server")

PAGE = Path(__file__).parents[3] / "docs" / "mlflow.md"
seen: list[Difference] = []


@pytest.mark.parametrize("flow", FLOWS)
def test_both_answer_the_same(pair: Pair, flow: str) -> None:
    found = [difference for ask in FLOWS[flow] for difference in pair.send(ask)]
    seen.extend(found)
    assert not unlisted(found), "not listed:\n" + "\n".join(map(str, unlisted(found)))


def test_every_listed_difference_is_there_and_told(request: pytest.FixtureRequest) -> None:
    """A difference that is gone leaves the list; one that stays stands in the page."""
    rows = [line.split("|")[1].strip() for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    assert [listed.title for listed in LISTED if listed.title not in rows] == []
    if len(seen) > 0 and not request.config.option.keyword:
        assert [listed.title for listed in LISTED if not any(map(listed.fits, seen))] == []
