"""Thinning keeps the best and the look of the rest."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sweeper.analysis.thinning import thin


@given(st.lists(st.floats(0, 1), max_size=200), st.integers(10, 60))
def test_places_are_distinct_in_order_and_hold_the_best(losses: list[float], most: int) -> None:
    kept = thin(np.array(losses), most)

    assert len(kept) == min(len(losses), most)
    assert (np.diff(kept) > 0).all()
    if losses:
        assert min(losses) == min(losses[i] for i in kept)
