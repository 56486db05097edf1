"""Functions as bytes: by name where a module has them, else by value, with what a traceback shows of them.

cloudpickle forgets in which file a function stands: no source line in a traceback, no breakpoint. Here code keeps its
file name, and the lines of a notebook's cells travel along.
"""

from __future__ import annotations

import io
import linecache
import os
import pickle
import types
from collections import ChainMap
from collections.abc import Callable
from typing import Any

Make = Callable[..., types.CodeType]


def dumps(value: Any) -> bytes:
    """Return ``value`` as bytes. Raises whatever pickling raises."""
    import cloudpickle

    table = cloudpickle.Pickler.dispatch_table
    files: set[str] = set()

    def reduce_with_file(code: types.CodeType) -> tuple[Any, ...]:
        files.add(code.co_filename)
        make, arguments, *_ = table[types.CodeType](code)
        return _code, (code.co_filename, make, arguments)

    class Pickler(cloudpickle.Pickler):  # type: ignore[misc]  # cloudpickle has no type hints
        dispatch_table = ChainMap({types.CodeType: reduce_with_file}, table)

    body = io.BytesIO()
    Pickler(body).dump(value)
    cells = {name: linecache.getlines(name) for name in files if not os.path.exists(name)}
    return pickle.dumps((cells, body.getvalue()))


def loads(content: bytes) -> Any:
    """Return what :func:`dumps` wrote."""
    cells, body = pickle.loads(content)
    for name, lines in cells.items():
        if lines:
            linecache.cache.setdefault(name, (sum(map(len, lines)), None, lines, name))
    return pickle.loads(body)


def names_of_main(content: bytes) -> str:
    """Return a name that ``content`` looks for in the script it was made by, where no other process finds it; or ""."""

    class Finder(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            if module == "__main__":
                raise _OfMain(name)
            return super().find_class(module, name)

    try:
        Finder(io.BytesIO(pickle.loads(content)[1])).load()
    except _OfMain as found:
        return str(found)
    return ""


class _OfMain(Exception):
    """A name of the script."""


def _code(file: str, make: Make, arguments: tuple[Any, ...]) -> types.CodeType:
    return make(*arguments).replace(co_filename=file)
