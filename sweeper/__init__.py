"""Hyperparameter sweeps with nested-run tracking."""

from sweeper.version import __version__

__all__ = ["__version__"]
