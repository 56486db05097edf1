"""The page of a sweep to take along."""

from __future__ import annotations

import json
import re

import pytest

from sweeper.store.store import SqlStore
from tests.analysis.sweeps import write_sweep
from tests.web.conftest import PLANS

from .conftest import Pages


@pytest.mark.parametrize("kind", ["goals", "failed", "empty", "hostile"])
def test_it_is_a_file_with_the_facts_of_the_page(pages: Pages, store: SqlStore, kind: str) -> None:
    sweep = write_sweep(store, PLANS[kind]())

    answer = pages.raw(f"sweeps/{sweep.id}/report.html")

    assert answer.status_code == 200
    kept = answer.headers["content-disposition"]
    assert re.fullmatch(rf'attachment; filename="[A-Za-z0-9._-]+-{sweep.id[-8:]}\.html"', kept)
    assert answer.headers["x-content-type-options"] == "nosniff"
    (facts,) = re.findall(r'<script type="application/json" id="facts">(.*?)</script>', answer.text, re.DOTALL)
    held, live = json.loads(facts)["sweep"], pages.get(f"sweeps/{sweep.id}")
    for key in ("name", "counts", "best", "space", "environment", "config_yaml"):
        assert held[key] == live[key], key


def test_a_sweep_that_is_gone_has_none(pages: Pages) -> None:
    status, answer = pages.refused("sweeps/nothing/report.html")

    assert (status, answer["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")
