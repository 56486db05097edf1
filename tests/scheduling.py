"""Which tests run in one process, and which of them first, when ``pytest -n`` shares them out.

A file stays together: its fixtures of module scope are made once. So do the files that share something that takes
seconds to start. What takes long is given out first, for one process would be idle at the end otherwise. (xdist's own
groups, ``xdist_group``, are names in test ids, which pytest 9.2 keeps elsewhere: xdist 3.8 no longer finds them.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.scheduler import LoadScopeScheduling

#: The beginnings of paths that share something, and its name.
UNITS = {
    "tests/executors/test_ray.py": "a cluster",
    "tests/executors/test_ray_objectives.py": "a cluster",
    "tests/executors/test_ray_sweeps.py": "a cluster",
    "tests/browser/": "a browser",
    "tests/server/differential/": "MLflow's server",
    "tests/report/": "reports of every kind",
}
#: What takes longest, the longest first.
ORDER = [
    "a cluster",
    "a browser",
    "tests/test_docs.py",
    "tests/test_examples.py",
    "MLflow's server",
    "tests/test_configs.py",
    "tests/chaos/test_quick.py",
    "tests/store/test_server.py",
    "tests/server/clients/test_commands.py",
    "reports of every kind",
    "tests/test_deploy.py",
]


def unit(nodeid: str) -> str:
    """Return what a test belongs to: what its file has in common with others, or its file."""
    return next((name for start, name in UNITS.items() if nodeid.startswith(start)), nodeid.partition("::")[0])


def rank(nodeid: str) -> int:
    """Return the place of a test's unit among those that begin; all others are equal and come after them."""
    mine = unit(nodeid)
    return ORDER.index(mine) if mine in ORDER else len(ORDER)


def scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """Make what gives out tests by unit, in the order in which they were collected."""
    from xdist.scheduler import LoadScopeScheduling

    class ByUnit(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit(nodeid)

    config.option.loadscopereorder = False
    return ByUnit(config, log)
