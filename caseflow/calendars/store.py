"""Editions of the calendar in the database: as calendars, each built once a process, and as they were entered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ScalarSelect, Select, exists, func, select, text, true
from sqlalchemy.orm import Session, aliased

from ..db import db, extension_state
from ..law.workdays import Calendar
from ..models import CalendarDay, CalendarYear
from . import seed

SHIPPED = 1  # the edition that the migrations enter; its rows are weekdays off and weekends worked alone


@dataclass(frozen=True, order=True)
class EnteredDay:
    """A day off, weekends within a holiday too, or a weekend worked, and the document that says so."""

    day: date
    works: bool
    name: str
    local: bool
    document: str


@dataclass(frozen=True)
class EnteredYear:
    """One year as it was entered: all its days, the State's and the local ones."""

    year: int
    official: bool  # False: some festivals or the whole notice are still to come
    document: str
    days: tuple[EnteredDay, ...]
    shipped: bool = field(default=False, compare=False)

    def as_entered(self, other: EnteredYear) -> bool:
        """Whether ``other`` says the same. What is shipped has names and weekends of its own, which set nothing."""
        if not self.shipped:
            return self == other
        mine, theirs = (
            {(d.day, d.works, d.local, d.document) for d in y.days if d.works == (d.day.weekday() >= 5)}
            for y in (self, other)
        )
        return (self.official, self.document, mine) == (other.official, other.document, theirs)


def current() -> Calendar:
    """The newest edition."""
    return edition(newest())


def hold(session: Session) -> None:
    """No edition is entered until this transaction ends: what it dates, it dates by the one that holds.

    For writers that lock no case before they ask for the edition; SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE calendar_year IN SHARE MODE"))


def newest() -> int:
    """The number of the newest edition."""
    return db.session.scalar(select(newest_version())) or 0


def newest_version() -> ScalarSelect[int]:
    """``newest`` as a column of a statement."""
    return select(func.max(CalendarYear.version)).scalar_subquery()


def edition(version: int) -> Calendar:
    """The calendar as it stood at ``version``: of each year, the latest entry not newer than it."""
    built: dict[int, Calendar] = extension_state("calendars", {})
    if version not in built:
        built[version] = _build(version)
    return built[version]


def _build(version: int) -> Calendar:
    latest = (
        select(CalendarYear.year, func.max(CalendarYear.version).label("version"))
        .where(CalendarYear.version <= version)
        .group_by(CalendarYear.year)
        .subquery()
    )
    entries = select(CalendarYear.id, CalendarYear.year, CalendarYear.official).join(
        latest,
        (CalendarYear.year == latest.c.year) & (CalendarYear.version == latest.c.version),
    )
    years = db.session.execute(entries).all()
    days = db.session.execute(
        select(CalendarDay.day, CalendarDay.works).where(CalendarDay.year_id.in_([y.id for y in years]))
    )
    official = [entry.year for entry in years if entry.official]
    return Calendar({day: works for day, works in days}, official, version)


def entries(year: int) -> list[CalendarYear]:
    """Every entry of a year, the newest first."""
    return list(db.session.scalars(_entries(year)))


def year(number: int, version: int | None = None) -> EnteredYear:
    """A year as it stands, or as it stood at ``version``; without any day where nothing was entered."""
    return years([number], version)[number]


def years(numbers: Iterable[int], version: int | None = None) -> dict[int, EnteredYear]:
    """Several of them, in one statement."""
    asked, later = list(numbers), aliased(CalendarYear)
    known = true() if version is None else CalendarYear.version <= version
    newer = true() if version is None else later.version <= version
    replaced = exists().where(later.year == CalendarYear.year, later.version > CalendarYear.version, newer)
    query = select(CalendarYear, CalendarDay).outerjoin(CalendarDay, CalendarDay.year_id == CalendarYear.id)
    query = query.where(CalendarYear.year.in_(asked), known, ~replaced)
    days: dict[CalendarYear, list[CalendarDay]] = {}
    for row, day in db.session.execute(query):
        days.setdefault(row, []).extend([day] if day else [])
    nothing = {number: EnteredYear(number, False, "", ()) for number in asked}
    return nothing | {row.year: _entered(row, of_year) for row, of_year in days.items()}


def _entered(row: CalendarYear, days: Iterable[CalendarDay]) -> EnteredYear:
    kept = {d.day: EnteredDay(d.day, d.works, d.name, d.local, d.document or row.document) for d in days}
    shipped = row.version == SHIPPED
    weekends = seed.weekends(row.year) if shipped else ()
    whole = {day: EnteredDay(day, False, name, False, row.document) for day, name in weekends} | kept
    return EnteredYear(row.year, row.official, row.document, tuple(sorted(whole.values())), shipped)


def _entries(year: int) -> Select[CalendarYear]:
    return select(CalendarYear).where(CalendarYear.year == year).order_by(CalendarYear.version.desc())
