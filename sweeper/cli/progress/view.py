"""What all views are: a hook with an end, and with words that are computed in one place."""

from __future__ import annotations

from sweeper.interfaces import Hook


class View(Hook):
    """A view that shows nothing: ``quiet``."""

    def close(self) -> None:
        """Leave the terminal as it was. Called once the sweep is over, also after an error; twice is fine."""
