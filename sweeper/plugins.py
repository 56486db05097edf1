"""Names that a sweep file may use, and where each is found. The only place that imports by name.

The tables hold ``module:attribute`` strings, so nothing heavy is imported before it is asked for. Third
parties join by entry points in the groups ``sweeper.samplers``, ``sweeper.pruners`` and ``sweeper.executors``; a broken
one is reported and skipped.
"""

from __future__ import annotations

import importlib
import warnings
from importlib.metadata import entry_points
from typing import Any

from sweeper.errors import NotFound

SAMPLERS: dict[str, str] = {
    "random": "sweeper.samplers.random:RandomSampler",
    "grid": "sweeper.samplers.grid:GridSampler",
    "tpe": "sweeper.samplers.tpe:TpeSampler",
    "gp": "sweeper.samplers.optuna:GpSampler",
    "cmaes": "sweeper.samplers.cmaes:CmaEsSampler",
    "qmc": "sweeper.samplers.qmc:QmcSampler",
    "nsga2": "sweeper.samplers.optuna:NsgaIISampler",
    "optuna-tpe": "sweeper.samplers.optuna:OptunaTpeSampler",
    "optuna-random": "sweeper.samplers.optuna:OptunaRandomSampler",
    "hyperopt-tpe": "sweeper.samplers.hyperopt:HyperoptTpeSampler",
    "hyperopt-anneal": "sweeper.samplers.hyperopt:HyperoptAnnealSampler",
    "hyperopt-random": "sweeper.samplers.hyperopt:HyperoptRandomSampler",
}

EXECUTORS: dict[str, str] = {
    "inline": "sweeper.executors.inline:InlineExecutor",
    "joblib": "sweeper.executors.joblib:JoblibExecutor",
    "ray": "sweeper.executors.ray:RayExecutor",
}

PRUNERS: dict[str, str] = {
    "asha": "sweeper.pruners.halving:AshaPruner",
    "hyperband": "sweeper.pruners.halving:HyperbandPruner",
    "median": "sweeper.pruners.median:MedianPruner",
    "percentile": "sweeper.pruners.median:PercentilePruner",
    "patient": "sweeper.pruners.single:PatientPruner",
    "threshold": "sweeper.pruners.single:ThresholdPruner",
    "wilcoxon": "sweeper.pruners.single:WilcoxonPruner",
}

TABLES = {"sampler": SAMPLERS, "executor": EXECUTORS, "pruner": PRUNERS}


def names(kind: str) -> list[str]:
    """Return the names known for a kind: "sampler", "executor" or "pruner"; ours first, then third parties'."""
    return [*TABLES[kind], *sorted(set(_third_party(kind)) - set(TABLES[kind]))]


def load(kind: str, name: str) -> Any:
    """Import and return what ``name`` stands for. Raises NotFound with the choices."""
    if target := TABLES[kind].get(name):
        module, _, attribute = target.partition(":")
        return getattr(importlib.import_module(module), attribute)
    others = _third_party(kind)
    if name in others:
        return others[name].load()
    raise NotFound(kind, name, names(kind))


def _third_party(kind: str) -> dict[str, Any]:
    found = {}
    for point in entry_points(group=f"sweeper.{kind}s"):
        if ":" not in point.value:
            warnings.warn(
                f"entry point {point.name!r} of group {point.group} is skipped: {point.value!r} is not "
                "'module:attribute'",
                stacklevel=3,
            )
            continue
        found[point.name] = point
    return found
