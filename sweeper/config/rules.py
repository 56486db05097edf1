"""What one key of a sweep file says about another, and names that only the program knows.

Every rule looks at the plain mapping, so that it speaks up whatever else is wrong. A problem is (path, sentence).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sweeper.config.models import SweepFile
from sweeper.config.wording import near, nearest, shown
from sweeper.errors import UsageError

WANDB_METHODS = ("bayes", "custom")

_HIGHER_IS_BETTER = re.compile(r"(^|[^a-z])(acc|accuracy|auc|roc_auc|f1|r2|precision|recall|score|map|ndcg)($|[^a-z])")
_OBJECTIVES = ("objective", "command", "program", "mlproject")


@dataclass(frozen=True)
class Known:
    """Names of samplers, executors and pruners that exist. None: not known here, so not checked."""

    methods: Collection[str] | None = None
    executors: Collection[str] | None = None
    pruners: Collection[str] | None = None
    pruner_options: Callable[[Mapping[str, Any]], None] | None = None  #: raises UsageError for what a rule cannot take


def method_names(samplers: Collection[str]) -> list[str]:
    """Return what ``method`` may be: auto, the samplers, and W&B's words."""
    return list(dict.fromkeys(["auto", *samplers, *WANDB_METHODS]))


Rule = Iterator[tuple[str, str]]


def check(data: Mapping[str, Any], known: Known, *, whole: bool) -> Rule:
    """Yield every rule that is broken. ``whole``: the file has to say what to run."""
    yield from _one_objective(data, whole)
    yield from _metric(data)
    yield from _same_thing_twice(data)
    yield from _known_names(data, known)
    yield from _early_terminate(data.get("early_terminate"), known)
    if not data.get("parameters") and not data.get("search_space") and not _misspelt(data, "parameters"):
        yield "parameters", "is missing, write for example {depth: {min: 2, max: 32}}, or search_space: NAME"


def metric_notices(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for a metric that is minimised by default and does not look like it should be."""
    metrics = data.get("metrics")
    for metric in [data.get("metric"), *(metrics if isinstance(metrics, list) else [])]:
        match metric:
            case {"goal": str()}:
                continue
            case {"name": str(name)} if _HIGHER_IS_BETTER.search(name.casefold()):
                yield f"{name} is minimised, as no goal is given; to maximise it write goal: maximize"


def _misspelt(data: Mapping[Any, Any], key: str) -> bool:
    """Is there a key like this one? Then that one is the problem."""
    unknown = [other for other in data if isinstance(other, str) and other not in SweepFile.model_fields]
    return any(near(other, [key], cutoff=0.75) for other in unknown)


def _one_objective(data: Mapping[str, Any], whole: bool) -> Rule:
    given = [key for key in _OBJECTIVES if data.get(key) is not None]
    apart = [key for key in given if key != "program"] if "command" in given else given
    if len(apart) > 1:
        yield apart[1], f"{' and '.join(apart)} both say what to run; keep one"
    if whole and not given and not _misspelt(data, "objective"):
        yield "objective", "is missing, write for example objective: train.py:train, or program: train.py"


def _metric(data: Mapping[str, Any]) -> Rule:
    metrics = data.get("metrics")
    if data.get("metric") is not None and metrics is not None:
        yield "metrics", "metric and metrics are both given; keep one"
    elif data.get("metric") is None and metrics is None and not _misspelt(data, "metric"):
        yield "metric", "is missing, write for example metric: {name: accuracy, goal: maximize}"
    if isinstance(metrics, list):
        if not metrics:
            yield "metrics", "is empty; name at least one metric"
        names = Counter(str(metric.get("name")) for metric in metrics if isinstance(metric, Mapping))
        for name in (name for name, times in names.items() if times > 1):
            yield "metrics", f"{shown(name)} is there twice"


def _same_thing_twice(data: Mapping[str, Any]) -> Rule:
    for key, other in (("project", "experiment"), ("run_cap", "budget.trials")):
        value: Any = data
        for part in other.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if data.get(key) is not None and value is not None and data[key] != value:
            yield key, f"means the same as {other}, which is {shown(value)}; keep one"


def _known_names(data: Mapping[str, Any], known: Known) -> Rule:
    methods = None if known.methods is None else method_names(known.methods)
    for path, names, what in (
        ("method", methods, "method"),
        ("executor.kind", known.executors, "executor"),
        ("early_terminate.type", known.pruners, "early_terminate type"),
    ):
        value: Any = data
        for part in path.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if isinstance(value, str) and names is not None and value not in names:
            yield path, f"there is no {what} {value!r}; {nearest(value, names)}"


def _early_terminate(block: object, known: Known) -> Rule:
    """What is known of W&B's rule is said with its key; of others, what the rule itself says."""
    wrong = list(_hyperband(block))
    yield from wrong
    if wrong or known.pruner_options is None or not isinstance(block, Mapping):
        return
    if isinstance(kind := block.get("type"), str) and kind in (known.pruners or ()):
        try:
            known.pruner_options({key: value for key, value in block.items() if value is not None})
        except UsageError as error:
            yield "early_terminate", str(error).removeprefix("early_terminate ")


def _hyperband(block: object) -> Rule:
    if not isinstance(block, Mapping) or block.get("type") != "hyperband":
        return
    if block.get("min_iter") is None and (block.get("max_iter") is None or block.get("s") is None):
        yield "early_terminate", "hyperband needs min_iter, or max_iter together with s"
    for key in ("min_iter", "max_iter", "s"):
        value = block.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
            yield f"early_terminate.{key}", f"must be a whole number of 1 or more, got {shown(value)}"
    eta = block.get("eta")
    if eta is not None and (isinstance(eta, bool) or not isinstance(eta, int | float) or eta <= 1):
        yield "early_terminate.eta", f"must be a number above 1, got {shown(eta)}"
