"""What the working of a due day rests on: the calendar it was counted by, and the documents behind that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import func, select

from ..db import db
from ..law import explain
from ..law.clock import Clock
from ..law.facts import Facts
from ..law.words import month_day, with_weekday
from ..law.workdays import Calendar, days_between
from ..models import CalendarDay, CalendarYear
from .casefolder import Folder

# How this project counts, for whoever reads a working
RULES = (
    "起算当日不计，次一工作日为第 1 日，期限最后一日终了时届满；以答复发出日判断是否按时。",
    "等申请人补正、缴费期间没有到期日，收到补正、足额缴费重新计算；"
    "征求意见所需时间不计算在内，最多到对方收到后第 15 个工作日。",
)
BY_STATUTE = "法定节日"  # off in a year whose notice is still to come


@dataclass(frozen=True)
class CountedYear:
    """A year of the calendar as it was counted by; without a notice, what stands in its place."""

    year: int
    document: str
    official: bool


@dataclass(frozen=True)
class Basis:
    """The edition, its years, and in words every day of the span that differs from Monday-to-Friday."""

    version: int
    years: tuple[CountedYear, ...]
    off: tuple[str, ...]
    worked: tuple[str, ...]
    local: tuple[str, ...]  # documents of the local days among them


def sentence(folder: Folder, today: date) -> str:
    """Why this day; what is missing where there is none."""
    facts, clock = folder.file.facts(), folder.clock
    if facts is None or clock is None:
        if folder.case.closed_on:
            return "法定收到日确认以前撤回，没有起算期限。"
        return "双方还没有确认收到，期限没有起算（条例第三十一条）。"
    if folder.case.closed_by in {"lapsed", "withdrawn"}:
        return "没有作出答复即办结，不计按时或者逾期。"
    return explain.sentence(facts, clock, today)


def span(facts: Facts, ticking: Clock) -> tuple[date, date]:
    """The first and the last day that the working speaks of."""
    return facts.received, max(facts.closed or facts.received, *(s.end for s in ticking.steps))


def basis(calendar: Calendar, first: date, last: date) -> Basis:
    """What was counted by between two days, by the edition that this calendar is."""
    entered = _entered(calendar.version, first.year, last.year)
    query = select(CalendarDay).where(
        CalendarDay.year_id.in_([y.id for y in entered.values()]), CalendarDay.day.between(first, last)
    )
    known = {d.day: d for d in db.session.scalars(query)}
    special = [d for d in days_between(first, last) if calendar.is_working(d) == (d.weekday() >= 5)]
    return Basis(
        version=calendar.version,
        years=tuple(_year(n, entered.get(n)) for n in range(first.year, last.year + 1)),
        off=tuple(_off(calendar, [d for d in special if d.weekday() < 5], known, first)),
        worked=tuple(with_weekday(d, first) for d in special if d.weekday() >= 5),
        local=tuple(sorted({d.document for d in known.values() if d.local and d.document})),
    )


def _entered(version: int, first: int, last: int) -> dict[int, CalendarYear]:
    """Of each year the latest entry that is not newer than the edition."""
    latest = (
        select(CalendarYear.year, func.max(CalendarYear.version).label("version"))
        .where(CalendarYear.version <= version, CalendarYear.year.between(first, last))
        .group_by(CalendarYear.year)
        .subquery()
    )
    query = select(CalendarYear).join(
        latest, (CalendarYear.year == latest.c.year) & (CalendarYear.version == latest.c.version)
    )
    return {row.year: row for row in db.session.scalars(query)}


def _year(number: int, row: CalendarYear | None) -> CountedYear:
    if row is None or not row.official:
        return CountedYear(number, "放假安排尚未载入，按周末和法定节日推算", official=False)
    return CountedYear(number, row.document, official=True)


def _off(calendar: Calendar, days: list[date], known: dict[date, CalendarDay], first: date) -> Iterator[str]:
    """国庆 10月1日至10月7日: days off with no working day between them are one."""

    def festival(day: date) -> tuple[str, int]:
        return (known[day].name if day in known else BY_STATUTE), calendar.count(days[0], day)

    for (name, _), group in groupby(days, key=festival):
        stretch = list(group)
        ends = [month_day(d, first) for d in dict.fromkeys((stretch[0], stretch[-1]))]
        yield f"{name} {'至'.join(ends)}"
