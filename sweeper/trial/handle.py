"""A run as code sees it: what can be logged, and runs nested below it by explicit parent."""

from __future__ import annotations

import io
import json
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from sweeper.errors import Pruned, UsageError, suggest
from sweeper.events import ParamsLogged, PointsLogged, RunEnded, RunStarted, TagsSet
from sweeper.interfaces import ArtifactStore
from sweeper.records import Point, Run, RunState, new_id
from sweeper.store.names import check_key, check_name, param_text, tag_value
from sweeper.trial.values import number, printable, sentence, step_number, text

if TYPE_CHECKING:
    from sweeper.events import Event

IMPORTANCE_FILE = "feature_importance.json"  #: where log_importance writes


class Sink(Protocol):
    """Where a handle's records go: a worker's stream to the controller, or the store itself."""

    def emit(self, event: Event) -> None:
        """Take one record. May block while the receiver is slow; never drops one."""
        ...

    def artifacts(self) -> ArtifactStore:
        """Return where files go; a run's files lie below its id."""
        ...


class RunHandle:
    """An open run. ``id`` is its run id; every method may be called from any thread of its process.

    What the store would refuse is refused at once, where the mistake was made: names and values that are too long or
    not text, steps that are not whole numbers.
    """

    def __init__(self, run_id: str, sink: Sink, *, experiment_id: str = "", attempt: int = 0) -> None:
        self.id = run_id
        self._sink = sink
        self._experiment_id = experiment_id
        self._attempt = attempt
        self._lock = threading.Lock()
        self._last: dict[str, tuple[int, float]] = {}  # metric -> its last step and value
        self._params: dict[str, str] = {}

    def log_metric(self, name: str, value: float, step: int | None = None) -> None:
        """Log one value of a metric. ``step`` defaults to one after the last of that name, beginning at 0."""
        self.log_metrics({name: value}, step)

    def log_metrics(self, metrics: Mapping[str, Any], step: int | None = None) -> None:
        """Log several metrics at one step; NaN and infinities are kept. Raises InvalidValue for anything else."""
        now = time.time()
        with self._lock:
            points = tuple(
                Point(check_key(name, "metric"), number(value, name), self._step(name, step), now)
                for name, value in metrics.items()
            )
            self._last.update((point.key, (point.step, point.value)) for point in points)
            self._sink.emit(PointsLogged(self.id, points, self._attempt))

    def last_step(self, name: str, default: int = 0) -> int:
        """Return the last step logged for a metric."""
        return self._last.get(name, (default, 0.0))[0]

    @property
    def metrics(self) -> dict[str, float]:
        """The last value of each metric logged here."""
        with self._lock:
            return {name: value for name, (_, value) in self._last.items()}

    def log_param(self, name: str, value: Any) -> None:
        """Log a parameter as text. A name keeps its first value."""
        self.log_params({name: value})

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Log several parameters as text. Raises UsageError for a name that this run gave another value before."""
        texts = {check_key(name, "param"): param_text(name, text(value)) for name, value in params.items()}
        with self._lock:
            for name, value in texts.items():
                if self._params.get(name, value) != value:
                    raise UsageError(f"param {name!r} is already {self._params[name]!r} and cannot become {value!r}")
            self._params |= texts
        self._sink.emit(ParamsLogged(self.id, texts))

    def set_tag(self, name: str, value: Any) -> None:
        """Set a tag; a later value replaces an earlier one."""
        self.set_tags({name: value})

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Set several tags."""
        self._sink.emit(TagsSet(self.id, _tags(tags)))

    def log_artifact(self, local: str | Path, path: str | None = None) -> None:
        """Copy a file or a folder into the run's artifacts, into the folder ``path`` if given."""
        source = Path(local)
        if not source.exists():
            raise UsageError(f"log_artifact: there is no file {str(source)!r} (looked from {Path.cwd()})")
        self._sink.artifacts().put(source, self._place(str(PurePosixPath(path or "") / source.name)))

    def log_artifacts(self, folder: str | Path, path: str | None = None) -> None:
        """Copy what is inside a local folder into the run's artifacts."""
        source = Path(folder)
        if not source.is_dir():
            raise UsageError(f"log_artifacts: there is no folder {str(source)!r} (looked from {Path.cwd()})")
        for item in sorted(source.iterdir()):
            self.log_artifact(item, path)

    def log_text(self, content: str, path: str) -> None:
        """Write ``content`` as a text file (UTF-8) of the run."""
        self._sink.artifacts().write(self._place(path), content.encode("utf-8", "backslashreplace"))

    def log_dict(self, content: Mapping[str, Any] | Sequence[Any], path: str) -> None:
        """Write ``content`` as JSON, or as YAML when ``path`` ends in .yaml or .yml."""
        if path.endswith((".yaml", ".yml")):
            import yaml

            body = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
        else:
            body = json.dumps(content, indent=2, default=str, ensure_ascii=False)
        self.log_text(body, path)

    def log_figure(self, figure: Any, path: str) -> None:
        """Save a matplotlib figure (or anything with ``savefig``); the ending of ``path`` is the format."""
        if not hasattr(figure, "savefig"):
            raise UsageError(f"log_figure takes a matplotlib figure, not a {type(figure).__name__}")
        body = io.BytesIO()
        figure.savefig(body, format=PurePosixPath(path).suffix.lstrip(".") or "png", bbox_inches="tight")
        self._sink.artifacts().write(self._place(path), body.getvalue())

    def log_importance(self, importance: Mapping[str, float]) -> None:
        """Keep how much each feature of the model mattered: ``{feature: value}``, any names, finite or not."""
        self.log_dict({str(name): number(value, str(name)) for name, value in importance.items()}, IMPORTANCE_FILE)

    def log_model(
        self,
        model: Any,
        name: str = "model",
        *,
        flavor: str | None = None,
        signature: Any = None,
        input_example: Any = None,
        requirements: Sequence[str] | None = None,
        serialization: str = "auto",
    ) -> None:
        """Save a trained model with the run, in MLflow's format, into its artifacts as the folder ``name``.

        Models of scikit-learn, XGBoost, LightGBM, PyTorch and Keras are known by their class; a function or a
        ``mlflow.pyfunc.PythonModel`` is saved as ``pyfunc``; ``flavor`` says it otherwise. ``signature`` is what
        ``mlflow.models.infer_signature`` returns, ``input_example`` a few rows of input, from which MLflow makes one.
        ``requirements`` are pip's; None: the versions of the flavor's packages that are installed here.
        ``serialization``: "auto" saves models of scikit-learn with skops, which runs no code when they are loaded,
        and with "cloudpickle" where skops is not installed or cannot. The SHA-256 of the model is kept as a tag.

        Raises MissingPackage without mlflow-skinny, UsageError for a model of another kind.
        """
        from sweeper.trial.models import put_model, save_model, tag_of

        with tempfile.TemporaryDirectory(prefix="sweeper-model-") as scratch:
            saved = save_model(
                model,
                Path(scratch, "model"),
                name=name,
                run_id=self.id,
                flavor=flavor,
                signature=signature,
                input_example=input_example,
                requirements=requirements,
                serialization=serialization,
            )
            put_model(Path(scratch, "model"), self._sink.artifacts(), self._place(name))
        self._sink.emit(TagsSet(self.id, tag_of(name, saved)))

    def child(self, name: str, tags: Mapping[str, Any] | None = None) -> ChildRun:
        """Open a run nested below this one, e.g. a fold or a stage. Use it as a context manager."""
        return ChildRun(name, self._sink, parent_id=self.id, experiment_id=self._experiment_id, tags=tags)

    @property
    def experiment_id(self) -> str:
        """The experiment of this run, and of those below it."""
        return self._experiment_id

    @property
    def files(self) -> ArtifactStore:
        """The files of all runs; this run's are below its id."""
        return self._sink.artifacts()

    def hand_on(self, event: Event) -> None:
        """Take a record of a run below this one that another process made."""
        self._sink.emit(event)

    def _place(self, path: str) -> str:
        return f"{self.id}/{path}"

    def _step(self, name: str, step: Any) -> int:
        return self.last_step(name, -1) + 1 if step is None else step_number(step, name)


class ChildRun(RunHandle):
    """A run that opens when made and ends with its ``with`` block: complete, or failed when it raises."""

    def __init__(
        self,
        name: str,
        sink: Sink,
        *,
        parent_id: str | None,
        experiment_id: str,
        tags: Mapping[str, Any] | None = None,
        user: str = "",
        closing: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(new_id(), sink, experiment_id=experiment_id)
        self.name = check_name(name, "run name")
        self._closing = closing
        self._open = True
        run = Run(
            self.id,
            name,
            parent_id=parent_id,
            experiment_id=experiment_id,
            started=time.time(),
            user=user,
            tags=_tags(tags or {}),
        )
        sink.emit(RunStarted(run))

    def end(self, state: RunState | str = RunState.COMPLETE) -> None:
        """End the run now; ending it again changes nothing. Raises UsageError for a state in which no run ends."""
        ends = [str(known) for known in RunState if known.ended]
        if state not in ends:
            raise UsageError(f"a run does not end as {state!r}; {suggest(str(state), ends)}")
        if self._open:
            self._open = False
            self._sink.emit(RunEnded(self.id, RunState(state), time.time()))
            if self._closing is not None:
                self._closing()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            return self.end()
        if isinstance(error, Pruned):
            return self.end(RunState.PRUNED)
        try:
            self.set_tag("sweeper.error", printable(sentence(error))[:1000])
        finally:
            self.end(RunState.FAILED)
        return None


def _tags(tags: Mapping[str, Any]) -> dict[str, str]:
    return {check_key(key, "tag"): tag_value(key, text(value)) for key, value in tags.items()}
