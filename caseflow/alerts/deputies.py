"""Who stands in for whom (代理) while somebody is marked away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ..models import Person


def stand_ins(session: Session, today: date) -> list[tuple[int, int]]:
    """Pairs of person ids: who is away on ``today``, and who stands in for them.

    A deputy who is away too, or whose account is closed, passes it on to their own deputy. Where that
    leads nowhere, or round in a circle, nobody stands in and the person is not among the pairs.
    """
    away = Person.away_from.is_not(None) & (Person.away_from <= today) & (Person.away_until >= today)
    query = select(Person.id, Person.deputy_id, Person.disabled).where(or_(away, Person.disabled))
    rows = session.execute(query.order_by(Person.id)).all()
    not_there = {row.id: row.deputy_id for row in rows}
    found = ((row.id, _follow(row.id, not_there)) for row in rows if not row.disabled)
    return [(person, deputy) for person, deputy in found if deputy is not None]


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
