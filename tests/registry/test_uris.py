"""``models:/`` and ``runs:/``, read as MLflow reads them."""

from __future__ import annotations

import pytest

from sweeper.errors import UsageError
from sweeper.registry.uris import LoggedUri, ModelUri, RunUri, parse_uri


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("models:/digits/3", ModelUri("digits", number=3)),
        ("models:/my model/12", ModelUri("my model", number=12)),
        ("models:/digits@champion", ModelUri("digits", alias="champion")),
        ("models:/a@b@champion", ModelUri("a@b", alias="champion")),
        ("models:/digits/production", ModelUri("digits", stage="Production")),
        ("models:/digits/None", ModelUri("digits", stage="None")),
        ("models:/digits/Latest", ModelUri("digits")),
        ("models:/digits@latest", ModelUri("digits")),
        (f"models:/m-{'0a' * 16}", LoggedUri(f"m-{'0a' * 16}")),
        ("runs:/abc/model", RunUri("abc", "model")),
        ("runs:/abc/a/b/", RunUri("abc", "a/b")),
    ],
)
def test_every_form_is_read(text: str, expected: ModelUri | RunUri | LoggedUri) -> None:
    assert parse_uri(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "digits", "models:", "models:/", "models:/digits", "models:/digits/", "models:/digits/3/x",
        "models:/digits/prod", "models:/digits@", "models:/digits@a b", "models:/@champion", "runs:/", "runs:/abc",
        "runs:/abc/", "s3://a/b",
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(UsageError, match=r"models:/|stage|alias|model name"):
        parse_uri(text)


@pytest.mark.parametrize("path", ["../runs.db", "model/../model", "./model", "a//b", "../../etc/passwd", "a\\b"])
def test_no_path_leads_out_of_a_run_or_around_its_checksum(path: str) -> None:
    with pytest.raises(UsageError, match="artifact path"):
        parse_uri(f"runs:/abc/{path}")
