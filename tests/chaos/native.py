"""Small libraries in C that stand between a process and the system (LD_PRELOAD), compiled when they are needed."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.chaos.arena import Skip

HERE = Path(__file__).with_name("native")


@functools.cache
def library(name: str) -> Path:
    """Compile ``native/<name>.c`` and return the library."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise Skip("there is no C compiler")
    made = Path(tempfile.gettempdir()) / f"chaos-{name}-{os.getpid()}.so"
    subprocess.run(
        [compiler, "-O1", "-shared", "-fPIC", "-o", made, HERE / f"{name}.c", "-ldl", "-lpthread"], check=True
    )
    return made


def remove() -> None:
    """Remove what was compiled."""
    for path in Path(tempfile.gettempdir()).glob(f"chaos-*-{os.getpid()}.so"):
        path.unlink()
