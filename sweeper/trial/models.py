"""Models of trials, saved in MLflow's format: a folder with an ``MLmodel`` file that any MLflow reads.

The package ``mlflow-skinny`` is imported at the first model, which takes about a second in each worker; a sweep that
logs no model never does. Requirements are read from what is installed, not inferred by importing all again in another
process, which takes seconds per call.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import logging
import os
import re
import sys
import sysconfig
import textwrap
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sweeper.errors import MissingPackage, UsageError, suggest
from sweeper.interfaces import ArtifactStore
from sweeper.trial.objective import MODULE

PACKAGE, PURPOSE = "mlflow-skinny", "trial.log_model"
MODEL_FILE = "MLmodel"
TAG = "sweeper.model."  #: and the model's name: how a run says which models it has
TRUSTED = ("sklearn.", "lightgbm.", "xgboost.", "scipy.sparse.", "collections.OrderedDict")  #: skops may load these
_NAME = re.compile(r"[\w\- ]+")


@dataclass(frozen=True, slots=True)
class Flavor:
    """How MLflow saves one kind of model: its module, the argument that takes the model, packages to be recorded."""

    module: str
    argument: str
    packages: tuple[tuple[str, ...], ...]  #: each by the names under which it may be installed
    options: Mapping[str, Any]
    by_sklearn: bool = False  #: what is no native file is saved as scikit-learn's models are


_PICKLED = {"serialization_format": "pickle"}
_SKLEARN = (("scikit-learn",), ("numpy",), ("scipy",))
FLAVORS: dict[str, Flavor] = {
    "sklearn": Flavor("mlflow.sklearn", "sk_model", _SKLEARN, {}, by_sklearn=True),
    "xgboost": Flavor("mlflow.xgboost", "xgb_model", (("xgboost", "xgboost-cpu"), *_SKLEARN), {}),
    "lightgbm": Flavor("mlflow.lightgbm", "lgb_model", (("lightgbm",), *_SKLEARN), {}, by_sklearn=True),
    "pytorch": Flavor("mlflow.pytorch", "pytorch_model", (("torch",), ("numpy",), ("cloudpickle",)), _PICKLED),
    "keras": Flavor("mlflow.keras", "model", (("keras",), ("numpy",), ("torch",), ("tensorflow",), ("jax",)), {}),
    "pyfunc": Flavor("mlflow.pyfunc", "python_model", (("cloudpickle",), ("numpy",), ("pandas",)), {}),
}
_ROOTS = {"sklearn": "sklearn", "xgboost": "xgboost", "lightgbm": "lightgbm", "torch": "pytorch", "keras": "keras"}
_PYTHON = tuple({sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib")})
FORMATS = ("auto", "skops", "cloudpickle")


def check_installed() -> None:
    """Raise MissingPackage unless models can be saved."""
    if find_spec("mlflow") is None:
        raise MissingPackage(PACKAGE, PURPOSE)


def check_needs(function: Callable[..., Any]) -> None:
    """Raise MissingPackage when a function's own text logs models and they cannot be saved here."""
    try:
        text = textwrap.dedent(inspect.getsource(inspect.unwrap(function)))
    except (OSError, TypeError):
        return
    if re.search(r"\.log_model\(", text):
        check_installed()


def flavor_of(model: Any) -> str:
    """Return the name of the flavor that fits a model. Raises UsageError with what can be saved."""
    for kind in type(model).__mro__:
        root = kind.__module__.partition(".")[0]
        if root in _ROOTS:
            return _ROOTS[root]
        if kind.__module__.startswith("mlflow.pyfunc"):
            return "pyfunc"
    if inspect.isfunction(model):
        return "pyfunc"
    raise UsageError(
        f"log_model: a {type(model).__name__} is no model of {', '.join(_ROOTS)}; make it a mlflow.pyfunc.PythonModel, "
        "a function of its input, or save it yourself and use log_artifact"
    )


def save_model(
    model: Any,
    folder: Path,
    *,
    name: str,
    run_id: str,
    flavor: str | None = None,
    signature: Any = None,
    input_example: Any = None,
    requirements: Sequence[str] | None = None,
    serialization: str = "auto",
) -> dict[str, Any]:
    """Save a model into ``folder``, which must not exist; return its flavor, size and digest.

    Raises MissingPackage without mlflow-skinny, UsageError for a model, flavor or name that cannot be used.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"log_model: the name {name!r} may have letters, digits, spaces, '_' and '-' only")
    if serialization not in FORMATS:
        raise UsageError(f"log_model: no serialization {serialization!r}; {suggest(serialization, FORMATS)}")
    if flavor is not None and flavor not in FLAVORS:
        raise UsageError(f"log_model: no flavor {flavor!r}; {suggest(flavor, FLAVORS)}")
    chosen = FLAVORS[flavor or flavor_of(model)]
    check_installed()
    with quiet(), _own_code_inside():
        from mlflow.models import Model

        options = dict(chosen.options)
        if chosen.by_sklearn and hasattr(model, "get_params"):
            options |= _sklearn_format(model, serialization)
        import_module(chosen.module).save_model(
            **{chosen.argument: model},
            path=str(folder),
            mlflow_model=Model(artifact_path=name, run_id=run_id),
            signature=signature,
            input_example=input_example,
            pip_requirements=list(requirements) if requirements is not None else _installed(chosen, options),
            **options,
        )
    made = [path for path in folder.rglob("*") if path.is_file()]
    files = {path.relative_to(folder).as_posix(): sha256_of(path) for path in made}
    size = sum(path.stat().st_size for path in made)
    return {"flavor": flavor or flavor_of(model), "size": size, "sha256": digest(files)}


def put_model(folder: Path, files: ArtifactStore, place: str) -> None:
    """Send a saved model to ``place``, in the stead of what was there; ``MLmodel`` comes last: then it is whole."""
    files.delete(place)
    for path in sorted(folder.rglob("*"), key=lambda path: (path == folder / MODEL_FILE, path)):
        if path.is_file():
            files.put(path, f"{place}/{path.relative_to(folder).as_posix()}")


def tag_of(name: str, saved: Mapping[str, Any]) -> dict[str, str]:
    """Return the tag by which a run says that it has a model."""
    return {TAG + name: json.dumps(saved, separators=(",", ":"))}


def models_of(tags: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the models that a run's tags name, each with its flavor, size and digest."""
    return {key.removeprefix(TAG): json.loads(value) for key, value in tags.items() if key.startswith(TAG)}


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(files: Mapping[str, str]) -> str:
    """Return one SHA-256 for a whole folder from those of its files by relative path."""
    return hashlib.sha256("".join(f"{files[path]}  {path}\n" for path in sorted(files)).encode()).hexdigest()


def _sklearn_format(model: Any, serialization: str) -> dict[str, Any]:
    """Return how to save a model of scikit-learn: as skops, which runs no code when loaded, where it can."""
    if serialization != "cloudpickle" and find_spec("skops") is not None:
        import skops.io

        try:
            types = skops.io.get_untrusted_types(data=skops.io.dumps(model))
        except Exception:  # skops refuses in many ways what it has no form for
            types = ["?"]
        if all(trusted(each) for each in types):
            return {"serialization_format": "skops", "skops_trusted_types": types or None}
    if serialization == "skops":
        if find_spec("skops") is None:
            raise MissingPackage("skops", "log_model(serialization='skops')")
        raise UsageError(f"log_model: skops cannot save this {type(model).__name__}; use serialization='cloudpickle'")
    return {"serialization_format": "cloudpickle"}


def trusted(name: str) -> bool:
    """Is a type, by its dotted name, one that models are made of?"""
    return name.startswith(TRUSTED)


def _installed(flavor: Flavor, options: Mapping[str, Any]) -> list[str]:
    """Return ``name==version`` of the packages that the model needs, as they are installed here."""
    serializer = options.get("serialization_format")
    names = [*flavor.packages, *([(serializer,)] if serializer in ("skops", "cloudpickle") else [])]
    found = []
    for known in dict.fromkeys(names):
        for name in known:
            try:
                found.append(f"{name}=={_version(name)}")
                break
            except PackageNotFoundError:
                continue
    return found


_version = cache(version)


@contextmanager
def quiet() -> Iterator[None]:
    """MLflow neither sends usage data nor talks of its own advice."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    logger = logging.getLogger("mlflow")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            yield
    finally:
        logger.setLevel(before)


def _is_own(name: str, file: str | None) -> bool:
    """Is a module neither installed, nor part of Python, nor ours?"""
    if name.startswith(MODULE):
        return True
    if not file or name == "__main__" or name.partition(".")[0] == "sweeper":
        return False
    installed = ("site-packages", "dist-packages")
    return not any(part in file for part in installed) and not file.startswith(_PYTHON)


@contextmanager
def _own_code_inside() -> Iterator[None]:
    """Classes and functions of a person's own files travel inside a pickle: no other process knows those modules."""
    import cloudpickle

    modules = [
        module
        for name, module in list(sys.modules.items())
        if _is_own(name, getattr(module, "__dict__", {}).get("__file__"))  # asking a lazy module itself would load it
    ]
    for module in modules:
        cloudpickle.register_pickle_by_value(module)
    try:
        yield
    finally:
        for module in modules:
            cloudpickle.unregister_pickle_by_value(module)
