"""What the pages ask of a SQLite file."""

from __future__ import annotations

from .page_cases import PageCases


class TestPages(PageCases):
    pass
