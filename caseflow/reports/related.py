"""The cases that one belongs together with: of the same form, 重新答复, and what another organ registered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from ..law.casefile import SPLIT
from ..models import Case, CaseLink, Office


@dataclass(frozen=True)
class Related:
    """What is told of the other case: its number, organ and day, nothing personal."""

    kind: str
    told_here: bool  # whether the case at hand tells of it; else the other one does
    id: int
    number: str
    office_id: int
    office: str
    day: date  # of its legal receipt, else of its registration
    closed: date | None


def related(session: Session, case_id: int) -> list[Related]:
    """All of one case, in the order they were registered; of those split from one form, the first links to
    all others, and each finds the others through it."""
    first = aliased(CaseLink)
    from_first = select(first.case_id).where(first.other_id == case_id, first.kind == SPLIT)
    mine = or_(
        and_(CaseLink.case_id == case_id, Case.id == CaseLink.other_id),
        and_(CaseLink.other_id == case_id, Case.id == CaseLink.case_id),
        and_(CaseLink.kind == SPLIT, CaseLink.case_id.in_(from_first), Case.id == CaseLink.other_id),
    )
    columns = Case.id, Case.number, Case.office_id, Case.received_on, Case.registered_on, Case.closed_on
    query = (
        select(CaseLink.kind, CaseLink.other_id, Office.name, *columns)
        .select_from(CaseLink)
        .join(Case, mine)
        .join(Office, Office.id == Case.office_id)
        .where(Case.id != case_id)
        .order_by(Case.id)
    )
    return [
        Related(
            kind=row.kind, told_here=row.other_id == case_id, id=row.id, number=row.number, office_id=row.office_id,
            office=row.name, day=row.received_on or row.registered_on, closed=row.closed_on,
        )
        for row in session.execute(query)
    ]  # fmt: skip
