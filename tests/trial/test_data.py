"""Constants given with the objective."""

from __future__ import annotations

import mmap
import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sweeper.errors import ObjectiveError
from sweeper.trial.data import load_data, save_data


def there_and_back(tmp_path: Path, **data: Any) -> dict[str, Any]:
    return load_data(save_data(data, tmp_path / "data"))


def mapped(array: np.ndarray) -> bool:
    """Return whether an array's bytes are a file's pages rather than a copy of this process."""
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    return isinstance(base, mmap.mmap)


def test_nothing_is_nothing(tmp_path: Path) -> None:
    assert save_data({}, tmp_path / "data") == ""
    assert load_data("") == {}
    assert not (tmp_path / "data").exists()


def test_plain_values_functions_and_classes_come_back(tmp_path: Path) -> None:
    offset = 3

    class Model:
        size = 2

    loaded = there_and_back(tmp_path, a=1, b="x", f=lambda x: x + offset, model=Model())

    assert (loaded["a"], loaded["b"], loaded["f"](1), loaded["model"].size) == (1, "x", 4, 2)


def test_an_array_is_the_same_read_only_pages_for_everybody(tmp_path: Path) -> None:
    original = np.arange(10_000.0)
    folder = save_data({"X": original}, tmp_path / "data")

    one, other = load_data(folder)["X"], load_data(folder)["X"]

    assert mapped(one)
    assert mapped(other)
    np.testing.assert_array_equal(one, original)
    with pytest.raises(ValueError, match="read-only"):
        one[0] = 1.0
    assert os.stat(folder).st_mode & 0o777 == 0o700


@pytest.mark.parametrize("pack", [lambda x, y: (x, y), lambda x, y: [x, [y]], lambda x, y: {"x": x, "y": y, "n": 3}])
def test_arrays_inside_tuples_lists_and_dicts_are_shared_too(tmp_path: Path, pack: Any) -> None:
    loaded = there_and_back(tmp_path, both=pack(np.arange(1000.0), np.arange(3)))["both"]

    first = loaded["x"] if isinstance(loaded, dict) else loaded[0]
    assert mapped(first)
    assert first.sum() == np.arange(1000.0).sum()


def test_a_function_beside_an_array_does_not_get_lost(tmp_path: Path) -> None:
    factor = 2
    array, scale = there_and_back(tmp_path, both=(np.arange(3), lambda x: factor * x))["both"]

    assert scale(array).tolist() == [0, 2, 4]


def test_frames_of_pandas_come_back(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": np.arange(100.0), "b": ["x", "y"] * 50})

    pd.testing.assert_frame_equal(there_and_back(tmp_path, frame=frame)["frame"], frame)


def test_an_array_of_objects_comes_back(tmp_path: Path) -> None:
    assert there_and_back(tmp_path, a=np.array([None, "x", 3], dtype=object))["a"].tolist() == [None, "x", 3]


def test_what_cannot_travel_is_named(tmp_path: Path) -> None:
    with pytest.raises(ObjectiveError, match="data 'lock' cannot be sent to a worker: TypeError"):
        save_data({"a": 1, "lock": threading.Lock()}, tmp_path / "data")
