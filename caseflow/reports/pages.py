"""Keyset pages of cases in the order of registration: a case that moves is neither missed nor doubled."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from ..db import db
from ..models import Case

PAGE = 50

Clause = ColumnElement[bool]


@dataclass(frozen=True)
class CasePage:
    """One page of cases with their particulars, and the ids that lead to its neighbours."""

    cases: list[Case]
    first: int  # 1-based place of the first case
    total: int
    before: int | None
    after: int | None

    @property
    def words(self) -> str:
        """第 1–50 件，共 87 件."""
        return f"第 {self.first}–{self.first + len(self.cases) - 1} 件，共 {self.total} 件"


def case_page(clauses: list[Clause], after: int = 0, before: int = 0, size: int = PAGE) -> CasePage:
    """The cases after (or before) an id, ``size`` at most."""
    ids = select(Case.id).where(*clauses).limit(size)
    if before:
        ids = ids.where(Case.id < before).order_by(Case.id.desc())
    else:
        ids = ids.where(Case.id > after).order_by(Case.id)
    # which ones is found first: what stands in them isn't carried through a sort of thousands
    chosen = ids.subquery()
    query = select(Case).join(chosen, chosen.c.id == Case.id).options(joinedload(Case.particulars))
    found = list(db.session.scalars(query.order_by(Case.id)))
    if not found and (after or before):
        return case_page(clauses, size=size)  # what stood there has moved: begin anew
    total = how_many(clauses)
    earlier = how_many([*clauses, Case.id < found[0].id]) if found else 0
    later = total - earlier - len(found)
    return CasePage(
        found, earlier + 1, total, found[0].id if earlier else None, found[-1].id if later > 0 else None
    )


def how_many(clauses: list[Clause]) -> int:
    """How many cases."""
    return db.session.scalar(select(func.count(Case.id)).where(*clauses)) or 0
