"""One seed per trial number, so that a proposal does not depend on what was asked before it."""

from __future__ import annotations

from hashlib import sha256


def trial_seed(seed: int, number: int, attempt: int = 0) -> int:
    """Return 64 bits for the ``attempt``-th try at trial ``number``: the same on every machine and in every process.

    Taken from SHA-256 of the three numbers, so neighbouring trials get unrelated streams.
    """
    return int.from_bytes(sha256(b"%d/%d/%d" % (seed, number, attempt)).digest()[:8], "big")


def seed32(seed: int) -> int:
    """Return the part of a seed that fits libraries which want 32 bits (numpy's RandomState, SciPy)."""
    return seed & 0xFFFFFFFF
