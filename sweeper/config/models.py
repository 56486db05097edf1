"""The grammar of the sweep file as pydantic models: every key, W&B's and ours, in one place.

Unknown keys are refused everywhere. What one key says about another is checked in ``rules.py``.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from sweeper.config.fields import (
    TEXTS,
    Amount,
    Anything,
    Duration,
    Flag,
    Memory,
    Number,
    Positive,
    Text,
    Whole,
    count,
)
from sweeper.config.sweep import DEFAULT_EXPERIMENT
from sweeper.config.tags import tag_text
from sweeper.config.units import parse_duration
from sweeper.config.wording import shown


def _workers(value: object) -> object:
    return None if value == "auto" else value


def _retries(value: object) -> object:
    return value if value == "unlimited" else count(value)


def _running(value: object) -> object:
    return "false" if value is False else value


class Block(BaseModel):
    """A mapping with known keys. A key without a value is as good as absent, except those in ``nullable``."""

    model_config = ConfigDict(extra="forbid")
    example: ClassVar[str] = ""
    nullable: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def known_keys(cls) -> list[str]:
        """Return the keys as they are written in a file."""
        return [field.alias or name for name, field in cls.model_fields.items()]

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        empty = {name for name in cls.known_keys() if name not in cls.nullable and value.get(name) is None}
        return {key: item for key, item in value.items() if key not in empty}


class MetricBlock(Block):
    """What to optimise."""

    example: ClassVar[str] = "{name: accuracy, goal: maximize}"
    name: Text = Field(description="A metric that the objective returns or reports")
    goal: Literal["minimize", "maximize"] = Field("minimize", description="Which way is better")
    target: Number | None = Field(None, description="The sweep stops when it is reached")
    impute: Literal["latest", "best", "worst"] | None = Field(None, description="What a failed trial counts as")
    impute_while_running: Annotated[
        Literal["latest", "best", "worst", "false"] | None,
        BeforeValidator(_running),
        WithJsonSchema({"enum": ["latest", "best", "worst", "false", False]}),
    ] = Field(None, description="What a running trial counts as")


class CostBlock(Block):
    """A limit on the sum of a metric, or of compute seconds when there is no metric."""

    example: ClassVar[str] = "{metric: dollars, limit: 20}"
    metric: Text | None = None
    limit: Amount


def _cost(value: object) -> object:
    return value if isinstance(value, dict) else {"limit": parse_duration(value)}


class BudgetBlock(Block):
    """When the sweep ends: totals, whoever resumes it."""

    example: ClassVar[str] = "{trials: 60, time: 20m}"
    nullable: ClassVar[frozenset[str]] = frozenset({"trials"})
    trials: Positive | None = Field(None, description="Number of trials; null is without limit")
    time: Duration | None = Field(None, description="Wall time of the whole sweep")
    failures: Positive = Field(20, description="Failed trials in a row that end the sweep")
    cost: Annotated[CostBlock, BeforeValidator(_cost)] | None = Field(
        None, description="Compute time of all trials together, or {metric, limit}"
    )
    patience: Positive | None = Field(None, description="Trials without a new best value")


class ExecutorBlock(Block):
    """Who runs the trials."""

    example: ClassVar[str] = "{kind: joblib, workers: 4, timeout: 2m}"
    kind: Text = Field("joblib", description="inline, joblib, ray or an installed plugin's name")
    workers: Annotated[Positive | None, BeforeValidator(_workers)] = Field(
        None, description="Trials at the same time; auto: as many as there are cores"
    )
    timeout: Duration | None = Field(None, description="Per trial and hard: its processes are killed")
    isolation: Literal["shared", "fresh"] = Field("shared", description="fresh: a new process for each trial")
    memory: Memory | None = Field(None, description="Per trial")
    cpu: Amount | None = Field(None, description="Cores per trial")
    gpu: Amount | None = Field(None, description="GPUs per trial, also a fraction")
    threads: Positive | None = Field(None, description="Threads inside a trial; default cores / workers")
    address: Text | None = Field(None, description="Of a running cluster, or auto")
    resources: Anything | None = Field(None, description="Other resources per trial")
    runtime_env: Anything | None = Field(None, description="Ray's runtime environment")
    placement: Literal["spread", "pack"] | None = Field(None, description="Over the nodes of a cluster")
    options: Anything | None = Field(None, description="Anything else that an executor knows")


Retries = Annotated[
    int | str,
    BeforeValidator(_retries),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, {"const": "unlimited"}]}),
]


class RetryBlock(Block):
    """How often an attempt that ended this way is tried again."""

    example: ClassVar[str] = "{lost: 3, oom: 1, timeout: 0}"
    exception: Retries = Field(0, description="The objective raised")
    exit: Retries = Field(0, description="Its process exited")
    signal: Retries = Field(0, description="Its process died of a signal")
    oom: Retries = Field(1, description="It ran out of memory")
    timeout: Retries = Field(0, description="It was killed at its deadline")
    lost: Retries = Field(3, description="Its worker or controller disappeared")
    preempted: Retries = Field("unlimited", description="A scheduler took the machine")
    unpicklable: Retries = Field(0, description="Its arguments or result cannot travel")
    invalid_value: Retries = Field(0, alias="invalid-value", description="It returned no usable metric")


class EarlyTerminateBlock(Block):
    """Stops hopeless trials early. The other keys depend on the type."""

    model_config = ConfigDict(extra="allow")
    example: ClassVar[str] = "{type: hyperband, min_iter: 3}"
    type: Text = Field(description="hyperband, asha, median, percentile, patient, wilcoxon, threshold")


def _sources(value: object) -> object:
    """One source stands for a list of one; a tag is a mapping of names to values."""
    listed = value if isinstance(value, list) else [value]
    if not listed:
        raise ValueError("is empty; name a sweep, or write last")
    return [_source(one) for one in listed]


def _source(value: object) -> object:
    match value:
        case str() if value.strip():
            return value
        case {"tag": str(text), **rest} if "=" in text and not rest:
            name, _, wanted = text.partition("=")
            return {"tag": {name.strip(): wanted.strip()}}
        case {"tag": dict(tags), **rest} if tags and not rest:
            return {"tag": {str(name): tag_text(wanted) for name, wanted in tags.items()}}
    raise ValueError(f"must be names or ids of sweeps, last, or {{tag: {{dataset: digits}}}}, got {shown(value)}")


def _warm(value: object) -> object:
    return {"from": value} if isinstance(value, str | list) else value


Sources = Annotated[
    list[Any],
    BeforeValidator(_sources),
    WithJsonSchema({"anyOf": [TEXTS, {"type": "object"}, {"type": "array", "items": {"type": ["string", "object"]}}]}),
]


class WarmStartBlock(Block):
    """Learn from past sweeps."""

    example: ClassVar[str] = "{from: last, mode: auto}"
    source: Sources = Field(alias="from", description="Names (* and ? match), ids, last, or {tag: {name: value}}")
    mode: Literal["auto", "enqueue", "prior", "narrow", "tell"] = "auto"


class TrackingBlock(Block):
    """Who else learns of the runs."""

    example: ClassVar[str] = "{mirror: http://mlflow.company:5000}"
    mlflow: Flag = Field(False, description="An MLflow client inside a trial logs into the trial's own run")
    mirror: Text | None = Field(None, description="An MLflow server that gets a copy of every run")


class ProjectBlock(Block):
    """An MLproject as objective."""

    example: ClassVar[str] = "{uri: ./project, entry_point: main}"
    uri: Text = Field(description="A folder, or a git URL with optional #folder and @revision")
    entry_point: Text = "main"


class ControllerBlock(Block):
    """W&B's; kept as a tag."""

    example: ClassVar[str] = "{type: local}"
    type: Text


class SweepFile(Block):
    """A hyperparameter sweep: W&B's sweep file and a few more keys."""

    example: ClassVar[str] = "name: ..., objective: ..., parameters: ..."

    name: Text | None = Field(None, description="Default: the name of the file")
    description: Text | None = None
    objective: Text | None = Field(None, description="file.py:function or package.module:function")
    command: Annotated[Any, WithJsonSchema({"type": "array", "items": {"type": "string"}, "minItems": 1})] = Field(
        None, description="A program in any language, as a list of words with macros such as ${args}"
    )
    program: Text | None = Field(None, description="W&B: the script that ${program} stands for")
    mlproject: ProjectBlock | None = None
    method: Text = Field("auto", description="Who proposes parameters")
    sampler: Anything | None = Field(None, description="Options of the method, e.g. {n_startup_trials: 20}")
    metric: MetricBlock | None = None
    metrics: list[MetricBlock] | None = Field(None, description="Several goals: a Pareto front is searched")
    parameters: Anything | None = Field(None, description="The search space, by name")
    search_space: Text | None = Field(
        None, description="A bundled space, or a file beside this one; parameters given here replace its own"
    )
    constraints: Annotated[Any, WithJsonSchema(TEXTS)] = Field(None, description="Such as 'batch * accumulate <= 512'")
    budget: BudgetBlock = BudgetBlock()  # type: ignore[call-arg]  # all keys have defaults
    executor: ExecutorBlock = ExecutorBlock()  # type: ignore[call-arg]  # all keys have defaults
    retry: RetryBlock = RetryBlock()  # type: ignore[call-arg]  # all keys have defaults
    early_terminate: EarlyTerminateBlock | None = None
    warm_start: Annotated[WarmStartBlock, BeforeValidator(_warm)] | None = None
    reuse: Flag | None = Field(None, description="Take results of the same points, code and data from earlier sweeps")
    seed: Whole | None = Field(None, description="The same seed and history give the same proposals")
    tags: Anything | None = Field(None, description="Text by name, put on the sweep's run")
    experiment: Text | None = Field(None, description=f"Collects runs; default {DEFAULT_EXPERIMENT}")
    store: Text | None = Field(None, description="The database of runs; default sqlite:///sweeper.db")
    artifacts: Text | None = Field(None, description="A folder or URL for files; default beside the database")
    tracking: TrackingBlock = TrackingBlock()  # type: ignore[call-arg]  # all keys have defaults

    run_cap: Positive | None = Field(None, description="W&B: the same as budget.trials")
    project: Text | None = Field(None, description="W&B: the same as experiment")
    entity: Text | None = Field(None, description="W&B: kept as a tag")
    kind: Text | None = Field(None, description="W&B: kept as a tag")
    apiVersion: Text | None = Field(None, description="W&B: kept as a tag")  # noqa: N815  # the key's own spelling
    controller: ControllerBlock | None = None
