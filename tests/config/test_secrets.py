from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.config import parse_config
from sweeper.config.secrets import mask_all, mask_urls

CANARY = "c4n4ry"


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+psycopg://ada:{CANARY}@db:5432/runs",
        f"mysql+pymysql://ada:x{CANARY}@y@db/runs",
        f"postgresql://ada:x/{CANARY}@db/runs",
        f"http://:{CANARY}@host:5000",
        f"https://{CANARY}@github.com/a/b#project",
        f"git+https://{CANARY}@github.com/a/b",
        f"s3://bucket/key?X-Amz-Signature={CANARY}&x=1",
        f"http://host/?token={CANARY}",
        f"postgresql://db/runs?user=ada&password={CANARY}",
        f"'mysql://ada:{CANARY}@db' and \"redis://:{CANARY}@cache\"",
    ],
)
def test_what_is_secret_in_a_url_is_masked(url):
    masked = mask_urls(url)
    assert CANARY not in masked
    assert "***" in masked
    assert mask_urls(masked) == masked


@pytest.mark.parametrize(
    "text",
    ["sqlite:///sweeper.db", "http://host:5000/models@champion", "http://127.0.0.1:5000", "s3://bucket/prefix",
     "postgresql://ada@db/runs", "a: b@c.example", "file.py:train", ""],
)  # fmt: skip
def test_what_is_not_secret_stays(text):
    assert mask_urls(text) == text


@given(st.text(st.characters(codec="ascii", exclude_characters="@/'\"?# \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"), min_size=8))
def test_no_password_passes(password):
    assert password not in mask_urls(f"postgresql://u:{password}@db/runs") or password.isdigit()


def test_masking_goes_to_the_bottom_of_lists_and_mappings():
    value = {"a": [{"b": f"http://u:{CANARY}@h"}, 1, None, True], "c": ("x",)}
    assert mask_all(value) == {"a": [{"b": "http://u:***@h"}, 1, None, True], "c": ["x"]}


def test_a_password_in_a_sweep_file_stays_out_of_all_that_is_kept_or_shown(load, good):
    config = load(
        good
        + f"store: postgresql+psycopg://ada:{CANARY}@db/runs\n"
        + f"artifacts: s3://key:{CANARY}@bucket\n"
        + f"tracking: {{mirror: 'http://ada:{CANARY}@mlflow:5000'}}\n"
        + f"executor: {{kind: ray, address: 'ray://x:{CANARY}@head:1'}}\n"
        + f"description: see https://{CANARY}@wiki/page\n"
    )
    assert config.store == f"postgresql+psycopg://ada:{CANARY}@db/runs"
    assert CANARY not in json.dumps(config.to_dict())
    assert config.to_dict()["store"] == "postgresql+psycopg://ada:***@db/runs"
    assert CANARY not in config.source
    assert "***" in config.source
    assert CANARY not in repr(config)


def test_a_password_stays_out_of_error_messages(complaints, good):
    found = complaints(good + f"store: [postgresql://ada:{CANARY}@db]\nstroe: x\n")
    assert len(found) == 2
    assert not any(CANARY in text for text in found)


def test_a_masked_config_still_reads_back():
    config = parse_config(
        {"metric": {"name": "loss"}, "parameters": {"a": 1}, "store": f"postgresql://u:{CANARY}@db/runs"}
    )
    assert parse_config(config.to_dict()).store == "postgresql://u:***@db/runs"
