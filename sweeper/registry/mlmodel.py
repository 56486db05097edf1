"""What an MLflow model folder says of itself, read without loading it: flavors, signature, requirements, dangers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sweeper.errors import UsageError
from sweeper.trial.models import MODEL_FILE, trusted

PICKLED = (".pkl", ".pickle", ".pt", ".pth", ".joblib", ".dill", ".cloudpickle")
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
    """Return why loading the model runs code of whoever made it; "" when it does not."""
    for name in sorted(files):
        if name.lower().endswith(PICKLED):
            return f"{name} is a pickle"
    for flavor, settings in mlmodel.get("flavors", {}).items():
        if not isinstance(settings, Mapping):
            continue
        if settings.get("serialization_format") in ("pickle", "cloudpickle"):
            return f"the flavor {flavor} is saved as {settings['serialization_format']}"
        if settings.get("code"):
            return f"it brings code of its own ({settings['code']})"
        if odd := [kind for kind in settings.get("skops_trusted_types") or [] if not trusted(str(kind))]:
            return f"it wants the type {odd[0]} to be trusted"
        if flavor == "python_function" and settings.get("loader_module") not in SAFE_LOADERS:
            return f"it is loaded by {settings.get('loader_module')}"
    return ""
