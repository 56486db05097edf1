"""What all tests share: property tests that do not depend on the speed of the machine, and a clean environment."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from tests import scheduling

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads wait by spinning, on the cores of others

settings.register_profile("laptop", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "laptop")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """``--dist loadgroup`` means the groups of these tests."""
    return scheduling.scheduler(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins."""
    items.sort(key=lambda item: scheduling.rank(item.nodeid))


@pytest.fixture(autouse=True)
def no_variables_of_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables that a person may have set do not reach the tests."""
    for name in ("SWEEPER_STORE", "SWEEPER_DEBUG", "SWEEPER_TOKEN"):
        monkeypatch.delenv(name, raising=False)
