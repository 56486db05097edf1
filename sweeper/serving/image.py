"""The files of an image that serves one model: a Dockerfile, what it installs, the model, and this package itself."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sweeper.registry import mlmodel
from sweeper.registry.loading import PYFUNC

PORT = 8080
MODEL, REQUIREMENTS, DOCKERFILE = "model", "requirements.txt", "Dockerfile"
#: what serving imports, each by the names under which it may be installed
NEEDED = (
    ("mlflow-skinny", "mlflow"), ("pandas",), ("numpy",), ("click",), ("rich",), ("pyyaml",), ("starlette",),
    ("uvicorn",), ("httptools",),
)  # fmt: skip
LEFT_OUT = ("__pycache__", "testing")
_NAME = re.compile(r"[A-Za-z0-9][\w.\-]*")

TEXT = """\
# {label}
# Build: docker build -t NAME .     Run: docker run -p 1234:{port} NAME
# It is called as localhost or by an address; for other names: docker run NAME --allow-host NAME
FROM python:{python}-slim
RUN useradd --create-home --uid 10001 sweeper
WORKDIR /srv
COPY {requirements} .
RUN pip install --no-cache-dir -r {requirements}
COPY sweeper ./sweeper
COPY {model} ./{model}
ENV PYTHONPATH=/srv PYTHONUNBUFFERED=1 MLFLOW_DISABLE_TELEMETRY=true
USER sweeper
EXPOSE {port}
HEALTHCHECK CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:{port}/ping', timeout=3)"]
ENTRYPOINT [{entry}]
"""


def write_image(folder: Path, model: Path, label: str, *, unpickle: bool = False) -> None:
    """Write the files of an image that serves ``model`` (a folder with an ``MLmodel``) into the new ``folder``.

    The image has the Python, the packages and the version of this package that are recorded or installed here, so it
    answers as this environment would. Nothing in it reaches a store.
    """
    folder.mkdir()
    shutil.copytree(model, folder / MODEL)
    package = Path(__file__).resolve().parent.parent
    shutil.copytree(package, folder / "sweeper", ignore=_unneeded(package))
    lines = requirements(mlmodel.requirements(model))
    (folder / REQUIREMENTS).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    text = TEXT.format(
        label=" ".join(label.split()),
        port=PORT,
        python=python_of(mlmodel.read_mlmodel(model)),
        requirements=REQUIREMENTS,
        model=MODEL,
        entry=", ".join(f'"{part}"' for part in entry(unpickle)),
    )
    (folder / DOCKERFILE).write_text(text, encoding="utf-8")


def entry(unpickle: bool = False) -> list[str]:
    """Return the command that the image runs, in its folder."""
    command = ["python", "-m", "sweeper", "models", "serve", f"./{MODEL}", "--host", "0.0.0.0", "--port", str(PORT)]
    return [*command, "--unpickle"] if unpickle else command


def requirements(of_model: Sequence[str]) -> list[str]:
    """Return what to install: what the model asks for, and what serving it needs, in the versions of here.

    ``mlflow`` of a model becomes ``mlflow-skinny``, which loads models as well and brings no server.
    """
    found = {}
    for line in of_model:
        name = _NAME.match(line)
        key = name[0].lower().replace("_", "-") if name else line
        found["mlflow-skinny" if key == "mlflow" else key] = re.sub(r"^mlflow(?=\W|$)(?!-)", "mlflow-skinny", line)
    for names in NEEDED:
        pinned = _installed(names)
        if pinned and not any(name in found for name in names):
            found[names[0]] = f"{names[0]}=={pinned}"
    return list(found.values())


def python_of(read: Mapping[str, Any]) -> str:
    """Return the version of Python that the model was made with; 3.11, the oldest that serves, where it is unknown."""
    written = str(read.get("flavors", {}).get(PYFUNC, {}).get("python_version", ""))
    return written if re.fullmatch(r"3\.\d+(\.\d+)?", written) else "3.11"


def _installed(names: Sequence[str]) -> str | None:
    for name in names:
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return None


def _unneeded(package: Path) -> Any:
    """Return what leaves out of a copy: tests' helpers, caches, and the examples that ship inside a wheel."""

    def ignore(folder: str, names: list[str]) -> list[str]:
        inside = Path(folder).resolve() == package / "content"
        return [name for name in names if name in LEFT_OUT or (inside and Path(folder, name).is_dir())]

    return ignore
