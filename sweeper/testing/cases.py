"""Many cases in one test: a store or a server is made once for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def case(name: object) -> Iterator[None]:
    """What fails inside says in which case."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"in the case {name!r}")
        raise
