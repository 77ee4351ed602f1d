"""A question as either database takes it: phrases, all of some, any of some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .grams import Word


@dataclass(frozen=True)
class Phrase:
    """Tokens side by side; where it ``begins`` another, the last is only the beginning of a token."""

    tokens: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True)
class All:
    """Every one of these."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Any:
    """At least one of these."""

    parts: tuple[Query, ...]


Query = Phrase | All | Any


def every(*parts: Query) -> Query:
    """All of these; one alone is itself."""
    return parts[0] if len(parts) == 1 else All(parts)


def some(*parts: Query) -> Query:
    """At least one of these; one alone is itself."""
    return parts[0] if len(parts) == 1 else Any(parts)


def token(text: str) -> Phrase:
    """One token."""
    return Phrase((text,))


def asked(words: Sequence[Word], parts: str) -> Query:
    """Every word, each in any of the parts of a case."""
    return every(*(some(*(Phrase(tuple(word.tokens(p)), word.begins) for p in parts)) for word in words))


def written(query: Query, database: str) -> str:
    """The query in the language of ``sqlite`` (FTS5) or ``postgresql`` (tsquery). Tokens are letters and digits only."""
    if isinstance(query, Phrase):
        return _tsquery(query) if database == "postgresql" else _fts5(query)
    both, either = ("&", "|") if database == "postgresql" else ("AND", "OR")
    between = f" {both if isinstance(query, All) else either} "
    return f"({between.join(written(part, database) for part in query.parts)})"


def _fts5(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.tokens)}"' + (" *" if phrase.begins else "")


def _tsquery(phrase: Phrase) -> str:
    side_by_side = " <-> ".join(f"'{text}'" for text in phrase.tokens)
    return f"({side_by_side}{':*' if phrase.begins else ''})"
