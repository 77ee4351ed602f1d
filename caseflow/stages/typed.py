"""录入: taking over the year table of an office that doesn't work here; every version is kept, the newest holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..db import transaction
from ..law import published
from ..law.published import Figures
from ..models import Office, Person, TypedTable
from . import offices
from .errors import Forbidden, NotFound, Refused

TAKERS = ("lead", "supervisor")  # of an office above


@dataclass(frozen=True)
class Typist:
    """Who takes a table over, and when."""

    person_id: int
    now: datetime


@dataclass(frozen=True)
class Source:
    """The file that a table was read from."""

    name: str
    sha256: str


def take(
    who: Typist, office_id: int, year: int, figures: Figures, source: Source, zeros: bool = False,
    other_year: bool = False,
) -> int:  # fmt: skip
    """Let a table stand as it was read, with its faults; its blanks are 0 only with ``zeros``, and that is kept.

    A file that says it is of another year is taken only with ``other_year``. Returns its version. Raises NotFound
    for an office that isn't under theirs, Forbidden for another role, Refused for another year.
    """
    if figures.year not in (None, year) and not other_year:
        raise Refused(f"文件上写的是 {figures.year} 年，不是 {year} 年；核实确是 {year} 年的表，勾选后再录入")
    with transaction() as session:
        office = _beneath(session, who, office_id)
        kept = published.with_zeros(figures) if zeros else figures
        row = TypedTable(
            office_id=office.id, year=year, version=_next(session, office.id, year), edition=figures.edition,
            figures=published.as_json(kept), zeroed=zeros and bool(figures.blanks), name=source.name,
            sha256=source.sha256, taken_by=who.person_id, taken_at=who.now,
        )  # fmt: skip
        session.add(row)
        return row.version


def withdraw(who: Typist, office_id: int, year: int) -> None:
    """Let no typed table stand for this office and year; what stood is kept as it was.

    Raises NotFound for an office that isn't under theirs, Forbidden for another role, Refused where none stands.
    """
    with transaction() as session:
        office = _beneath(session, who, office_id)
        standing = newest(session, office.id, year)
        if standing is None or standing.figures is None:
            raise Refused("这一年没有录入的表，或者已经撤下")
        session.add(
            TypedTable(
                office_id=office.id, year=year, version=standing.version + 1, edition=standing.edition,
                figures=None, name="", taken_by=who.person_id, taken_at=who.now,
            )
        )  # fmt: skip


def newest(session: Session, office_id: int, year: int) -> TypedTable | None:
    """The version that holds, a withdrawal too; None where there was none."""
    query = select(TypedTable).where(TypedTable.office_id == office_id, TypedTable.year == year)
    return session.scalar(query.order_by(TypedTable.version.desc()).limit(1))


def _next(session: Session, office_id: int, year: int) -> int:
    query = select(func.max(TypedTable.version)).where(
        TypedTable.office_id == office_id, TypedTable.year == year
    )
    return (session.scalar(query) or 0) + 1


def _beneath(session: Session, who: Typist, office_id: int) -> Office:
    """The office, held until the end of the transaction, if it stands under this person's own."""
    person = session.get_one(Person, who.person_id)
    office = session.get(Office, office_id, with_for_update=True)
    if person.role not in TAKERS:
        raise Forbidden()
    if office is None or not offices.stands_under(session, office, person.office_id):
        raise NotFound()
    return office
