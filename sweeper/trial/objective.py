"""Finding an objective, checking that it takes the parameters, and carrying it to a worker."""

from __future__ import annotations

import ast
import hashlib
import importlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sweeper.errors import ObjectiveError, suggest
from sweeper.records import Goal
from sweeper.trial import pickling
from sweeper.trial.data import load_data

Function = Callable[..., Any]
Call = Callable[[Any, dict[str, Any]], Any]  #: (trial, nested parameters) -> what the objective returns

MODULE = "sweeper_objective_"  #: how the names of modules begin that are loaded from a file
RESERVED = ("trial", "params")  #: arguments that an objective may have for the trial itself and for all parameters


class Workplace(Protocol):
    """What an objective may know of the worker that runs it: a part of :class:`sweeper.trial.worker.Setup`."""

    @property
    def sweep_id(self) -> str: ...
    @property
    def goals(self) -> tuple[Goal, ...]: ...
    @property
    def params(self) -> tuple[str, ...]: ...
    @property
    def data(self) -> str: ...
    @property
    def runtime(self) -> str: ...
    @property
    def own_process(self) -> bool: ...


class Objective(Protocol):
    """What is sent to workers, by pickle and lightly: a function, a command or a project.

    ``name`` is for people; ``tags`` go to the sweep's run; ``code`` is the folder of its code, None: not known.
    """

    @property
    def name(self) -> str: ...
    @property
    def tags(self) -> Mapping[str, str]: ...
    @property
    def code(self) -> Path | None: ...

    def load(self) -> object:
        """Import what each attempt needs, once, before processes are forked from this one."""
        ...

    def caller(self, work: Workplace) -> Call:
        """Return what runs one attempt in this worker."""
        ...


@dataclass(frozen=True, slots=True)
class Carrier:
    """How a worker gets the function: from a file, from a module, as bytes made by cloudpickle, or ``direct`` as it is.

    ``file`` is loaded under the stable module name ``module`` so that what it pickles can be found again.
    """

    name: str
    attribute: str = ""
    module: str = ""
    file: str = ""
    pickled: bytes = field(default=b"", repr=False)
    direct: Function | None = field(default=None, repr=False)

    def load(self) -> Function:
        """Return the function. Raises ObjectiveError with what the import said."""
        if self.direct is not None:
            return self.direct
        if self.pickled:
            if self.file:
                _import_file(_here(Path(self.file)), self.module)
            loaded: Function = pickling.loads(self.pickled)
            return loaded
        module = _import_file(_here(Path(self.file)), self.module) if self.file else _import_module(self.module)
        return _attribute(module, self.attribute, self.name)

    @property
    def tags(self) -> Mapping[str, str]:
        return {}

    @property
    def code(self) -> Path | None:
        return Path(self.file).parent if self.file else None

    def caller(self, work: Workplace) -> Call:
        return caller(self.load(), work.params, load_data(work.data))


def from_target(target: str, base: str = "") -> tuple[Carrier, Function]:
    """Find ``file.py:function`` (beside ``base``, then in the current directory) or ``package.module:function``.

    The file is imported once; its folder joins ``sys.path`` as when Python runs it as a script.
    """
    place, _, attribute = target.rpartition(":")
    if not place or not attribute:
        raise ObjectiveError(f"objective {target!r}: write 'file.py:function' or 'package.module:function'")
    if place.endswith(".py") or "/" in place:
        path = _find_file(place, base, target)
        carrier = _from_script(target, attribute, path)
    else:
        carrier = Carrier(target, attribute, place)
    return carrier, carrier.load()


def from_function(function: Function) -> Carrier:
    """Carry a function object: by name when a worker can import it, else by value (notebooks, scripts, lambdas)."""
    import cloudpickle

    place = getattr(function, "__module__", None) or ""
    name = f"{place}:{getattr(function, '__qualname__', function)}"
    file = getattr(sys.modules.get(place), "__file__", None) or ""
    top_level = getattr(sys.modules.get(place), getattr(function, "__qualname__", ""), None) is function
    carried = file if place.startswith(MODULE) else ""
    hidden = bool(file) and place != "__main__" and not carried and not _found_again(place, file)
    try:
        if hidden:
            cloudpickle.register_pickle_by_value(sys.modules[place])
        pickled = pickling.dumps(function)
        if place == "__main__" and (missing := pickling.names_of_main(pickled)):
            if top_level and file and runs_only_as_script(Path(file)):
                return _from_script(name, function.__qualname__, Path(file))
            raise TypeError(f"it uses {missing!r} of this script, which cannot be sent by value")
    except Exception as error:
        raise ObjectiveError(
            f"objective {name} cannot be sent to a worker: {type(error).__name__}: {error}. "
            "Create what it needs inside the function, give it with data={...}, or put it into a module of its own"
        ) from error
    finally:
        if hidden:
            cloudpickle.unregister_pickle_by_value(sys.modules[place])
    return Carrier(name, module=place if carried else "", file=carried, pickled=pickled)


def runs_only_as_script(path: Path) -> bool:
    """Return whether a file may be imported: what it does as a script stands below ``if __name__ == "__main__"``."""
    try:
        tree = ast.parse(path.read_text("utf-8"))
    except (OSError, ValueError, SyntaxError):
        return False
    return any(isinstance(node, ast.If) and "__name__" in ast.dump(node.test) for node in tree.body)


def check_signature(function: Function, params: Mapping[str, bool], data: Collection[str], name: str) -> None:
    """Raise ObjectiveError unless ``function`` can be called with these parameters.

    ``params`` maps each top-level parameter of the space to whether it is always given (False: conditional).
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return
    takes = {p.name: p for p in signature.parameters.values() if p.kind not in (p.VAR_POSITIONAL, p.POSITIONAL_ONLY)}
    anything = any(p.kind is p.VAR_KEYWORD for p in takes.values())
    bundle = "params" in takes and "params" not in params
    known = [taken for taken in takes if taken != "trial"]
    problems = [f"data has {given!r}, which the space has too" for given in data if given in params]
    problems += [f"data has {given!r}, which is what {name} gets from sweeper" for given in RESERVED if given in data]
    problems += [
        f"{'data' if given in data else 'the space'} has {given!r}, which {name} does not take; {suggest(given, known)}"
        for given in (*params, *data)
        if given not in takes and not anything and not (bundle and given in params)
    ]
    for wanted, parameter in takes.items():
        if parameter.kind is parameter.VAR_KEYWORD or wanted in data or wanted in RESERVED:
            continue
        if parameter.default is parameter.empty:
            if wanted not in params:
                problems.append(f"{name} needs {wanted!r}, which neither the space nor data={{...}} gives")
            elif not params[wanted]:
                problems.append(f"{name} needs a default for {wanted!r}: the space leaves it out under a condition")
    if problems:
        raise ObjectiveError("; ".join(problems))


def caller(function: Function, params: Collection[str], data: Mapping[str, Any]) -> Call:
    """Return ``call(trial, kwargs)`` that gives the function what its signature asks for."""
    try:
        takes = inspect.signature(function).parameters
    except (TypeError, ValueError):
        takes = {}  # type: ignore[assignment]  # a builtin: called with the parameters alone
    with_trial = "trial" in takes and "trial" not in params
    as_bundle = "params" in takes and "params" not in params
    anything = any(p.kind is p.VAR_KEYWORD for p in takes.values())

    def call(trial: Any, kwargs: dict[str, Any]) -> Any:
        kwargs = deepcopy(kwargs)  # lists and dicts among them belong to the space
        given: dict[str, Any] = dict(data)
        given.update(kwargs if not as_bundle or anything else {k: v for k, v in kwargs.items() if k in takes})
        if as_bundle:
            given["params"] = kwargs
        if with_trial:
            given["trial"] = trial
        return function(**given)

    return call


def _from_script(name: str, attribute: str, path: Path) -> Carrier:
    module = f"{MODULE}{path.stem}_{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"
    return Carrier(name, attribute, module, str(path))


def _find_file(place: str, base: str, target: str) -> Path:
    tried = [Path(base) / place, Path.cwd() / place] if not Path(place).is_absolute() else [Path(place)]
    for path in tried:
        if path.is_file():
            return path.resolve()
    looked = " nor ".join(str(path) for path in dict.fromkeys(tried))
    near = sorted(str(p.name) for p in tried[0].parent.glob("*.py")) if tried[0].parent.is_dir() else []
    hint = f"; {suggest(Path(place).name, near)}" if near else ""
    raise ObjectiveError(f"objective {target!r}: there is no file {looked}{hint}")


def _here(path: Path) -> Path:
    """Return where a file lies on this host: at its path, else below the current directory, where code is sent to."""
    if path.exists():
        return path
    tails = (Path.cwd().joinpath(*path.parts[start:]) for start in range(1, len(path.parts)))
    return next((tail for tail in tails if tail.is_file()), path)


def _import_file(path: Path, name: str) -> Any:
    if name in sys.modules:
        return sys.modules[name]
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ObjectiveError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        del sys.modules[name]
        raise _import_failed(str(path), error) from error
    return module


def _import_module(name: str) -> Any:
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        return importlib.import_module(name)
    except BaseException as error:
        raise _import_failed(name, error) from error


def _import_failed(what: str, error: BaseException) -> ObjectiveError:
    if isinstance(error, KeyboardInterrupt):
        raise error
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if "importlib" not in f.filename and f.filename != __file__
    ]
    where = f" ({frames[-1].filename}, line {frames[-1].lineno})" if frames else ""
    if isinstance(error, SyntaxError):
        where = f" ({error.filename}, line {error.lineno})"
    hint = ""
    if isinstance(error, ModuleNotFoundError) and error.name:
        ours = f"{what}.".startswith(f"{error.name}.")
        hint = f". It was looked for from {Path.cwd()}" if ours else f". Run: pip install {error.name.split('.')[0]}"
    return ObjectiveError(f"importing {what} failed: {type(error).__name__}: {error}{where}{hint}")


def _found_again(name: str, file: str) -> bool:
    """Return whether another process with the same path would import module ``name`` from ``file``."""
    path: Sequence[str] | None = None
    spec = None
    for end in range(1, name.count(".") + 2):
        part = ".".join(name.split(".")[:end])
        found = (finder.find_spec(part, path) for finder in sys.meta_path)
        spec = next((spec for spec in found if spec is not None), None)
        if spec is None:
            return False
        path = spec.submodule_search_locations
    return spec is not None and spec.origin == file


def _attribute(module: Any, attribute: str, target: str) -> Function:
    found: Any = module
    for part in attribute.split("."):
        if not hasattr(found, part):
            functions = [
                n for n, v in vars(module).items() if callable(v) and not n.startswith("_") and not isinstance(v, type)
            ]
            raise ObjectiveError(
                f"objective {target!r}: there is no function {attribute!r} there; {suggest(attribute, functions)}"
            )
        found = getattr(found, part)
    if not callable(found):
        raise ObjectiveError(f"objective {target!r}: {attribute!r} is a {type(found).__name__}, not a function")
    function: Function = found
    return function
