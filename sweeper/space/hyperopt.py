"""Reading a Hyperopt space: the graph that ``hp.*`` builds, nested choices included.

The keys of its dicts become the names, so that the objective gets the shape it knows. When the options of a choice are
dicts with a key that tells them apart (``{"kind": "svm", "C": hp...}``, ``{"kind": "forest", ...}``), that key becomes
the parameter that the others' ``when`` names. Otherwise the choice gets the name of its label.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sweeper.errors import MissingPackage, SpaceError
from sweeper.space.choices import Categorical, Constant
from sweeper.space.numeric import Float, Int
from sweeper.space.parameter import Parameter
from sweeper.space.priors import LogNormal, Normal
from sweeper.space.quantized import Quantized
from sweeper.space.space import SearchSpace
from sweeper.space.values import plain

Path = tuple[str, ...]
When = Mapping[str, Sequence[Any]]

NUMBERS = ("float", "int")  #: nodes that only convert


def from_hyperopt(space: Any) -> SearchSpace:
    """Return the search space that a Hyperopt one describes.

    What differs: quantised values (``quniform`` and its like) are moved back into their bounds, and where these are
    multiples of q the first and last are as likely as the others; ``randint`` is an ordered range; a key that several
    options give different ranges keeps its name in the first and takes the label in the others. Raises SpaceError
    for what has no counterpart: expressions of parameters, one parameter in two places, values that no file can hold.
    Needs the package hyperopt.
    """
    try:
        from hyperopt.pyll import as_apply
    except ImportError:
        raise MissingPackage("hyperopt", "reading a Hyperopt space") from None
    walk = _Walk()
    walk.visit(as_apply(space), (), {})
    return SearchSpace(walk.parameters, paths=walk.paths)


class _Walk:
    """Goes through the graph once and collects parameters."""

    def __init__(self) -> None:
        self.parameters: dict[str, Parameter] = {}
        self.paths: dict[str, Path] = {}
        self.labels: dict[str, str] = {}

    def visit(self, node: Any, path: Path, when: When) -> None:
        if _is_plain(node) and (path or node.name != "dict"):
            self._add(path or ("value",), Constant(_plain(node)), when, "")
        elif node.name == "dict":
            for key, item in _items(node):
                self.visit(item, (*path, key), when)
        elif node.name == "pos_args":
            for place, item in enumerate(node.pos_args):
                self.visit(item, (*path, f"_{place}"), when)
        elif node.name == "switch":
            self._choice(node, path, when)
        else:
            label, parameter = _number(node)
            self._add(path or (label,), parameter, when, label)

    def _choice(self, node: Any, path: Path, when: When) -> None:
        selector, *options = node.pos_args
        label, weights = _selector(selector)
        if all(map(_is_plain, options)):
            self._add(path or (label,), Categorical(_plain_all(options), weights=weights), when, label)
            return
        if key := _telling_key(options):
            values = [dict(_items(option))[key].obj for option in options]
            name = self._add((*path, key), Categorical(values, weights=weights), when, label)
            for value, option in zip(values, options, strict=True):
                for inner, item in _items(option):
                    if inner != key:
                        self.visit(item, (*path, inner), {name: [value]})
            return
        values = _option_names(options)
        name = self._add((*path[:-1], label), Categorical(values, weights=weights), when, label)
        for place, (value, option) in enumerate(zip(values, options, strict=True)):
            if not _is_plain(option):
                own = _own_word(option, f"{label}_{place}")
                self.visit(option, (*path[:-1], *own), {name: [value]})

    def _add(self, path: Path, parameter: Parameter, when: When, label: str) -> str:
        """Enter a parameter and return its name; merge it with an equal one of another option."""
        path = tuple(_word(part) for part in path)
        name = ".".join(path)
        known = self.parameters.get(name)
        if known is not None and known.with_when(None) != parameter:
            path = (*path[:-1], _word(label or path[-1] + "_2"))
            name = ".".join(path)
            known = self.parameters.get(name)
        if label and self.labels.setdefault(label, name) != name:
            raise SpaceError(f"the label {label!r} stands in two places: {self.labels[label]} and {name}; give each "
                             "its own label")
        if known is not None:
            when = _either(name, known, parameter, when)
        self.parameters[name] = parameter.with_when(when or None)
        self.paths[name] = path
        return name


def _either(name: str, known: Parameter, parameter: Parameter, when: When) -> When:
    """Active under the one condition or the other."""
    one, other = known.conditions, when
    if known.with_when(None) != parameter or one.keys() != other.keys() or len(one) != 1:
        raise SpaceError("stands in several options in ways that one `when` cannot say; give each its own key", name)
    return {parent: [*one[parent], *(v for v in other[parent] if v not in one[parent])] for parent in one}


def _items(node: Any) -> list[tuple[str, Any]]:
    return [(str(key), item) for key, item in node.named_args]


def _is_plain(node: Any) -> bool:
    if node.name == "literal":
        return True
    inner = [*node.pos_args, *(item for _, item in node.named_args)]
    return node.name in ("dict", "pos_args") and all(map(_is_plain, inner))


def _plain(node: Any) -> Any:
    if node.name == "literal":
        return plain(node.obj)
    if node.name == "dict":
        return {key: _plain(item) for key, item in _items(node)}
    return [_plain(item) for item in node.pos_args]


def _plain_all(nodes: Sequence[Any]) -> list[Any]:
    return [_plain(node) for node in nodes]


def _telling_key(options: Sequence[Any]) -> str | None:
    """Return a key that all options have, each with a text of its own."""
    if any(option.name != "dict" for option in options):
        return None
    for key, _ in _items(options[0]):
        values = [dict(_items(option)).get(key) for option in options]
        texts = {value.obj for value in values
                 if value is not None and value.name == "literal" and isinstance(value.obj, str)}
        if len(texts) == len(options):
            return key
    return None


def _option_names(options: Sequence[Any]) -> list[Any]:
    """Plain options stand for themselves, a parameter for its label, anything else for its number."""
    names: list[Any] = []
    for place, option in enumerate(options):
        if _is_plain(option):
            names.append(_plain(option))
        elif option.name in ("dict", "pos_args", "switch"):
            names.append(f"option {place}")
        else:
            names.append(_number(option)[0])
    return names


def _own_word(option: Any, numbered: str) -> Path:
    """Return the path of an option beside its choice: none for a dict's keys, a label or a number for others."""
    if option.name == "dict":
        return ()
    if option.name == "pos_args":
        return (numbered,)
    return (_selector(option.pos_args[0])[0] if option.name == "switch" else _number(option)[0],)


def _selector(node: Any) -> tuple[str, list[float] | None]:
    """Return the label of a choice and, for ``pchoice``, its probabilities."""
    label, draw = _labelled(node)
    if draw.name == "categorical":
        return label, [float(_literal(item)) for item in draw.pos_args[0].pos_args]
    return label, None


def _labelled(node: Any) -> tuple[str, Any]:
    if node.name != "hyperopt_param":
        raise SpaceError(f"the expression {node.name}(...) is not read; only hp.* and scope.int are")
    return str(node.pos_args[0].obj), node.pos_args[1]


def _literal(node: Any) -> Any:
    if node.name != "literal":
        raise SpaceError(f"a bound is the expression {node.name}(...); only numbers are read")
    return plain(node.obj)


def _number(node: Any) -> tuple[str, Parameter]:
    whole = False
    while node.name in NUMBERS and len(node.pos_args) == 1:
        whole = whole or node.name == "int"
        node = node.pos_args[0]
    label, draw = _labelled(node)
    arguments = [_literal(item) for item in draw.pos_args]
    arguments += [_literal(item) for _, item in draw.named_args]
    if draw.name not in LAWS:
        raise SpaceError(f"{label}: hp.{draw.name} is not read")
    try:
        return label, LAWS[draw.name](whole, *arguments)
    except SpaceError as error:
        raise SpaceError(str(error), label) from None


def _uniform(whole: bool, low: float, high: float) -> Parameter:
    return _truncated(low, high, log=False) if whole else Float(low, high)


def _loguniform(whole: bool, low: float, high: float) -> Parameter:
    low, high = _exp(low), _exp(high)
    return _truncated(low, high, log=True) if whole else Float(low, high, log=True)


def _truncated(low: float, high: float, log: bool) -> Parameter:
    """``int()`` of a continuous draw from [low, high): the whole numbers that leaves."""
    first = math.floor(low * (1 + 1e-12)) if low > 0 else math.ceil(low)
    last = max(first, math.ceil(high - abs(high) * 1e-12) - 1)
    return Int(max(first, 1) if log else first, last, log=log)


def _quniform(whole: bool, low: float, high: float, q: float) -> Parameter:
    return Quantized(low, high, _unit(whole, q), log=False)


def _qloguniform(whole: bool, low: float, high: float, q: float) -> Parameter:
    return Quantized(_exp(low), _exp(high), _unit(whole, q), log=True)


def _randint(whole: bool, low: int, high: int | None = None) -> Parameter:
    return Int(0, low - 1) if high is None else Int(low, high - 1)


def _normal(kind: type[Normal] | type[LogNormal]) -> Callable[..., Parameter]:
    def read(whole: bool, mu: float, sigma: float, q: float | None = None) -> Parameter:
        step = _unit(whole, q) if q is not None else 1 if whole else None
        return kind(mu, sigma, step=step)

    return read


def _unit(whole: bool, q: float) -> float:
    if not whole:
        return float(q)
    if not float(q).is_integer():
        raise SpaceError(f"q is {q!r} inside scope.int; it must be a whole number")
    return int(q)


def _exp(exponent: float) -> float:
    try:
        return math.exp(exponent)
    except OverflowError:
        raise SpaceError(f"the bound exp({exponent!r}) overflows; hp.loguniform takes logarithms") from None


def _word(text: str) -> str:
    """Return a text as a part of a name."""
    word = re.sub(r"[^A-Za-z0-9_-]+", "_", text)
    return word if re.match("[A-Za-z_]", word) else f"_{word}"


LAWS: dict[str, Callable[..., Parameter]] = {
    "uniform": _uniform,
    "quniform": _quniform,
    "loguniform": _loguniform,
    "qloguniform": _qloguniform,
    "randint": _randint,
    "normal": _normal(Normal),
    "qnormal": _normal(Normal),
    "lognormal": _normal(LogNormal),
    "qlognormal": _normal(LogNormal),
}
