"""The years whose report an office has signed: what is recorded afterwards counts later (``law.counting``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..models import Office, SignedYear


def years(session: Session, office_id: int) -> frozenset[int]:
    """The signed years of an office; until the transaction ends no other is signed."""
    return years_of(session, [office_id])[office_id]


def years_of(session: Session, office_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """The same of several offices."""
    ids = sorted({*office_ids})
    session.execute(
        select(Office.id).where(Office.id.in_(ids)).order_by(Office.id).with_for_update(read=True)
    )
    return known(session, ids)


def known(session: Session, office_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """The signed years as they stand now, held by nothing: for a page."""
    query = select(SignedYear.office_id, SignedYear.year).where(SignedYear.office_id.in_([*office_ids]))
    found: defaultdict[int, set[int]] = defaultdict(set)
    for office_id, year in session.execute(query):
        found[office_id].add(year)
    return {office_id: frozenset(found[office_id]) for office_id in office_ids}
