"""The cases that a question finds: those where more important parts say it first, then the newest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from ..db import dialect
from . import grams, index
from .grams import CONTENT, DESK, HEAD, REST, Word
from .query import Query, asked, every, some, token, written

LIMIT = 1000  # cases; of more only the newest are ranked

NEWEST = {
    "sqlite": "SELECT rowid AS id FROM search_index WHERE search_index MATCH :{q} ORDER BY rowid DESC LIMIT :n",
    # + 0: by what was found, never backwards through all cases until enough are met
    "postgresql": "SELECT case_id AS id FROM search_index WHERE grams @@ CAST(:{q} AS tsquery) "
    "ORDER BY case_id + 0 DESC LIMIT :n",
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
    queries = [every(rank, *filters.queries()) for rank in _ranks(words, REST + DESK if desk else REST)]
    ids = list(dict.fromkeys(found for rank in newest(session, queries, LIMIT + 1) for found in rank))
    return Found(ids[:LIMIT], len(ids) > LIMIT)


def named_so(session: Session, name: str, office_id: int, most: int) -> list[int]:
    """The newest cases of an office with this name at their head, among them those whose applicant has it."""
    words = grams.words(f'"{name.replace(chr(34), " ")}"')
    if not words:
        return []
    (found,) = newest(session, [every(asked(words, HEAD), token(index.office_token(office_id)))], most)
    return found


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


def newest(session: Session, queries: Sequence[Query], most: int) -> list[list[int]]:
    """The newest cases of each query, ``most`` at most.

    FTS5 goes through its matches from the newest on. PostgreSQL gathers all before it orders them, so there the
    newest two small blocks of cases are asked first, then two large ones, at last all.
    """
    if dialect() == "sqlite":
        return _asked(session, queries, most)
    last = session.execute(text("SELECT max(case_id) FROM search_index")).scalar() or 0
    found: list[list[int]] = [[] for _ in queries]
    left = list(range(len(queries)))
    for within in (*_newest_blocks(last), None):
        limited = [every(queries[i], within) if within else queries[i] for i in left]
        for i, ids in zip(left, _asked(session, limited, most), strict=True):
            found[i] = ids
        left = [i for i in left if len(found[i]) < most]
        if not left:
            break
    return found


def _newest_blocks(last: int) -> Iterator[Query]:
    """The newest two blocks of each size, where there are more."""
    for name, size in index.BLOCKS.items():
        newest_one = last // size
        if newest_one > 1:
            yield some(token(f"{name}{newest_one}"), token(f"{name}{newest_one - 1}"))


def _asked(session: Session, queries: Iterable[Query], most: int) -> list[list[int]]:
    """All queries in one statement."""
    database = dialect()
    told = [written(query, database) for query in queries]
    each = (f"({NEWEST[database].format(q=f'q{i}')})" for i in range(len(told)))
    parts = (f"SELECT {i} AS n, id FROM {one} AS s{i}" for i, one in enumerate(each))  # noqa: S608
    values = {f"q{i}": query for i, query in enumerate(told)} | {"n": most}
    found: list[list[int]] = [[] for _ in told]
    for n, case_id in session.execute(text(" UNION ALL ".join(parts)), values):
        found[n].append(case_id)
    return found
