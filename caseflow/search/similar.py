"""Requests that ask for the same: candidates by the rarest pairs of characters, then weighed in full.

How rare a pair is, an even sample of all requests tells, the same on both databases; each process keeps its own.
"""

from __future__ import annotations

import math
import re
from bisect import bisect
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations
from os.path import commonprefix
from typing import Any

from sqlalchemy import BigInteger, Select, func, literal, select
from sqlalchemy.orm import Session

from ..db import extension_state
from ..models import Case, Particulars
from . import grams, index
from .grams import CONTENT, RUN, normal
from .query import Query, every, some, token

SAMPLE = 2000  # requests that tell how common a pair of characters is
GROWN = 1.2  # times as many requests: a new sample is taken
EXPECTED = 1000  # requests that the terms asked for should be in, by the sample
UNSEEN = 0.1  # requests of the sample, for what none of them has
RAREST = (
    8  # terms that are asked for, of those that the sample has, and twice as many of those that it hasn't
)
TOGETHER = 3  # of them, asked for all at once
STRANGERS = (
    200  # requests that share nothing, thought of beside the sample: of eleven alike no word is common
)
SIMILAR = 0.34  # from here on a request is shown as similar; measured in tests/search/test_similar.py
SHORTEST = 2  # characters of a shared piece that is pointed out
MOST_PIECES = 20  # shared pieces that are pointed out, the longest

PARTICLES = "的和与及对在"  # say nothing at either end of a piece

# 文号 as it is typed, once normal: 狮建〔2020〕58号. Every repetition is bounded: whatever stands there is read in one go
NUMBER = re.compile(
    r"([\u4e00-\u9fff]{2,12})\s{0,9}[〔\[(【]\s{0,9}(\d{4})\s{0,9}[〕\])】]\s{0,9}(?:第\s{0,9})?(\d{1,10})\s{0,9}号"
)

Numbers = dict[tuple[str, str, str], str]  # by year, number and the end of what stands before: all of that


def terms(text: str) -> set[str]:
    """What a text is compared by: every two neighbouring 汉字, other words whole."""
    found: set[str] = set()
    for han, word in RUN.findall(normal(text)):
        found |= {han[i : i + 2] for i in range(len(han) - 1)} or {han} if han else {word}
    return found


def numbers(text: str) -> Numbers:
    """The 文号 that a text names, whatever their brackets and noughts."""
    found: Numbers = {}
    for word, year, n in NUMBER.findall(normal(text)):
        found.setdefault((year, n.lstrip("0"), word[-SHORTEST:]), word)
    return found


def same_number(one: Numbers, other: Numbers) -> str:
    """A 文号 that both texts name; "" where there is none."""
    for key in other:
        if key in one:  # what stands before a 文号 may run into it
            both = commonprefix([other[key][::-1], one[key][::-1]])[::-1]  # noqa: RUF071
            return f"{both}〔{key[0]}〕{key[1]}号"
    return ""


@dataclass(frozen=True)
class Weights:
    """How much a term weighs: more the fewer of the sampled requests have it."""

    bits: Mapping[str, int]  # by term: a bit for each request of the sample that has it
    squares: Mapping[str, float]  # by term: its weight, squared
    unknown: float  # the same of a term that none of the sample has
    size: int  # of the sample
    total: int  # requests in all
    offices: Mapping[int, int]  # by office: the same for its requests

    def expected(self, terms: Collection[str], office_id: int) -> float:
        """How many requests of an office have all of these terms, by the sample."""
        held = self.offices.get(office_id, 0)
        for term in terms:
            held &= self.bits.get(term, 0)
        return max(held.bit_count(), UNSEEN) * self.total / max(self.size, 1)

    def likeness(self, one: Collection[str], other: Collection[str]) -> float:
        """How much two requests have in common: 0 nothing, 1 all (the cosine of their weights)."""
        whole = math.sqrt(self._sum(one) * self._sum(other))
        return self._sum(set(one) & set(other)) / whole if whole else 0.0

    def _sum(self, held: Collection[str]) -> float:
        return sum(self.squares.get(term, self.unknown) for term in held)


def weigh(requests: Sequence[tuple[str, int]], total: int) -> Weights:
    """The weights by a sample (what is asked for, office) of so many requests."""
    bits: dict[str, int] = {}
    offices: dict[int, int] = {}
    for place, (content, office_id) in enumerate(requests):
        offices[office_id] = offices.get(office_id, 0) | 1 << place
        for term in terms(content):
            bits[term] = bits.get(term, 0) | 1 << place
    size = len(requests)
    squares = {term: _weight(size, held.bit_count()) ** 2 for term, held in bits.items()}
    return Weights(bits, squares, _weight(size, 0) ** 2, size, total, offices)


def _weight(size: int, having: int) -> float:
    return math.log((size + STRANGERS + 1) / (having + 1))


def weights(session: Session) -> Weights:
    """The weights that this process goes by."""
    kept: dict[str, Weights] = extension_state("similar", {})
    if "weights" not in kept:
        rows = session.execute(_sample()).all()
        kept["weights"] = weigh([(row.content, row.office_id) for row in rows], rows[0].total if rows else 0)
    return kept["weights"]


def noticed(case_id: int) -> None:
    """A case was seen: where there are many more than when the sample was taken, the next to ask takes a new one."""
    kept: dict[str, Weights] = extension_state("similar", {})
    if case_id > kept["weights"].total * GROWN:
        del kept["weights"]


def _sample() -> Select[Any]:
    """Requests in even steps from the first id to the last, found by their keys; and how many ids there are."""
    total = select(func.max(Case.id)).scalar_subquery()
    step = total // SAMPLE + 1
    ids = select(literal(1, BigInteger).label("id"), total.label("total"), step.label("step")).cte(
        recursive=True
    )
    further = select(ids.c.id + ids.c.step, ids.c.total, ids.c.step).where(
        ids.c.id + ids.c.step <= ids.c.total
    )
    ids = ids.union_all(further)
    query = (
        select(Particulars.content, Case.office_id, ids.c.total)
        .select_from(ids)
        .join(Case, Case.id == ids.c.id)
    )
    return query.join(Particulars, Particulars.id == Case.particulars_id)


def candidates(text: str, office_id: int, scale: Weights) -> list[Query]:
    """What finds the cases of an office that may be like a text: with several of its rarest terms, with one of them."""
    held = sorted(terms(text), key=lambda term: (scale.bits.get(term, 0).bit_count(), term))
    seen = [term for term in held if term in scale.bits][:RAREST]
    asked = [*[term for term in held if term not in scale.bits][: 2 * RAREST], *seen]
    if not asked:
        return []
    within = token(index.office_token(office_id))
    either = some(*(every(*map(_token, some_)) for some_ in _chosen(asked, seen, office_id, scale)))
    together = [every(within, *map(_token, seen[::2][:TOGETHER]))] if len(seen) > 2 else []
    return [*together, every(within, either)]


def _chosen(
    asked: Sequence[str], seen: Sequence[str], office_id: int, scale: Weights
) -> Iterator[tuple[str, ...]]:
    """The rarest terms, until enough requests are to be expected; where each is in too many, the rarest two together."""
    alone = sorted((scale.expected([term], office_id), term) for term in asked)
    rare = [
        term
        for (_, term), sum_ in zip(alone, accumulate(e for e, _ in alone), strict=True)
        if sum_ <= EXPECTED
    ]
    yield from ((term,) for term in rare)
    if not rare or not set(rare) & set(seen):
        yield min(
            combinations(seen, 2),
            key=lambda two: scale.expected(two, office_id),
            default=tuple(seen) or (asked[0],),
        )


def _token(term: str) -> Query:
    return token(grams.tokens(CONTENT, term)[0])


def shared(one: str, other: str) -> list[str]:
    """The pieces of a text that the other says too, the longest MOST_PIECES, longest first."""
    plain, known = normal(other), terms(other)
    pieces: list[str] = []
    for han, word in RUN.findall(normal(one)):
        pieces += _pieces(han, plain, known) if han else [word] if word in known else []
    said = (piece.strip(PARTICLES) for piece in pieces)
    told = dict.fromkeys(piece for piece in said if len(piece) >= SHORTEST)
    return sorted(told, key=len, reverse=True)[:MOST_PIECES]


def _pieces(run: str, other: str, known: Collection[str]) -> Iterator[str]:
    start = 0
    while start + SHORTEST <= len(run):
        if run[start : start + SHORTEST] not in known:
            start += 1
            continue
        # where the other says a piece, it says every beginning of it
        ends = range(start + SHORTEST, len(run) + 1)
        end = ends[bisect(ends, False, key=lambda end: run[start:end] not in other) - 1]
        yield run[start:end]
        start = end
