"""Trials on Ray: one actor for each slot, on whichever node has room, with a worker process of its own beside it."""

from sweeper.executors.ray.executor import RayExecutor

__all__ = ["RayExecutor"]
