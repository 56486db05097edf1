"""Whatever stands in a file: a config or a list of sentences comes out, never anything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sweeper.config import parse_config
from sweeper.config.places import Loader, read_yaml
from sweeper.errors import ConfigError

SAMPLES = Path(__file__).parent / "samples"
TEXTS = [path.read_text() for path in sorted(SAMPLES.glob("*.yaml"))]
KEYS = st.sampled_from(["name", "min", "values", "type", "when", "parameters", "trials", "x", "", "a.b"])
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.dates()
    | st.sampled_from(["tpe", "1e-5", "${args}", "10m", "x.py:f", "postgresql://u:p@h/d"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, item in items for deeper in paths(item, (*path, key)))]


def sentences(content: dict[str, Any]) -> list[str]:
    """Read ``content`` and return what is wrong with it. What is right reads back."""
    try:
        config = parse_config(content, methods=["tpe"], executors=["ray"], pruners=["asha", "hyperband"])
    except ConfigError as error:
        return [problem.message for problem in error.problems] or [""]
    kept = config.to_dict()
    assert parse_config(kept) == config or "***" in str(kept)  # a masked password does not come back
    return []


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_value_anywhere_is_taken_or_refused_in_words(data):
    content = yaml.load(data.draw(st.sampled_from(TEXTS)), Loader=Loader)
    for _ in range(data.draw(st.integers(1, 3))):
        *around, last = data.draw(st.sampled_from(paths(content)[1:]))
        inside = content
        for key in around:
            inside = inside[key]
        inside[last] = data.draw(JUNK)
    assert all(sentences(content))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_slip_of_the_keyboard_is_taken_or_refused_in_words(data):
    text = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        typed = data.draw(st.text("\t\n :-{}[]&*!|>'\"%@#,x0\u00e9\x07", max_size=3))
        text = text[:at] + typed + text[at + data.draw(st.integers(0, 3)) :]
    try:
        content, _, problems = read_yaml(text, "sweep.yaml")
    except ConfigError as error:
        found = [problem.message for problem in error.problems]
    else:
        found = [problem.message for problem in problems]
        found += sentences(content) if isinstance(content, dict) else []
    assert all(found)


@given(JUNK, JUNK)
def test_constraints_of_any_kind_beside_a_search_space_are_taken_or_refused_in_words(mine, parameters):
    content = {"metric": {"name": "x"}, "search_space": "knn", "constraints": mine, "parameters": parameters}
    assert all(sentences(content))
