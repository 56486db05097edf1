"""Functions as bytes that keep their place."""

from __future__ import annotations

import linecache
import pdb
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from sweeper.trial import pickling

LOAD_AND_CALL = """
import sys, traceback
from sweeper.trial import pickling
function = pickling.loads(sys.stdin.buffer.read())
try:
    function(1)
except ValueError:
    traceback.print_exc(file=sys.stdout)
"""


def traceback_elsewhere(function: Any) -> str:
    """Return the traceback that calling the function in a new process gives."""
    done = subprocess.run(
        [sys.executable, "-c", LOAD_AND_CALL], input=pickling.dumps(function), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_values_closures_and_classes_come_back() -> None:
    offset = 2

    class Model:
        def predict(self, x: int) -> int:
            return x + offset

    def outer(x: int) -> int:
        def inner(y: int) -> int:
            return Model().predict(y)

        return inner(x)

    assert pickling.loads(pickling.dumps(outer))(3) == 5
    assert pickling.loads(pickling.dumps({"a": [1, None]})) == {"a": [1, None]}


def test_a_traceback_shows_the_users_line_and_file() -> None:
    def objective(x: int) -> None:
        def deep() -> None:
            raise ValueError("no good")  # this very line

        deep()

    shown = traceback_elsewhere(objective)

    assert 'raise ValueError("no good")  # this very line' in shown
    assert f'File "{__file__}"' in shown
    assert "dynamic-code" not in shown


def test_a_cell_of_a_notebook_brings_its_lines_along(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = "def objective(x):\n    raise ValueError('from a cell')  # in the cell\n"
    monkeypatch.setitem(linecache.cache, "/cells/1.py", (len(cell), None, cell.splitlines(True), "/cells/1.py"))
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(cell, "/cells/1.py", "exec"), namespace)

    shown = traceback_elsewhere(namespace["objective"])

    assert "raise ValueError('from a cell')  # in the cell" in shown


def test_a_breakpoint_by_file_and_line_is_hit(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent("def objective(x):\n    y = x + 1\n    return y\n"))
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(script.read_text(), str(script), "exec"), namespace)
    loaded = pickling.loads(pickling.dumps(namespace["objective"]))

    debugger = pdb.Pdb(readrc=False)

    assert debugger.set_break(str(script), 2) is None
    assert debugger.break_here(FakeFrame(loaded.__code__, 2))  # type: ignore[arg-type]  # all that it looks at


class FakeFrame:
    def __init__(self, code: Any, line: int) -> None:
        self.f_code, self.f_lineno, self.f_globals, self.f_locals = code, line, {}, {}
