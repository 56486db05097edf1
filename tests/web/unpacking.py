"""What ``core/columns.js`` does, in Python: a packed block as its header and its cells."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Block:
    """A block taken apart: ``cells`` by role or name; a missing cell of a choice is -1, of numbers NaN."""

    def __init__(self, data: bytes) -> None:
        length = int.from_bytes(data[:4], "little")
        self.header: dict[str, Any] = json.loads(data[4 : 4 + length])
        body = data[4 + length :]
        self.begins = 4 + length
        self.size = len(data)
        self.ids: list[str] | None = None
        self.columns: dict[tuple[str, str], dict[str, Any]] = {}
        self.cells: dict[tuple[str, str], NDArray[Any]] = {}
        for column in self.header["columns"]:
            key = (column["role"], column["name"])
            assert key not in self.columns
            self.columns[key] = column
            raw = body[column["at"] : column["at"] + column["bytes"]]
            if column["dtype"] == "utf8":
                self.ids = raw.decode().split("\n") if self.header["n"] else []
                continue
            cells = np.frombuffer(raw, "<" + column["dtype"])
            assert len(cells) == self.header["n"]
            if column.get("kind") == "categorical" and column["dtype"] in ("u1", "u2"):
                cells = np.where(cells == np.iinfo(cells.dtype).max, -1, cells.astype(np.int64))
            self.cells[key] = cells

    def fact(self, role: str) -> list[Any]:
        found: list[Any] = self.cells[role, role].tolist()
        return found

    def states(self) -> list[str]:
        return [self.header["states"][code] for code in self.fact("state")]

    def values(self, role: str, name: str) -> list[Any]:
        """Return the cells as a person reads them; None: not set."""
        column, cells = self.columns[role, name], self.cells[role, name].tolist()
        if column.get("kind") == "categorical":
            return [None if code < 0 or code != code else column["levels"][int(code)] for code in cells]
        return [None if cell != cell else cell for cell in cells]
