"""Loading a model: its files checked against what was registered, its packages against what is installed here."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sweeper.errors import MissingPackage, SweeperError, UsageError
from sweeper.registry import mlmodel
from sweeper.registry.files import check_files, checksums, fetched
from sweeper.registry.registry import Resolved
from sweeper.trial.models import FLAVORS, PACKAGE, check_installed, digest, quiet

PYFUNC = "python_function"
NATIVE = ("sklearn", "xgboost", "lightgbm", "pytorch", "keras")  #: flavors that give the model as it was
_SAME = ("xgboost", "lightgbm", "torch", "keras", "skops", "cloudpickle", "pandas", "numpy", "scipy")
PACKAGES = {"sklearn": "scikit-learn", "mlflow": PACKAGE} | {name: name for name in _SAME}  #: by module
_PINNED = re.compile(r"([A-Za-z0-9][\w.\-]*)\s*(?:\[[^\]]*\])?\s*==\s*([^\s;,]+)")


@contextmanager
def checked(resolved: Resolved) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Give the files of a model, once their checksums are those that were recorded, and its ``MLmodel``.

    Recorded are those of a registered version, and of a model that a run logged. Raises UsageError.
    """
    with fetched(resolved.location) as path:
        recorded = resolved.version.facts.get("model", {}).get("files") if resolved.version else None
        if recorded:
            check_files(path, recorded, resolved.uri)
        elif resolved.sha256 and digest(checksums(path)) != resolved.sha256:
            raise UsageError(f"{resolved.uri}: its files are not those that the run logged; it is not loaded")
        yield path, mlmodel.read_mlmodel(path) if path.is_dir() else {}


def load(
    resolved: Resolved, notice: Callable[[str], None], *, flavor: str | None = None, unpickle: bool = False
) -> Any:
    """Return the model at ``resolved``, loaded by ``flavor`` (None: its own; "pyfunc": MLflow's common form).

    ``notice`` is told each package that is another here than where the model was made. Raises UsageError for changed
    files, for something that is no model, and for one that runs code when loaded, unless ``unpickle``; MissingPackage.
    """
    with checked(resolved) as (path, read):
        if not read:
            raise UsageError(
                f"{resolved.uri} is not an MLflow model: {path.name} has no MLmodel file. "
                "Its files can be copied with sweeper models download"
            )
        why = mlmodel.runs_code(read, checksums(path))
        if why and not unpickle:
            raise UsageError(
                f"{resolved.uri}: {why}, so loading it runs code of whoever made it. If you trust that: "
                "unpickle=True, or --unpickle of the command"
            )
        chosen = choose_flavor(read, flavor, resolved.uri)
        check_installed()
        for line in differences(mlmodel.requirements(path)):
            notice(f"{resolved.uri} was made with another environment: {line}")
        return _load(chosen, path)


def choose_flavor(read: Mapping[str, Any], flavor: str | None, uri: str) -> str:
    """Return the flavor to load by. Raises UsageError with those that the model has."""
    there = mlmodel.flavors(read)
    if flavor is None and there:
        return next((name for name in there if name in NATIVE), PYFUNC)
    flavor = flavor or "pyfunc"
    wanted = PYFUNC if flavor == "pyfunc" else flavor
    if wanted not in there or (wanted not in NATIVE and wanted != PYFUNC):
        usable = [("pyfunc" if name == PYFUNC else name) for name in there if name in NATIVE or name == PYFUNC]
        choices = f"choose from: {', '.join(usable)}" if usable else f"it has: {', '.join(there) or 'none at all'}"
        raise UsageError(f"{uri} has no flavor {flavor!r} to load; {choices}")
    return wanted


def differences(requirements: Sequence[str]) -> list[str]:
    """Return one sentence for each pinned requirement that is not what is installed here."""
    found = []
    for line in requirements:
        pinned = _PINNED.match(line)
        if pinned is None:
            continue
        name, wanted = pinned.groups()
        here = _installed(name)
        if here is None:
            found.append(f"{name} is not installed here, it had {wanted}")
        elif here != wanted:
            found.append(f"{name} is {here} here, it had {wanted}")
    return found


def _installed(name: str) -> str | None:
    for known in (name, f"{name}-skinny", f"{name}-cpu"):
        try:
            return version(known)
        except PackageNotFoundError:
            continue
    return None


def _load(flavor: str, path: Path) -> Any:
    module = "mlflow.pyfunc" if flavor == PYFUNC else FLAVORS[flavor].module
    try:
        with quiet():
            flavored = importlib.import_module(module)
        with quiet():  # again: MLflow sets up its own logging when it is imported
            return flavored.load_model(str(path))
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in PACKAGES:
            raise MissingPackage(PACKAGES[missing], f"loading a model of flavor {flavor}") from error
        raise UsageError(
            f"the model needs the module {missing!r}, which is not found here: install what it belongs to, or put its "
            "folder on PYTHONPATH"
        ) from error
    except (MemoryError, SweeperError):
        raise
    except Exception as error:  # whatever a library raises over files that it cannot read
        raise UsageError(
            f"{path.name} cannot be loaded as {flavor}: {type(error).__name__}: {first_line(error)}. Its files are "
            "incomplete, or made by a version of its package that this one cannot read"
        ) from error


def first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), "no message")
