"""Constraints between parameters: ``"depth * width <= 4096"``.

A small language, read with Python's grammar but never run as Python: comparisons (also chained), ``and or not``,
``+ - * / // % **``, ``in`` and ``not in`` with lists, the functions min, max, abs and log, literals, and the names of
parameters, dotted ones too. Everything else is refused with a reason.
"""

from __future__ import annotations

import ast
import keyword
import math
import operator
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sweeper.errors import SpaceError, suggest
from sweeper.space.values import index, same

Evaluate = Callable[[Mapping[str, Any]], Any]

LONGEST = 1000  #: characters of a constraint
DEEPEST = 40  #: levels of nesting
LITERALS = {"true": True, "false": False, "null": None}
FUNCTIONS: dict[str, Callable[..., Any]] = {"min": min, "max": max, "abs": abs, "log": math.log}
HINTS = {
    ast.BitXor: "^ is not a power: write **",
    ast.BitAnd: "write `and` instead of &",
    ast.BitOr: "write `or` instead of |",
    ast.Invert: "write `not` instead of ~",
    ast.Is: "write == instead of `is`",
    ast.IsNot: "write != instead of `is not`",
    ast.IfExp: "write `(a and b) or c` instead of `b if a else c`",
}


@dataclass(frozen=True)
class Constraint:
    """A condition that the parameters of a trial must meet. ``names`` are the parameters it speaks of."""

    text: str
    names: tuple[str, ...]
    _evaluate: Evaluate = field(repr=False, compare=False)

    def holds(self, params: Mapping[str, Any]) -> bool:
        """Do ``params`` meet it? True when it names an inactive parameter.

        False when it cannot be computed: a division by zero, a comparison of a number with a string, an overflow.
        """
        if any(name not in params for name in self.names):
            return True
        try:
            return bool(self._evaluate(params))
        except (ArithmeticError, TypeError, ValueError):
            return False

    def __str__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[Any, ...]:
        return parse_constraint, (self.text, self.names)


def parse_constraint(text: Any, known: Iterable[str]) -> Constraint:
    """Read one constraint over the parameters ``known``. Raises SpaceError saying what is not understood."""
    if not isinstance(text, str) or not text.strip():
        raise SpaceError(f"a constraint is {text!r}; write text such as 'a * b <= 100'")
    if len(text) > LONGEST:
        raise SpaceError(f"a constraint has {len(text)} characters; the limit is {LONGEST}")
    reader = _Reader(text.strip(), list(known))
    evaluate = reader.read()
    return Constraint(reader.text, tuple(dict.fromkeys(reader.used)), evaluate)


class _Reader:
    """Turns one text into a function of the parameters."""

    def __init__(self, text: str, known: list[str]) -> None:
        self.text, self.known = text, known
        self.used: list[str] = []
        self.stand_ins: dict[str, str] = {}

    def read(self) -> Evaluate:
        source = self._python_names()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                root = ast.parse(source, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise self._error("it cannot be read; " + _syntax_hint(self.text)) from None
        evaluate = self._node(root, 0)
        if isinstance(root, (ast.BinOp, ast.UnaryOp, ast.Constant, ast.Call, ast.List, ast.Tuple)) and not (
            isinstance(root, ast.UnaryOp) and isinstance(root.op, ast.Not)
        ):
            raise self._error("it compares nothing; write for example 'a + b <= 10'")
        if not self.used:
            raise self._error("it names no parameter; " + suggest("", self.known))
        return evaluate

    def _python_names(self) -> str:
        """Replace names that Python would not read as one (``n-layers``, ``lambda``) by ones that it does."""
        odd = [name for name in self.known if not all(map(_is_word, name.split(".")))]
        if not odd:
            return self.text
        pattern = "|".join(re.escape(name) for name in sorted(odd, key=len, reverse=True))

        def swap(match: re.Match[str]) -> str:
            if match[1] is None:
                return match[0]
            stand_in = f"__name_{odd.index(match[1])}__"
            self.stand_ins[stand_in] = match[1]
            return stand_in

        return re.sub(rf"'[^']*'|\"[^\"]*\"|(?<![\w.])({pattern})(?!\w)", swap, self.text)

    def _error(self, message: str) -> SpaceError:
        return SpaceError(f"constraint {self.text!r}: {message}")

    def _node(self, node: ast.AST, depth: int) -> Evaluate:
        if depth > DEEPEST:
            raise self._error(f"it is nested deeper than {DEEPEST} levels")
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise self._refuse(node)
        result: Evaluate = method(node, depth + 1)
        return result

    def _refuse(self, node: ast.AST) -> SpaceError:
        what = HINTS.get(type(node), "")
        allowed = "allowed are comparisons, and/or/not, arithmetic, in, min, max, abs, log, literals and parameters"
        return self._error(what or f"{type(node).__name__} is not allowed; {allowed}")

    def _constant(self, node: ast.Constant, depth: int) -> Evaluate:
        value = node.value
        if not (value is None or isinstance(value, (bool, int, float, str))):
            raise self._error(f"the literal {value!r} is not allowed")
        return lambda params: value

    def _name(self, node: ast.Name, depth: int) -> Evaluate:
        return self._parameter(self.stand_ins.get(node.id, node.id))

    def _attribute(self, node: ast.Attribute, depth: int) -> Evaluate:
        parts, inner = [node.attr], node.value
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name):
            raise self._error("a dot may only stand inside the name of a parameter")
        parts.append(self.stand_ins.get(inner.id, inner.id))
        return self._parameter(".".join(reversed(parts)))

    def _parameter(self, name: str) -> Evaluate:
        if name not in self.known:
            if name in LITERALS:
                return lambda params: LITERALS[name]
            raise self._error(f"no parameter {name!r}; {suggest(name, self.known)}. A text value needs quotes")
        self.used.append(name)
        return lambda params: params[name]

    def _list(self, node: ast.List | ast.Tuple | ast.Set, depth: int) -> Evaluate:
        items = [self._node(item, depth) for item in node.elts]
        return lambda params: [item(params) for item in items]

    _tuple = _set = _list

    def _boolop(self, node: ast.BoolOp, depth: int) -> Evaluate:
        parts = [self._node(value, depth) for value in node.values]
        if isinstance(node.op, ast.And):
            return lambda params: all(part(params) for part in parts)
        return lambda params: any(part(params) for part in parts)

    def _unaryop(self, node: ast.UnaryOp, depth: int) -> Evaluate:
        operand = self._node(node.operand, depth)
        if isinstance(node.op, ast.Not):
            return lambda params: not operand(params)
        if isinstance(node.op, ast.USub):
            return lambda params: -_number(operand(params))
        if isinstance(node.op, ast.UAdd):
            return lambda params: _number(operand(params))
        raise self._refuse(node.op)

    def _binop(self, node: ast.BinOp, depth: int) -> Evaluate:
        function = ARITHMETIC.get(type(node.op))
        if function is None:
            raise self._refuse(node.op)
        left, right = self._node(node.left, depth), self._node(node.right, depth)
        return lambda params: function(_number(left(params)), _number(right(params)))

    def _compare(self, node: ast.Compare, depth: int) -> Evaluate:
        functions = []
        for op in node.ops:
            if type(op) not in COMPARISONS:
                raise self._refuse(op)
            functions.append(COMPARISONS[type(op)])
        terms = [self._node(term, depth) for term in (node.left, *node.comparators)]

        def evaluate(params: Mapping[str, Any]) -> bool:
            left = terms[0](params)
            for function, term in zip(functions, terms[1:], strict=True):
                right = term(params)
                if not function(left, right):
                    return False
                left = right
            return True

        return evaluate

    def _call(self, node: ast.Call, depth: int) -> Evaluate:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in FUNCTIONS:
            raise self._error(f"only {', '.join(FUNCTIONS)} may be called")
        if node.keywords or not node.args or (name in ("min", "max") and len(node.args) < 2):
            raise self._error(f"{name}() takes numbers, {'two or more' if name in ('min', 'max') else 'at least one'}")
        if len(node.args) > {"abs": 1, "log": 2}.get(name, len(node.args)):
            raise self._error(f"{name}() has too many arguments")
        arguments = [self._node(argument, depth) for argument in node.args]
        function = FUNCTIONS[name]
        return lambda params: function(*(_number(argument(params)) for argument in arguments))


def _is_word(part: str) -> bool:
    return part.isidentifier() and not keyword.iskeyword(part)


def _number(value: Any) -> Any:
    if not isinstance(value, (bool, int, float)):
        raise TypeError(f"{value!r} is not a number")
    return value


def _power(base: Any, exponent: Any) -> Any:
    """A power that cannot fill the memory: large ones are computed as floats, and may overflow."""
    if abs(exponent) > 64 or abs(base) > 2**64:
        base = float(base)
    result = base**exponent
    if isinstance(result, complex):
        raise ValueError("a power that is not real")
    return result


def _within(value: Any, container: Any) -> bool:
    if not isinstance(container, (list, tuple)):
        raise TypeError(f"{container!r} is not a list")
    return index(container, value) is not None


ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: _power,
}
COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: same,
    ast.NotEq: lambda left, right: not same(left, right),
    ast.In: _within,
    ast.NotIn: lambda left, right: not _within(left, right),
}


def _syntax_hint(text: str) -> str:
    if re.search(r"(?<![<>=!])=(?!=)", text):
        return "write == to compare"
    if "&&" in text or "||" in text:
        return "write `and` and `or`"
    if "!" in text.replace("!=", ""):
        return "write `not`"
    return "write for example 'a * b <= 100'"
