"""The small language of constraints: what it means, and that nothing else gets in."""

import ast
import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.errors import SpaceError
from sweeper.space import parse_constraint

NAMES = ["a", "b", "kernel", "opt.lr", "n-layers", "lambda", "flag", "sizes"]
PARAMS = {"a": 3, "b": 0.5, "kernel": "rbf", "opt.lr": 0.1, "n-layers": 2, "lambda": 1.5, "flag": True,
          "sizes": [8, 16]}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("a <= 3", True),
        ("a * b <= 1", False),
        ("1 < a <= 3", True),
        ("1 < a < b", False),
        ("a ** 2 == 9", True),
        ("a // 2 == 1 and a % 2 == 1", True),
        ("-a < +b", True),
        ("not a > 5", True),
        ("a > 5 or b > 0.4", True),
        ("kernel == 'rbf'", True),
        ('kernel != "rbf"', False),
        ("kernel in ['rbf', 'poly']", True),
        ("kernel not in ('rbf', 'poly')", False),
        ("a in {1, 2}", False),
        ("a in [1, 2, b + 2.5]", True),
        ("b in sizes or 16 in sizes", True),
        ("sizes == [8, 16]", True),
        ("min(a, b) < max(a, b, 2)", True),
        ("abs(b - a) == 2.5", True),
        ("log(a) < 1.1 and log(8, 2) == 3", True),
        ("opt.lr * a < 0.4", True),
        ("n-layers <= a", True),
        ("a - n-layers == 1", True),
        ("lambda > 1", True),
        ("flag", True),
        ("flag == true and flag != null", True),
        ("flag == 1", False),
        ("kernel == 'n-layers < lambda'", False),
    ],
)
def test_what_a_constraint_means(text, truth):
    constraint = parse_constraint(text, NAMES)
    assert constraint.holds(PARAMS) is truth
    assert str(constraint) == text


@pytest.mark.parametrize("text", ["a / (b - 0.5) < 1", "a < kernel", "a + kernel > 1", "log(a - 3) < 1", "a in kernel",
                                  "(0 - a) ** b < 1", "2 ** (a ** 9) > 1", "a ** a ** a ** a ** a > 0",
                                  "-kernel < 1"])  # fmt: skip
def test_what_cannot_be_computed_does_not_hold(text):
    assert parse_constraint(text, NAMES).holds(PARAMS) is False


def test_names_are_noted_and_an_inactive_one_lets_it_hold():
    constraint = parse_constraint("a < 1 and opt.lr > n-layers", NAMES)
    assert constraint.names == ("a", "opt.lr", "n-layers")
    assert not constraint.holds(PARAMS)
    assert constraint.holds({name: value for name, value in PARAMS.items() if name != "opt.lr"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a ^ 2 < b", r"\^ is not a power: write \*\*"),
        ("a = 3", "write == to compare"),
        ("a < 1 && b < 1", "write `and` and `or`"),
        ("a < 1 & b < 1", "write `and` instead of &"),
        ("!flag", "write `not`"),
        ("~a < 1", "write `not` instead of ~"),
        ("a is None", "write == instead of `is`"),
        ("b if a else 1", r"write `\(a and b\) or c`"),
        ("kernl == 'rbf'", "no parameter 'kernl'; did you mean 'kernel'"),
        ("kernel == rbf", "no parameter 'rbf'.* A text value needs quotes"),
        ("opt.rl < 1", "no parameter 'opt.rl'; did you mean 'opt.lr'"),
        ("a + 1", "it compares nothing"),
        ("-a", "it compares nothing"),
        ("1 < 2", "it names no parameter"),
        ("", "write text such as"),
        ("a <", "it cannot be read"),
        ("a\n< b; import os", "it cannot be read"),
        ("a < " + "1 + " * 400 + "1", "characters; the limit is 1000"),
        ("a < " + "(" * 300 + "1" + ")" * 300, "cannot be read"),
        ("not " * 60 + "flag", "deeper than 40 levels"),
        ("max(a) < 1", "two or more"),
        ("abs(a, b) < 1", "too many arguments"),
        ("max(a, b, key=abs) < 1", "takes numbers"),
        ("max(*sizes) < 1", "two or more"),
        ("max(a, *sizes) < 1", "Starred is not allowed"),
        ("print(a) < 1", "only min, max, abs, log may be called"),
        ("kernel.upper() == 'RBF'", "only min, max, abs, log may be called"),
        ("(a).real < 1", "no parameter 'a.real'"),
        ("'x'.upper == a", "a dot may only stand inside the name"),
        ("a < 1j", "literal 1j is not allowed"),
        ("kernel == b'rbf'", "literal b'rbf' is not allowed"),
        ("f'{a}' == 'x'", "JoinedStr is not allowed"),
        ("sizes[0] < 1", "Subscript is not allowed"),
        ("(x := a) < 1", "NamedExpr is not allowed"),
        ("[x for x in sizes] == a", "ListComp is not allowed"),
        ("(lambda: 1)() < a", "."),
        ("a < {1: 2}", "Dict is not allowed"),
        ("a << 2 < 1", "LShift is not allowed"),
        ("a @ b < 1", "MatMult is not allowed"),
    ],
)  # fmt: skip
def test_everything_else_is_refused_with_a_reason(text, words):
    with pytest.raises(SpaceError, match=words):
        parse_constraint(text, NAMES)


ALLOWED = (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Call, ast.Name, ast.Attribute, ast.Constant, ast.List,
           ast.Tuple, ast.Set, ast.Load, ast.boolop, ast.cmpop, ast.operator, ast.unaryop)  # fmt: skip
WORDS = """a b kernel 'rbf' 1 0.5 ( ) [ ] { } , : . + - ** < == in not and or if else for lambda min max
           __class__ = := * await yield f'' ~ ^ opt.lr # eval"""
pieces = st.sampled_from([*WORDS.split(), "\n"])


@given(st.lists(pieces, min_size=1, max_size=12).map(" ".join) | st.text(max_size=30))
def test_whatever_is_accepted_has_only_allowed_parts_and_computes(text):
    try:
        constraint = parse_constraint(text, ["a", "b", "kernel", "opt.lr"])
    except SpaceError:
        return
    parts = list(ast.walk(ast.parse(text.strip(), mode="eval").body))
    assert all(isinstance(part, ALLOWED) for part in parts)
    assert all(part.func.id in ("min", "max", "abs", "log") for part in parts if isinstance(part, ast.Call))
    assert isinstance(constraint.holds(PARAMS), bool)


def test_large_powers_take_no_time_and_no_memory():
    for text in ("a ** 1000000000 > 1", "10 ** 10 ** 10 > a", "(9 ** 64) ** (9 ** 64) > a"):
        assert parse_constraint(text, NAMES).holds(PARAMS) is False


def test_a_constraint_travels():
    constraint = parse_constraint("n-layers <= a and lambda < opt.lr", NAMES)
    for again in (pickle.loads(pickle.dumps(constraint)), copy.deepcopy(constraint)):
        assert again == constraint
        assert again.holds(PARAMS) == constraint.holds(PARAMS)
