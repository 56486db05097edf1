"""What a person types to find something: words that all have to occur, in any order and case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

SHORTEST = 6  #: characters of the end of an id: fewer occur in too many


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared."""
    return tuple(text.casefold().split())


def meets(words: Sequence[str], texts: Iterable[str], run_id: str) -> bool:
    """Return whether each word is in one of ``texts``, or is the end of an id."""
    if not words:
        return True
    whole = "\n".join(texts).casefold()
    return all(word in whole or (len(word) >= SHORTEST and run_id.endswith(word)) for word in words)
