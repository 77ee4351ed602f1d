"""Typed tables (含录入数据): which offices of a tree have one that stands in a year's roll-up, and which don't need it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import ColumnElement, exists, func, or_, select

from ..db import db
from ..law import published
from ..law.published import Figures, Finding
from ..law.year_table import GROUPS, group_rows
from ..models import Case, Office, Person, ProceedingRow, TypedTable
from .cells import Cell, in_table4


@dataclass(frozen=True)
class Typed:
    """One office's typed table of a year, as it holds."""

    office: Office
    row: TypedTable
    by: str  # the name of who took it over
    own: bool  # the office has a case or a proceeding of its own in some cell of the year

    @cached_property
    def figures(self) -> Figures:
        """What was read."""
        return published.from_json(self.row.edition, self.row.figures or {})

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Its faults."""
        return published.check(self.figures)

    @property
    def blanks(self) -> int:
        """Cells without a number."""
        return len(self.figures.blanks)

    @property
    def wrong(self) -> int:
        """Identities' faults, blanks apart."""
        return sum(finding.kind == published.WRONG for finding in self.findings)

    def part(self, where: Cell) -> int:
        """How much of a cell was typed from this table; of the figures beside the tables nothing is."""
        if not where.table:
            return 0
        rows = [r.key for r in group_rows(where.row, where.edition)] if where.row in GROUPS else [where.row]
        return sum(published.part(self.figures, row, where.column, where.edition) for row in rows)


@dataclass(frozen=True)
class RollUp:
    """The typed tables of a year's roll-up: those added, and those set aside because the office has cases."""

    counted: tuple[Typed, ...]
    aside: tuple[Typed, ...]


def roll_up(office_ids: Iterable[int], year: int) -> RollUp:
    """The typed tables of these offices that hold, by the code of the office."""
    found = standing(office_ids, year)
    return RollUp(tuple(t for t in found if not t.own), tuple(t for t in found if t.own))


def standing(office_ids: Iterable[int], year: int) -> list[Typed]:
    """The newest version of each office, withdrawn ones left out."""
    newest = (
        select(TypedTable.office_id, func.max(TypedTable.version).label("version"))
        .where(TypedTable.year == year, TypedTable.office_id.in_(list(office_ids)))
        .group_by(TypedTable.office_id)
        .subquery()
    )
    query = (
        select(Office, TypedTable, Person.name, or_(*_own(year)))
        .join(Office, Office.id == TypedTable.office_id)
        .join(Person, Person.id == TypedTable.taken_by)
        .join(newest, (newest.c.office_id == TypedTable.office_id) & (newest.c.version == TypedTable.version))
        .where(TypedTable.year == year, TypedTable.figures.is_not(None))
        .order_by(Office.code)
    )
    return [Typed(office, row, by, bool(own)) for office, row, by, own in db.session.execute(query)]


def versions(office_id: int, year: int) -> list[tuple[TypedTable, str]]:
    """Every version, withdrawals too, with who made it; the newest first."""
    query = select(TypedTable, Person.name).join(Person, Person.id == TypedTable.taken_by)
    query = query.where(TypedTable.office_id == office_id, TypedTable.year == year)
    return [(row, by) for row, by in db.session.execute(query.order_by(TypedTable.version.desc()))]


def with_cases(office_ids: Iterable[int], year: int) -> set[int]:
    """The offices that have a case or a proceeding of their own in some cell of the year."""
    query = select(Office.id).where(Office.id.in_(list(office_ids)), or_(*_own(year)))
    return set(db.session.scalars(query))


def _own(year: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """An office's own cases and proceedings of a year, each looked for until one is found."""
    ended = or_(Case.result_year.is_(None), Case.result_year >= year)
    cases = exists().where(Case.office_id == Office.id, Case.new_year <= year, ended)
    return cases, exists().where(ProceedingRow.office_id == Office.id, in_table4(year))
