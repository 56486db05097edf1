"""Every built-in sampler, in processes that hash strings differently."""

from __future__ import annotations

import os
import subprocess
import sys

SCRIPT = """
import sys, warnings
from random import Random
from sweeper.plugins import SAMPLERS, load
from sweeper.testing.samplers import CONTINUOUS, FINITE, LOSS, loss, some_outcome
for name in SAMPLERS:
    if name == "gp":
        continue
    space = (FINITE["finite with conditions"] if name == "grid" else CONTINUOUS["conditions"])
    sampler = load("sampler", name)(space, LOSS, 7)
    for number in range(24):
        params = sampler.ask(number)
        print(name, number, sorted(params.items(), key=str))
        if number % 5 != 4:
            sampler.tell(number, params, some_outcome(number, loss(params)))
"""


def proposals(hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_proposals_do_not_depend_on_how_strings_are_hashed() -> None:
    first = proposals("1")
    assert first.count("\n") == 24 * 11
    assert proposals("2") == first
