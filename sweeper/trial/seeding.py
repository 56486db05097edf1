"""Seeding the global random generators, so that an objective that ignores ``trial.seed`` repeats itself too."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def seeded(seed: int, *, restore: bool) -> Iterator[None]:
    """Seed Python's generator, and NumPy's if it is imported; ``restore`` puts back what they were."""
    numpy = sys.modules.get("numpy")
    before = (random.getstate(), numpy.random.get_state() if numpy else None) if restore else None
    random.seed(seed)
    if numpy:
        numpy.random.seed(seed)
    try:
        yield
    finally:
        if before is not None:
            random.setstate(before[0])
            if numpy:
                numpy.random.set_state(before[1])
