"""What an MLflow model folder says of itself, read without loading it: flavors, signature, requirements, dangers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sweeper.errors import UsageError
from sweeper.trial.models import MODEL_FILE, trusted

PICKLED = (".pkl", ".pickle", ".pt", ".pth", ".joblib", ".dill", ".cloudpickle")
OLD_KERAS = (".h5", ".hdf5")  #: of a format that keeps functions as bytecode
SAFE_LOADERS = ("mlflow.sklearn", "mlflow.xgboost", "mlflow.lightgbm", "mlflow.keras", "mlflow.pytorch", "mlflow.onnx")


def read_mlmodel(folder: Path) -> dict[str, Any]:
    """Return the ``MLmodel`` file of a folder; empty when there is none. Raises UsageError when it is damaged."""
    path = folder / MODEL_FILE
    if not path.is_file():
        return {}
    import yaml

    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {str(error).splitlines()[0]}") from None
    if not isinstance(found, dict) or not isinstance(found.get("flavors"), dict):
        raise UsageError(f"{path} is not an MLmodel file: it names no flavors")
    return found


def requirements(folder: Path) -> list[str]:
    """Return the lines of ``requirements.txt``, without comments."""
    path = folder / "requirements.txt"
    lines = path.read_text("utf-8", "replace").splitlines() if path.is_file() else []
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith(("#", "-"))]


def flavors(mlmodel: Mapping[str, Any]) -> list[str]:
    """Return the flavors of a model, its own before ``python_function``."""
    return sorted(mlmodel.get("flavors", {}), key=lambda flavor: (flavor == "python_function", flavor))


def signature(mlmodel: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the signature with its JSON decoded: inputs, outputs, params."""
    found = mlmodel.get("signature")
    if not isinstance(found, Mapping):
        return None
    try:
        return {key: json.loads(value) for key, value in found.items() if isinstance(value, str)}
    except ValueError:
        raise UsageError(f"the signature in {MODEL_FILE} is no JSON: the file is damaged") from None


def runs_code(mlmodel: Mapping[str, Any], files: Mapping[str, str]) -> str:
    """Return why loading the model runs code of whoever made it; "" when it does not.

    Whoever made it wrote its ``MLmodel`` too, so only what is known to be harmless passes: MLflow takes a file of
    scikit-learn for a pickle wherever nothing else is said, and reads whatever file a path leads to.
    """
    for name in sorted(files):
        if name.lower().endswith(PICKLED):
            return f"{name} is a pickle"
        if name.lower().endswith(OLD_KERAS):
            return f"{name} may hold code"
        if name.endswith(f"/{MODEL_FILE}"):
            return f"it has another model inside ({name})"
    flavors = mlmodel.get("flavors", {})
    for flavor, settings in flavors.items():
        if isinstance(settings, Mapping) and (why := _danger(str(flavor), settings, flavors, files)):
            return why
    return ""


def _danger(flavor: str, settings: Mapping[str, Any], flavors: Mapping[str, Any], files: Mapping[str, str]) -> str:
    for value in settings.values():
        if isinstance(value, str) and (value.startswith(("/", "~", "\\")) or ".." in re.split(r"[/\\]", value)):
            return f"{value!r} leads out of it"
    if settings.get("code"):
        return f"it brings code of its own ({settings['code']})"
    if odd := [kind for kind in settings.get("skops_trusted_types") or [] if not trusted(str(kind))]:
        return f"it wants the type {odd[0]} to be trusted"
    written, kind = settings.get("serialization_format"), settings.get("model_class")
    if written in ("pickle", "cloudpickle"):
        return f"the flavor {flavor} is saved as {written}"
    if flavor == "sklearn" and written != "skops":
        return "the flavor sklearn does not say that it is saved as skops, so it is read as a pickle"
    if flavor == "lightgbm" and kind not in (None, "lightgbm.basic.Booster") and written != "skops":
        return f"a {kind} is read as a pickle"
    if flavor == "xgboost" and not str(kind or "xgboost.").startswith("xgboost."):
        return f"it makes a {kind}"
    if flavor == "keras" and settings.get("save_exported_model"):
        return "a saved graph of TensorFlow can write files"
    if flavor == "pytorch":
        return "models of PyTorch may hold pickles"
    return _loader_danger(settings, flavors, files) if flavor == "python_function" else ""


def _loader_danger(settings: Mapping[str, Any], flavors: Mapping[str, Any], files: Mapping[str, str]) -> str:
    """Return what is dangerous in MLflow's common form: its loader has to find the settings of its own flavor."""
    loader, data = settings.get("loader_module"), settings.get("data")
    if loader not in SAFE_LOADERS:
        return f"it is loaded by {loader}"
    if not isinstance(flavors.get(str(loader).removeprefix("mlflow.")), Mapping):
        return f"it is loaded by {loader} without saying how it is saved"
    if loader == "mlflow.sklearn" and data is not None and (data not in files or "/" in str(data)):
        return f"its data in {data} is read as a pickle"
    return ""
