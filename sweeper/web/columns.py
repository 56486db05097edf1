"""The trials of a sweep as one block of bytes, for the live page and the report alike; ``core/columns.js`` unpacks it.

u32 LE: length of the header; the header: JSON, padded so that the body begins at a multiple of 8; the body: arrays,
each at a multiple of 8. A float keeps 7 digits, unless that would change what one sees.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sweeper.interfaces import Store
from sweeper.records import SweepRecord
from sweeper.store.pages import trial_pages
from sweeper.store.sheets import Sheet, from_records, sheets
from sweeper.store.store import SqlStore
from sweeper.web.cells import Column, Floats, Kind
from sweeper.web.grid import STATES, Grid

VERSION = 1
LONGEST = 2.0**20  #: seconds up to which a single float tells tenths
WHOLE = 2**24  #: up to here a single float holds every whole number
STEPS = 2.0**12  #: different values that a range needs at least to look like one
SMALLEST = float(np.finfo(np.float32).tiny)
_DTYPES = {"float32": "f4", "float64": "f8", "int32": "i4", "uint32": "u4", "uint16": "u2", "uint8": "u1"}


def load(store: Store, sweep: SweepRecord) -> Grid:
    """Read the trials of a sweep; straight from the database where the store is one."""
    if isinstance(store, SqlStore):
        return store.read(lambda session: _filled(sweep, sheets(session, sweep)))
    return _filled(sweep, (from_records(page, sweep.goals) for page in trial_pages(store, sweep.id)))


def _filled(sweep: SweepRecord, found: Iterable[Sheet]) -> Grid:
    grid = Grid(sweep)
    for sheet in found:
        grid.add(sheet)
    return grid


def pack(grid: Grid, revision: str = "", *, ids: bool = True, since: int | None = None) -> bytes:
    """Return the block: all trials, or with ``since`` only those that changed after that revision."""
    rows = slice(None) if since is None else np.flatnonzero(grid.changed > since)
    body: list[bytes] = []
    columns, at = [], 0
    for facts, content in _columns(grid, rows, ids):
        columns.append({**facts, "at": at, "bytes": len(content)})
        body += (content, bytes(-len(content) % 8))
        at += len(content) + -len(content) % 8
    header = {
        "v": VERSION, "rev": revision, "n": len(grid.number[rows]), "full": since is None, "t0": grid.first,
        "states": STATES, "columns": columns,
    }  # fmt: skip
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % 8)
    return b"".join((len(text).to_bytes(4, "little"), text, *body))


def _columns(grid: Grid, rows: Any, ids: bool) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield what the header says of each column, and its bytes. The type of a part is that of the whole."""
    yield _plain("number", smallest(grid.number[rows]))
    yield _plain("state", grid.state[rows])
    for name, cells in measured(grid):
        yield _plain(name, cells[rows])
    yield _plain("dup", grid.duplicates()[rows].astype(np.int32))
    if ids:
        yield {"role": "id", "name": "id", "dtype": "utf8"}, b"\n".join(grid.ids[rows].tolist())
    for column in grid.columns:
        if isinstance(rows, np.ndarray) and column.kind == "categorical":
            codes, cells = _occurring(column.array[rows])
            small = _coded(cells, len(codes))
            levels = [column.levels[code] for code in codes]
            yield _described(column, small, levels) | {"codes": codes}, small.tobytes()
        else:
            small = shown(column)[rows]
            yield _described(column, small, column.levels), small.tobytes()


def layout(grid: Grid) -> dict[Any, Any]:
    """Return what of a block all its increments have to share: when it begins, and how each column is written."""
    cells: list[tuple[Any, Kind | None, np.dtype[Any]]] = [(name, None, made.dtype) for name, made in measured(grid)]
    cells += [((column.role, column.name), column.kind, shown(column).dtype) for column in grid.columns]
    return {None: grid.first, **{name: (kind, dtype == np.float32) for name, kind, dtype in cells}}


def measured(grid: Grid) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield when trials started, what time they took and what they cost, as they are packed."""
    yield "start", grid.start.astype(np.float32) if _within(grid.start, LONGEST) else grid.start
    yield "seconds", grid.seconds.astype(np.float32)
    if (cost := grid.cost) is not None:
        yield "cost", shortest(cost)


def shown(column: Column) -> NDArray[Any]:
    """Return the cells of a column as they are packed. Goals keep all digits: by them a page tells what is best."""
    return column.array if column.role == "goal" else packed(column.kind, column.array, len(column.levels))


def _plain(role: str, cells: NDArray[Any]) -> tuple[dict[str, Any], bytes]:
    return {"role": role, "name": role, "dtype": _DTYPES[cells.dtype.name]}, cells.tobytes()


def _described(column: Column, cells: NDArray[Any], levels: list[str]) -> dict[str, Any]:
    facts = {"role": column.role, "name": column.name, "dtype": _DTYPES[cells.dtype.name]}
    if column.role != "param":
        return facts
    return {
        **facts, "kind": column.kind or "float", "low": column.low, "high": column.high, "log": column.log,
        "levels": levels, "constant": column.constant,
    }  # fmt: skip


def _occurring(codes: Floats) -> tuple[list[int], Floats]:
    """Return the codes that occur, and the places of all in these: an increment of a few trials stays small."""
    occur = np.unique(codes[~np.isnan(codes)])
    return occur.astype(int).tolist(), np.where(np.isnan(codes), np.nan, np.searchsorted(occur, codes))


def packed(kind: Kind | None, cells: Floats, levels: int = 0) -> NDArray[Any]:
    """Return cells of a kind in the smallest type that shows them as they are."""
    if kind == "categorical":
        return _coded(cells, levels)
    if kind == "int" and len(cells) and np.isfinite(cells).all() and _within(cells, 2.0**53):
        return smallest(cells.astype(np.int64))
    return shortest(cells)


def _coded(codes: Floats, levels: int) -> NDArray[Any]:
    """Return codes of levels; the largest number of the type stands for what is not set."""
    for dtype in (np.uint8, np.uint16):
        missing = np.iinfo(dtype).max
        if levels <= missing:
            return np.where(np.isnan(codes), missing, codes).astype(dtype)
    return codes


def smallest(whole: NDArray[np.int64]) -> NDArray[Any]:
    """Return whole numbers in the smallest type that holds them, as floats where 32 bits are too few."""
    low, high = (int(whole.min()), int(whole.max())) if len(whole) else (0, 0)
    for dtype in (np.uint8, np.uint16, np.uint32, np.int32):
        if np.iinfo(dtype).min <= low and high <= np.iinfo(dtype).max:
            return whole.astype(dtype)
    return whole.astype(np.float64)


def shortest(cells: Floats) -> NDArray[Any]:
    """Return single floats, but double ones where single ones would change a whole number, or hide differences."""
    finite = cells[np.isfinite(cells)]
    if not len(finite):
        return cells.astype(np.float32)
    size = np.abs(finite)
    largest = size.max()
    spread = finite.max() / 2 - finite.min() / 2
    tiny = size[size > 0].min(initial=np.inf) < SMALLEST
    if largest > WHOLE or tiny or 0 < spread < largest / 2 / STEPS:
        return cells
    return cells.astype(np.float32)


def _within(cells: Floats, limit: float) -> bool:
    return not bool((np.abs(cells) > limit).any())
