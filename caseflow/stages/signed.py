"""The years whose report an office has signed: what is recorded afterwards counts later (``law.counting``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..law.counting import Signed
from ..models import Office, SignedYear


def years(session: Session, office_id: int) -> Signed:
    """The signed years of an office; until the transaction ends no other is signed."""
    return years_of(session, [office_id])[office_id]


def years_of(session: Session, office_ids: Iterable[int]) -> Mapping[int, Signed]:
    """The same of several offices."""
    ids = sorted({*office_ids})
    session.execute(
        select(Office.id).where(Office.id.in_(ids)).order_by(Office.id).with_for_update(read=True)
    )
    return known(session, ids)


def known(session: Session, office_ids: Iterable[int]) -> Mapping[int, Signed]:
    """The signed years as they stand now, held by nothing: for a page."""
    ids = [*office_ids]
    ends = select(SignedYear.office_id, func.min(SignedYear.year), func.max(SignedYear.year))
    found = session.execute(ends.where(SignedYear.office_id.in_(ids)).group_by(SignedYear.office_id))
    spans = {office_id: Signed(first, last) for office_id, first, last in found}
    return {office_id: spans.get(office_id, Signed()) for office_id in ids}
