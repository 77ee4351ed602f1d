"""Who stands in for whom (代理) while somebody is marked away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import groupby, pairwise

from sqlalchemy import CTE, ColumnElement, Date, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from ..models import Person
from .concern import Day


@dataclass(frozen=True)
class Span:
    """Days, both ends included, on which one person stands in; None: nobody does."""

    first: date
    last: date
    stand_in: int | None


def stand_ins(session: Session, today: date) -> list[tuple[int, int]]:
    """Pairs of person ids: who is away on ``today``, and who stands in for them.

    A deputy who is away too, or whose account is closed, passes it on to their own deputy. Where that
    leads nowhere, or round in a circle, nobody stands in and the person is not among the pairs.
    """
    return [(away, there) for away, there in session.execute(_stand_ins(), {"today": today})]


@cache
def _stand_ins() -> Select[int, int]:
    """The statement, made once: that takes longer than to run it."""
    found = pairs(bindparam("today", type_=Date))
    return select(found.c.away, found.c.there).order_by(found.c.away)


def pairs(today: Day) -> CTE:
    """The same as a part of a statement, with columns ``away`` and ``there``; a circle ends where it began."""
    first, on, there = aliased(Person), aliased(Person), aliased(Person)
    named = select(first.id.label("away"), first.deputy_id.label("named"))
    chain = named.where(_away(first, today), first.disabled.is_(False)).cte("chain", recursive=True)
    passed_on = select(chain.c.away, on.deputy_id).join(on, on.id == chain.c.named)
    chain = chain.union(passed_on.where(or_(_away(on, today), on.disabled)))
    met = select(chain.c.away, there.id.label("there")).join(there, there.id == chain.c.named)
    return met.where(~func.coalesce(_away(there, today), False), there.disabled.is_(False)).cte("stand_in")


def _away(person: type[Person], first: Day, last: Day | None = None) -> ColumnElement[bool]:
    """Marked away on some day from ``first`` to ``last``, or on the first alone."""
    return and_(person.away_from <= (first if last is None else last), person.away_until >= first)


def spans(session: Session, person_id: int, first: date, last: date) -> list[Span]:
    """Who stands in for somebody who is marked away through these days, one span after the other."""
    not_there, end = _Absent(session, first, last), last + timedelta(days=1)
    starts = sorted({first, *(day for day in not_there.changes if first < day <= last)})
    found = [(_follow(person_id, not_there.on(day)), day, after) for day, after in pairwise([*starts, end])]
    alike = [(who, list(days)) for who, days in groupby(found, key=lambda span: span[0])]
    return [Span(days[0][1], days[-1][2] - timedelta(days=1), who) for who, days in alike]


class _Absent:
    """Who is not there on some day of a time, and whom they name as their deputy."""

    def __init__(self, session: Session, first: date, last: date) -> None:
        query = select(Person.id, Person.deputy_id, Person.disabled, Person.away_from, Person.away_until)
        gone = or_(_away(Person, first, last), Person.disabled)
        self.rows = session.execute(query.where(gone).order_by(Person.id)).all()

    @property
    def changes(self) -> set[date]:
        """The days on which somebody goes or is back."""
        gone = {row.away_from for row in self.rows if row.away_from}
        return gone | {row.away_until + timedelta(days=1) for row in self.rows if row.away_until}

    def on(self, day: date) -> dict[int, int | None]:
        """Each who is not there that day, with whom they name."""
        return {
            row.id: row.deputy_id
            for row in self.rows
            if row.disabled or (row.away_from and row.away_from <= day <= row.away_until)
        }


def _follow(person: int, not_there: Mapping[int, int | None]) -> int | None:
    """The first along the chain who is there; the map says whom each of the others names."""
    seen: set[int] = set()
    here: int | None = person
    while here is not None and here in not_there:
        if here in seen:
            return None
        seen.add(here)
        here = not_there[here]
    return here
