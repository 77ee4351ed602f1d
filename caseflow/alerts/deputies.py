"""Who stands in for whom (代理) while somebody is marked away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ..models import Person


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
    not_there = _Absent(session, today, today)
    named = not_there.on(today)
    found = ((person, _follow(person, named)) for person in named if person not in not_there.closed)
    return [(person, deputy) for person, deputy in found if deputy is not None]


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
        away = Person.away_from.is_not(None) & (Person.away_from <= last) & (Person.away_until >= first)
        query = select(Person.id, Person.deputy_id, Person.disabled, Person.away_from, Person.away_until)
        self.rows = session.execute(query.where(or_(away, Person.disabled)).order_by(Person.id)).all()
        self.closed = {row.id for row in self.rows if row.disabled}

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
