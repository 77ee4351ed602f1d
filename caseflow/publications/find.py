"""What everybody may read of the published replies: found by words, by organ and year, the newest first.

Nothing here sees a version that doesn't stand public now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from sqlalchemy import ColumnElement, false, func, literal, select, tuple_, union_all
from sqlalchemy.orm import joinedload, selectinload

from ..db import db
from ..law.publishing import PUBLISHED, REPLACED
from ..models import Office, Publication, PublicationFile, PublicationGram
from ..search import grams
from . import index

PAGE = 20
MOST_WORDS = 5  # of a question
LARGEST = 2**53  # of an id, in an address
LONGEST, MOST_ASKED = 500, 60  # characters of what somebody is typing, and pairs of them, that are looked at
EXPECTED = 500  # rows that its rarest words may bring
CANDIDATES = 10  # replies that are looked at closely
ALIKE = 0.3  # of what is typed or of what a reply is about, by weight, whichever is less: from here on it is offered

PUBLIC = Publication.state == PUBLISHED


@dataclass(frozen=True)
class Filters:
    """What a list is limited to; None for no limit."""

    office: int | None = None
    year: int | None = None


@dataclass(frozen=True)
class Found:
    """One page of replies, and the key that leads to the next, "" where there is none."""

    replies: list[Publication]
    after: str
    total: int


def published(question: str, filters: Filters, after: str = "") -> Found:
    """The replies that say every word of a question, the newest first; ``after`` is the key of the page before."""
    clauses = [PUBLIC, *_says(question), *_limits(filters)]
    total = db.session.scalar(select(func.count(Publication.id)).where(*clauses)) or 0
    query = select(Publication).where(*clauses).options(joinedload(Publication.office))
    if key := _key(after):
        query = query.where(tuple_(Publication.published_on, Publication.id) < tuple_(*key))
    newest = Publication.published_on.desc(), Publication.id.desc()
    rows = list(db.session.scalars(query.order_by(*newest).limit(PAGE + 1)))
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Found(rows[:PAGE], f"{last.published_on}.{last.id}" if last else "", total)


def one(publication_id: int) -> Publication | None:
    """A reply with its files and its organ, or the version that stands in its place; None where nothing does."""
    files = selectinload(Publication.files).joinedload(PublicationFile.stored)
    same_case = select(Publication.case_id).where(
        Publication.id == publication_id, Publication.state.in_((PUBLISHED, REPLACED))
    )
    query = select(Publication).where(PUBLIC, Publication.case_id == same_case.scalar_subquery())
    return db.session.scalars(query.options(joinedload(Publication.office), files)).unique().one_or_none()


def file_of(publication_id: int, n: int) -> PublicationFile | None:
    """A file of a reply that stands public; None where there is none."""
    query = select(PublicationFile).join(Publication, Publication.id == PublicationFile.publication_id)
    return db.session.scalar(query.where(PUBLIC, Publication.id == publication_id, PublicationFile.n == n))


def choices() -> tuple[list[tuple[int, str]], list[int]]:
    """The organs that have published something, and the years in which, the newest first."""
    organs = select(Publication.office_id).where(PUBLIC)
    offices = select(Office.id, Office.name).where(Office.id.in_(organs)).order_by(Office.code)
    ends = select(func.min(Publication.published_on), func.max(Publication.published_on)).where(PUBLIC)
    first, last = db.session.execute(ends).one()
    years = list(range(last.year, first.year - 1, -1)) if first and last else []
    return [(key, name) for key, name in db.session.execute(offices)], years


def matching(text: str, limit: int = 3) -> list[Publication]:
    """The published replies most like what somebody is typing; three queries, none while it is too short.

    A rare pair of characters weighs more than a common one, as in ``search.similar``.
    """
    pairs = [*dict.fromkeys(grams.tokens("", text[:LONGEST]))][:MOST_ASKED]
    if len(pairs) < 2:
        return []
    asked, common = set(pairs), _how_common(pairs)
    candidates = _candidates(_rarest(common))
    if not candidates:
        return []
    rows = (
        select(Publication)
        .where(PUBLIC, Publication.id.in_(candidates))
        .options(joinedload(Publication.office))
    )
    alike = [
        (_alike(asked, index.pairs_of(row.title, row.question), common), row.id, row)
        for row in db.session.scalars(rows)
    ]
    return [row for weight, _, row in sorted(alike, reverse=True) if weight >= ALIKE][:limit]


def _how_common(pairs: Sequence[str]) -> dict[str, int]:
    """In how many versions each of them is, those in none left out; beyond EXPECTED it is not counted on."""
    each = []
    for gram in pairs:
        some = select(PublicationGram.gram).where(PublicationGram.gram == gram).limit(EXPECTED + 1).subquery()
        each.append(select(literal(gram), func.count()).select_from(some))
    return {gram: number for gram, number in db.session.execute(union_all(*each)) if number}


def _rarest(common: Mapping[str, int]) -> list[str]:
    """Of what is said somewhere the rarest, until so many rows are to be expected; one at least."""
    ordered = sorted(common, key=lambda gram: (common[gram], gram))
    sums = accumulate(common[gram] for gram in ordered)
    return [
        gram for n, (gram, rows) in enumerate(zip(ordered, sums, strict=True)) if not n or rows <= EXPECTED
    ]


def _candidates(rarest: Sequence[str]) -> list[int]:
    """The public replies that say most of them."""
    of, most = PublicationGram.publication_id, func.count().desc()
    query = select(of).join(Publication, Publication.id == of).where(PUBLIC, PublicationGram.gram.in_(rarest))
    return list(db.session.scalars(query.group_by(of).order_by(most, of.desc()).limit(CANDIDATES)))


def _alike(asked: set[str], about: set[str], common: Mapping[str, int]) -> float:
    """How much of the lesser of the two the other says, by weight."""

    def weight(held: set[str]) -> float:
        return sum(1 / (1 + common.get(gram, 1)) for gram in held)

    return weight(asked & about) / max(min(weight(asked), weight(about)), 1e-9)


# -- what a list is limited to ------------------------------------------------------------------


def _says(question: str) -> Iterator[ColumnElement[bool]]:
    """That a reply is found by every word of a question; one without a word finds nothing, an empty one limits nothing."""
    words = grams.words(question)[:MOST_WORDS]
    if question.strip() and not words:
        yield false()
    for gram in dict.fromkeys(gram for word in words for gram in index.asked(word)):
        yield Publication.id.in_(select(PublicationGram.publication_id).where(PublicationGram.gram == gram))


def _limits(filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.office is not None:
        yield Publication.office_id == filters.office
    if filters.year is not None:
        yield Publication.published_on.between(date(filters.year, 1, 1), date(filters.year, 12, 31))


def _key(after: str) -> tuple[date, int] | None:
    """The key of the last reply of a page; None for anything that is none."""
    on, _, number = after.partition(".")
    try:
        return date.fromisoformat(on), min(int(number), LARGEST)
    except ValueError:
        return None
