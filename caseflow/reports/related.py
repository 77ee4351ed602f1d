"""The cases that one belongs together with: of the same form, 重新答复, and what another organ registered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Select, and_, bindparam, or_, select
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
    return [
        Related(
            kind=row.kind, told_here=row.other_id == case_id, id=row.id, number=row.number, office_id=row.office_id,
            office=row.name, day=row.received_on or row.registered_on, closed=row.closed_on,
        )
        for row in session.execute(_related(), {"case": case_id})
    ]  # fmt: skip


@cache  # asked by every page and act of a case; made once, which takes longer than to ask it
def _related() -> Select[*tuple[Any, ...]]:
    this = bindparam("case", type_=BigInteger)
    first = aliased(CaseLink)
    from_first = select(first.case_id).where(first.other_id == this, first.kind == SPLIT)
    mine = or_(
        and_(CaseLink.case_id == this, Case.id == CaseLink.other_id),
        and_(CaseLink.other_id == this, Case.id == CaseLink.case_id),
        and_(CaseLink.kind == SPLIT, CaseLink.case_id.in_(from_first), Case.id == CaseLink.other_id),
    )
    columns = Case.id, Case.number, Case.office_id, Case.received_on, Case.registered_on, Case.closed_on
    return (
        select(CaseLink.kind, CaseLink.other_id, Office.name, *columns)
        .select_from(CaseLink)
        .join(Case, mine)
        .join(Office, Office.id == Case.office_id)
        .where(Case.id != this)
        .order_by(Case.id)
    )
