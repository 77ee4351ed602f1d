"""Editions of the calendar in the database, each built once a process."""

from __future__ import annotations

from sqlalchemy import func, select

from ..db import db, extension_state
from ..law.workdays import Calendar
from ..models import CalendarDay, CalendarYear


def current() -> Calendar:
    """The newest edition."""
    newest = db.session.execute(select(func.max(CalendarYear.version))).scalar()
    return edition(newest or 0)


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
    entries = select(CalendarYear.id, CalendarYear.year).join(
        latest,
        (CalendarYear.year == latest.c.year) & (CalendarYear.version == latest.c.version),
    )
    years = {key: year for key, year in db.session.execute(entries)}
    days = db.session.execute(
        select(CalendarDay.day, CalendarDay.works).where(CalendarDay.year_id.in_(years))
    )
    return Calendar({day: works for day, works in days}, years.values(), version)
