"""The built wheel, in an empty environment and an empty folder, runs the first thing a user does.

The quick test installs only the wheel and lends the packages it needs from the environment of the tests. With
``SWEEPER_WHEEL_TEST=full`` (``make wheel-test``) they are installed like a user's.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from sweeper import content

ROOT = Path(__file__).resolve().parent.parent
FULL = os.environ.get("SWEEPER_WHEEL_TEST") == "full"


def run(*command: str | Path, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SWEEPER"))}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def commands(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment that has the wheel, and nothing of this checkout."""
    place = tmp_path_factory.mktemp("venv")
    run(sys.executable, "-m", "venv", "--without-pip", place, cwd=place)
    python = place / "bin" / "python"
    if FULL:
        run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", wheel, cwd=place)
    else:
        run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", wheel, cwd=place)
        (packages,) = place.glob("lib/python*/site-packages")
        (packages / "lent.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return place / "bin"


def test_the_wheel_holds_the_package_and_its_content(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for kind in ("search_spaces", "configs"):
        for name in content.names(kind):
            assert f"sweeper/content/{kind}/{name}.yaml" in names
    assert "sweeper/content/examples/quickstart.py" in names
    assert "sweeper/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith("tests/") or "__pycache__" in name or name.endswith(".db")]


def test_the_first_sweep_of_a_user(commands: Path, tmp_path: Path) -> None:
    source = run(commands / "python", "-c", "import sweeper; print(sweeper.__file__)", cwd=tmp_path)
    assert str(ROOT) not in source
    run(commands / "sweeper", "init", "quickstart", cwd=tmp_path)
    told = run(commands / "sweeper", "run", "quickstart.yaml", "--set", "budget.trials=3", cwd=tmp_path)
    assert "3 complete" in told
    (report,) = (tmp_path / "reports").glob("quickstart-*/report.html")
    assert report.stat().st_size > 0
    assert "accuracy" in run(commands / "sweeper", "best", "last", cwd=tmp_path)


def test_content_is_found_by_name_from_the_wheel(commands: Path, tmp_path: Path) -> None:
    assert "random_forest" in run(commands / "sweeper", "spaces", "ls", cwd=tmp_path)
    assert "quickstart" in run(commands / "sweeper", "run", "quickstart", "--dry-run", cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []
