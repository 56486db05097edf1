"""What a person types to find something: words that all have to occur, in any order and case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sweeper.errors import UsageError

MOST_WORDS = 100
SHORTEST = 6  #: characters of the end of an id: fewer occur in too many


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared. Raises UsageError for more than anybody types."""
    words = tuple(dict.fromkeys(text.casefold().split()))
    if len(words) > MOST_WORDS:
        raise UsageError(f"the search has {len(words):,} words; at most {MOST_WORDS} are looked for")
    return words


def meets(words: Sequence[str], texts: Iterable[str], run_id: str) -> bool:
    """Return whether each word is in one of ``texts``, or is the end of an id."""
    if not words:
        return True
    whole = "\n".join(texts).casefold()
    return all(word in whole or (len(word) >= SHORTEST and run_id.endswith(word)) for word in words)
