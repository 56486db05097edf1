"""The page of figures is what the benchmarks recorded, and each of them says what it measures and can record it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HELPERS = {"results.py", "large_store.py"}
SCRIPTS = sorted(path for path in (ROOT / "benchmarks").glob("*.py") if path.name not in HELPERS)
RECORDED = sorted((ROOT / "benchmarks" / "results").glob("*.json"))


def test_the_page_is_made_of_what_is_recorded() -> None:
    made = subprocess.run(
        [sys.executable, "-c", "import results; print(results.page(), end='')"],
        cwd=ROOT / "benchmarks",
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout == (ROOT / "docs" / "benchmarks.md").read_text("utf-8"), "run: python benchmarks/results.py"


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_result_names_its_benchmark_and_machine(path: Path) -> None:
    facts = json.loads(path.read_text("utf-8"))
    assert (ROOT / "benchmarks" / f"{path.stem}.py").exists()
    assert facts["command"].startswith(f"python benchmarks/{path.stem}.py")
    assert facts["machine"]
    assert facts["date"]
    assert facts["body"]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_benchmark_explains_itself(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith('"""'), "its docstring says what is measured and how"
    assert '"--write"' in text, "make bench records what it measures"
