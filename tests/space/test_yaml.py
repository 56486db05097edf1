"""YAML: numbers are numbers, surprises are refused, and what is written reads back."""

import math

import pytest
import yaml as pyyaml
from hypothesis import given

from sweeper.errors import ConfigError
from sweeper.space import yaml

from .strategies import values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-5", 1e-5),
        ("1E5", 1e5),
        ("-2.5e+3", -2500.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("1_000", 1000),
        ("0x1F", 31),
        ("0b101", 5),
        ("010", 8),
        ("0", 0),
        ("-7", -7),
        (".inf", math.inf),
        ("!!float 1e-5", 1e-5),
        ("true", True),
        ("no", False),
        ("~", None),
        ("1:30", "1:30"),
        ("2020-01-01", "2020-01-01"),
        ("1e", "1e"),
        ("e5", "e5"),
        ("20m", "20m"),
        ("'1e-5'", "1e-5"),
        ("", None),
    ],
)
def test_scalars(text, value):
    found = yaml.load(text)
    assert found == value
    assert type(found) is type(value)


@given(values)
def test_what_is_written_reads_back_the_same(value):
    assert yaml.load(yaml.dump(value)) == value


@given(values)
def test_other_readers_take_no_text_for_something_else(value):
    def texts(item):
        if isinstance(item, str):
            return [item]
        inner = item.values() if isinstance(item, dict) else item if isinstance(item, list) else []
        return [text for part in inner for text in texts(part)]

    assert texts(pyyaml.safe_load(yaml.dump(value))) == texts(value)


@pytest.mark.parametrize("text", ["a\x85b", "\u2028", "\ufeff", "a\r\nb", "1e5", "2020-01-01", "1:30", "null", "- a",
                                  " ", "'", '"', "\t", "a: b", "#", "é😀", "\x00\x1f"])  # fmt: skip
def test_awkward_text_survives(text):
    assert yaml.load(yaml.dump({text: [text]})) == {text: [text]}


def test_order_is_kept_and_short_things_stay_on_a_line():
    assert yaml.dump({"b": {"min": 1e-5, "max": 1}, "a": [1, [2, None]], "c": {"d": {"e": 1}}}) == (
        "b: {min: 1.0e-05, max: 1}\na: [1, [2, null]]\nc:\n  d: {e: 1}\n"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\nb: 2\na: 3", "^s.yaml:3: the key 'a' is there twice, first in line 1$"),
        ("a: &x [1]\nb: *x", r"^s.yaml:1: this is used again by an alias \(\*\); aliases are not read, write it out$"),
        ("a: &x [*x]", "aliases are not read"),
        ("a: !!python/object:os.system x", "^s.yaml:1: the tag .*python/object:os.system is not read"),
        ("a: !!set {b}", "the tag .*set is not read"),
        ("a: [1, 2\nb: 3", "^s.yaml:2: not YAML: "),
        ("? [1, 2]\n: 3", "a key must be one word"),
        ("a: " + "[" * 60 + "]" * 60, "nested deeper than 50 levels"),
        ("[" * 5000, "^s.yaml:1: "),
        ("a: " + "1" * 5000, "not YAML: Exceeds the limit"),
        ("x" * 1_000_001, "the file has 1,000,001 bytes; the limit is 1,000,000"),
        (b"a: 1\nb: \xff", "^s.yaml:2: the file is not UTF-8 text$"),
        ("a: \x00", "not YAML"),
        ("a: 1\n---\nb: 2", "^s.yaml:2: not YAML"),
    ],
)
def test_what_is_refused_is_said_with_its_line(text, words):
    with pytest.raises(ConfigError, match=words):
        yaml.load(text, file="s.yaml")


def test_aliases_cannot_multiply():
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]\n" for n in range(30))
    with pytest.raises(ConfigError, match="aliases are not read"):
        yaml.load(bomb)


def test_every_key_knows_its_line():
    document = yaml.read("# first\na:\n  b: {c: 1}\n  d:\n  - 1\n  - e: 2\n")
    assert document.value == {"a": {"b": {"c": 1}, "d": [1, {"e": 2}]}}
    assert [document.line(place) for place in ("a", "a.b", "a.b.c", "a.d", "a.d.1", "a.d.1.e")] == [2, 3, 3, 4, 6, 6]
    assert document.line("a.b.c.nothing.below") == 3
    assert document.line("nowhere") == 2
    assert yaml.read("").line("a") is None


def test_a_byte_order_mark_is_no_text():
    assert yaml.load(b"\xef\xbb\xbfa: 1") == {"a": 1}
