"""Constants given with the objective: written once, opened by each worker; arrays are shared as memory maps."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sweeper.errors import ObjectiveError
from sweeper.trial import pickling

SHARED = ("numpy", "pandas", "scipy")  #: values of these packages are written by joblib and mapped read-only
PLAIN = (str, bytes, int, float, bool, type(None))  #: what may stand beside them in a tuple, list or dict
INDEX = "index"


def save_data(data: Mapping[str, Any], folder: Path) -> str:
    """Write ``data`` below ``folder`` and return its path; "" when there is none.

    Raises ObjectiveError naming a value that cannot be sent to a worker.
    """
    if not data:
        return ""
    import joblib

    folder.mkdir(mode=0o700)
    kept: dict[str, bytes | None] = {}
    for position, (name, value) in enumerate(data.items()):
        try:
            if _shared(value):
                joblib.dump(value, folder / str(position))
                kept[name] = None
            else:
                kept[name] = pickling.dumps(value)
        except Exception as error:
            raise ObjectiveError(
                f"data {name!r} cannot be sent to a worker: {type(error).__name__}: {error}"
            ) from error
    (folder / INDEX).write_bytes(pickle.dumps(kept))
    return str(folder)


def load_data(folder: str) -> dict[str, Any]:
    """Return what :func:`save_data` wrote; large arrays are read-only maps of the same pages in every worker."""
    if not folder:
        return {}
    import joblib

    place = Path(folder)
    kept = pickle.loads((place / INDEX).read_bytes())
    return {
        name: joblib.load(place / str(position), mmap_mode="r") if pickled is None else pickling.loads(pickled)
        for position, (name, pickled) in enumerate(kept.items())
    }


def _shared(value: Any) -> bool:
    """Return whether a value is, or holds, arrays and nothing that only cloudpickle can write."""
    parts = list(value.values()) if type(value) is dict else value if type(value) in (list, tuple) else None
    if parts is None:
        return type(value).__module__.partition(".")[0] in SHARED
    kinds = [part for part in parts if type(part) not in PLAIN]
    return bool(kinds) and all(_shared(part) for part in kinds)
