"""The table of rules stands in the documents as it stands in the code; stores are held to it by their conformance."""

from __future__ import annotations

from sweeper.store.rules import DOCUMENT, documented


def test_the_document_holds_the_table() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert text == documented(text), "run: python -m sweeper.store.rules"
    assert "| negative zero |" in text
