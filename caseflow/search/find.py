"""The cases that a question finds: those where more important parts say it first, then the newest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ..db import dialect
from . import grams, index
from .grams import CONTENT, DESK, HEAD, REST, Word
from .query import Query, asked, every, some, token, written

LIMIT = 1000  # cases; of more only the newest are ranked

NEWEST = {
    "sqlite": "SELECT rowid AS id FROM search_index WHERE search_index MATCH :{q} ORDER BY rowid DESC LIMIT :{n}",
    # + 0: by what was found, never backwards through all cases until enough are met
    "postgresql": "SELECT case_id AS id FROM search_index WHERE grams @@ (CAST(:{q} AS tsquery){within}) "
    "ORDER BY case_id + 0 DESC LIMIT :{n}",
}


@dataclass(frozen=True)
class Filters:
    """What a question is limited to; None for no limit, and no office for all offices."""

    offices: tuple[int, ...] = ()
    year: int | None = None  # of registration
    result: str | None = None  # "" for none yet
    applicant_class: str | None = None

    def queries(self) -> list[Query]:
        """As parts of a query."""
        found: list[Query] = []
        if self.offices:
            found.append(some(*(token(index.office_token(office_id)) for office_id in self.offices)))
        if self.year is not None:
            found.append(token(index.year_token(self.year)))
        if self.result is not None:
            found.append(token(index.result_token(self.result)))
        if self.applicant_class is not None:
            found.append(token(index.class_token(self.applicant_class)))
        return found


@dataclass(frozen=True)
class Found:
    """The ids of cases, best first; where there are ``more`` than LIMIT, the newest of them."""

    ids: list[int]
    more: bool = False


def find(session: Session, words: Sequence[Word], filters: Filters, desk: bool) -> Found:
    """The cases in which every word is said; what is for the ``desk`` alone is looked at for it alone."""
    if not words:
        return Found([])
    ranks = _ranks(words, REST + DESK if desk else REST)
    queries = [(every(rank, *filters.queries()), LIMIT + 1) for rank in ranks]
    ids = list(dict.fromkeys(found for rank in newest(session, queries) for found in rank))
    return Found(ids[:LIMIT], len(ids) > LIMIT)


def named(name: str, office_id: int) -> Query | None:
    """The cases of an office with this name at their head, among them those whose applicant has it."""
    words = grams.words(f'"{name.replace(chr(34), " ")}"')
    return every(asked(words, HEAD), token(index.office_token(office_id))) if words else None


def _ranks(words: Sequence[Word], rest: str) -> tuple[Query, ...]:
    """Every word in the number or the names of a case; there or in what it asks for; one of them in the ``rest``.

    A single word is asked for in each apart, and several in the rest only where one of them stands there: where no
    case says it, nothing has to be gone through.
    """
    if len(words) == 1:
        return asked(words, HEAD), asked(words, CONTENT), asked(words, rest)
    main = HEAD + CONTENT
    further = some(*(asked([word], rest) for word in words))
    return asked(words, HEAD), asked(words, main), every(further, asked(words, main + rest))


def newest(session: Session, queries: Sequence[tuple[Query, int]]) -> list[list[int]]:
    """The newest cases of each query, so many at most as stand with it.

    FTS5 goes through its matches from the newest on. PostgreSQL gathers all before it orders them, so there the
    newest two small blocks of cases are asked first, then two large ones, at last all.
    """
    found: list[list[int]] = [[] for _ in queries]
    left = list(range(len(queries)))
    for block in (None,) if dialect() == "sqlite" else (*index.BLOCKS.items(), None):
        ids, last = _asked(session, [queries[i] for i in left], block)
        for i, one in zip(left, ids, strict=True):
            found[i] = one
        left = [i for i in left if len(found[i]) < queries[i][1]]
        if not left or block is None or last < 2 * block[1]:  # two blocks hold all there is
            break
    return found


# The newest two blocks of a size
WITHIN = (
    " && (SELECT CAST(format('{name}%s | {name}%s', b, greatest(b - 1, 0)) AS tsquery)"
    " FROM (SELECT coalesce(max(case_id), 0) / {size} AS b FROM search_index) AS newest)"
)


def _asked(
    session: Session, queries: Sequence[tuple[Query, int]], block: tuple[str, int] | None
) -> tuple[list[list[int]], int]:
    """All queries in one statement, within the newest two blocks of a size; with them the newest case there is."""
    within = WITHIN.format(name=block[0], size=block[1]) if block else ""
    each = (f"({NEWEST[dialect()].format(q=f'q{i}', n=f'n{i}', within=within)})" for i in range(len(queries)))
    parts = [f"SELECT {i} AS n, id FROM {one} AS s{i}" for i, one in enumerate(each)]  # noqa: S608
    if block:
        parts.append("SELECT -1, max(case_id) FROM search_index")
    values: dict[str, Any] = {f"q{i}": written(query, dialect()) for i, (query, _) in enumerate(queries)}
    values |= {f"n{i}": most for i, (_, most) in enumerate(queries)}
    found: dict[int, list[int]] = {i: [] for i in range(-1, len(queries))}
    for n, case_id in session.execute(text(" UNION ALL ".join(parts)), values):
        found[n].append(case_id)
    (last,) = found.pop(-1) or (0,)
    return list(found.values()), last or 0
