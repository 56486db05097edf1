"""W&B's macros."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.config.objective import MACROS
from sweeper.trial.command.macros import expand, flat

PARAMS: dict[str, Any] = {
    "lr": 0.1,
    "flag": True,
    "off": False,
    "none": None,
    "kind": "a b",
    "net": {"units": 8, "l": [1]},
}


@pytest.mark.parametrize(
    ("macro", "words"),
    [
        ("${env}", ["/usr/bin/env"]),
        ("${interpreter}", [sys.executable]),
        ("${program}", ["/code/train.py"]),
        (
            "${args}",
            ["--lr=0.1", "--flag=True", "--off=False", "--none=None", "--kind=a b", '--net={"units":8,"l":[1]}'],
        ),
        (
            "${args_no_hyphens}",
            ["lr=0.1", "flag=True", "off=False", "none=None", "kind=a b", 'net={"units":8,"l":[1]}'],
        ),
        (
            "${args_no_boolean_flags}",
            ["--lr=0.1", "--flag", "--none=None", "--kind=a b", '--net={"units":8,"l":[1]}'],
        ),
        (
            "${args_no_equals}",
            [
                *("--lr", "0.1", "--flag", "True", "--off", "False", "--none", "None"),
                *("--kind", "a b", "--net", '{"units":8,"l":[1]}'),
            ],
        ),
        (
            "${args_append_hydra}",
            ["+lr=0.1", "+flag=True", "+off=False", "+none=None", "+kind=a b", "+net.units=8", "+net.l=[1]"],
        ),
        (
            "${args_override_hydra}",
            ["++lr=0.1", "++flag=True", "++off=False", "++none=None", "++kind=a b", "++net.units=8", "++net.l=[1]"],
        ),
        ("${args_json_file}", ["/tmp/params.json"]),
        ("--seed=${envvar:TEST_SEED}/${envvar:TEST_NOT_SET}", ["--seed=7/TEST_NOT_SET"]),
        ("plain ${HOME}", ["plain ${HOME}"]),
    ],
)
def test_each_macro(monkeypatch: pytest.MonkeyPatch, macro: str, words: list[str]) -> None:
    monkeypatch.setenv("TEST_SEED", "7")
    monkeypatch.delenv("TEST_NOT_SET", raising=False)

    assert expand([macro], "/code/train.py", PARAMS, "/tmp/params.json") == words


def test_the_parameters_as_json() -> None:
    (word,) = expand(["${args_json}"], None, PARAMS, "")

    assert json.loads(word) == PARAMS


def test_no_macro_is_left_in_the_words() -> None:
    assert not [word for word in expand(MACROS, "p", {"x": 1}, "f") if "${" in word]


NAMES = st.text(min_size=1)
VALUES = st.recursive(st.integers() | st.text(), lambda inner: st.dictionaries(NAMES, inner), max_leaves=5)


@given(st.dictionaries(NAMES, VALUES))
def test_arguments_come_in_the_order_of_the_parameters_and_none_is_lost(params: dict[str, Any]) -> None:
    words = expand(["${args}"], None, params, "")

    assert [word[2:].startswith(f"{name}=") for word, name in zip(words, params, strict=True)] == [True] * len(params)
    assert len(list(flat(params))) >= len(params)
