"""What the calendar's pages show: twelve months, where each day comes from, what a change would do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, zip_longest

from ..calendars.store import EnteredDay, EnteredYear
from ..law.words import with_weekday
from ..law.workdays import FIXED_DAYS_OFF, WEEKDAYS, Calendar, days_between
from ..models import ClosingDay
from ..stages.calendar import Draft
from ..stages.redate import Change

WORKED, OFF = "班", "休"
FIXED = "法定节日"
BY_LAW = "《全国年节及纪念日放假办法》（通知录入以前的推算）"
SHOWN = 200  # cases


@dataclass(frozen=True)
class Cell:
    """One day in its month; ``number`` 0 is a place before the first or after the last."""

    number: int = 0
    look: str = "blank"
    mark: str = ""
    title: str = ""


@dataclass(frozen=True)
class Month:
    """A month by weeks from Monday, and its working days."""

    number: int
    weeks: list[tuple[Cell, ...]]
    working: int


@dataclass(frozen=True)
class Source:
    """Days of one name and one document."""

    name: str
    mark: str
    local: bool
    days: str
    document: str


def known_days(year: EnteredYear) -> tuple[EnteredDay, ...]:
    """The days that differ from Monday-to-Friday, in a provisional year with the fixed days off."""
    if year.official:
        return year.days
    fixed = [date(year.year, *day) for day in sorted(FIXED_DAYS_OFF)]
    entered = {day.day for day in year.days}
    added = [
        EnteredDay(d, False, FIXED, False, BY_LAW) for d in fixed if d.weekday() < 5 and d not in entered
    ]
    return tuple(sorted([*year.days, *added]))


def working_days(calendar: Calendar, year: int, month: int = 0) -> int:
    """The working days of a month, or of the whole year."""
    return sum(calendar.is_working(day) for day in _days(year) if month in (0, day.month))


def _days(year: int) -> Iterable[date]:
    return days_between(date(year, 1, 1), date(year, 12, 31))


def months(year: EnteredYear, calendar: Calendar, closing: Sequence[ClosingDay], today: date) -> list[Month]:
    """The twelve months."""
    known = {day.day: day for day in known_days(year)}
    closed = {day.day: day.name for day in closing}
    found = []
    for number, days in groupby(_days(year.year), key=lambda day: day.month):
        cells = [_cell(day, known.get(day), closed.get(day), today) for day in days]
        blanks = [Cell()] * date(year.year, number, 1).weekday()
        weeks = zip_longest(*[iter([*blanks, *cells])] * 7, fillvalue=Cell())
        found.append(Month(number, list(weeks), working_days(calendar, year.year, number)))
    return found


def _cell(day: date, known: EnteredDay | None, closed: str | None, today: date) -> Cell:
    look, mark, told = ("rest" if day.weekday() >= 5 else ""), "", [with_weekday(day)]
    if known:
        look, mark = ("makeup", WORKED) if known.works else ("holiday", OFF)
        look += " local" if known.local else ""
        told.append(f"{known.name}（{known.document}）")
    if closed:
        look += " closed"
        told.append(f"{closed}（本机关不办公，照常计算期限）")
    if day == today:
        look += " today"
        told.append("今天")
    return Cell(day.day, look.strip(), mark, "，".join(told) if len(told) > 1 else "")


def sources(year: EnteredYear) -> list[Source]:
    """Where each day comes from, in the order of the year."""
    found: dict[tuple[str, bool, bool, str], list[date]] = {}
    for day in known_days(year):
        found.setdefault((day.name, day.works, day.local, day.document), []).append(day.day)
    return [
        Source(name, WORKED if works else OFF, local, stretches(days), document)
        for (name, works, local, document), days in found.items()
    ]


def stretches(days: Sequence[date]) -> str:
    """2月16日 周一 至 2月20日 周五、2月23日 周一."""
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return "、".join(" 至 ".join(with_weekday(d) for d in dict.fromkeys((r[0], r[-1]))) for r in runs)


# -- what would be entered -----------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One day of a draft, and what becomes of it."""

    day: str
    mark: str
    name: str
    change: str


@dataclass(frozen=True)
class YearDraft:
    """A year as it would be: its days one by one, its working days before and after."""

    year: int
    lines: list[Line]
    before: int
    after: int
    was_official: bool
    official: bool


def drafted_years(draft: Draft, before: Mapping[int, EnteredYear]) -> list[YearDraft]:
    """The years that would become different, ``before`` as they stand."""
    return [
        YearDraft(
            year.year, _lines(before[year.year], year),
            working_days(draft.old, year.year), working_days(draft.new, year.year),
            before[year.year].official, year.official,
        )
        for year in draft.years
    ]  # fmt: skip


def _lines(before: EnteredYear, after: EnteredYear) -> list[Line]:
    old = {day.day: day for day in known_days(before)}
    new = {day.day: day for day in known_days(after)}
    return [_line(day, old.get(day), new.get(day)) for day in sorted(old.keys() | new.keys())]


def _line(day: date, old: EnteredDay | None, new: EnteredDay | None) -> Line:
    if new is None:
        back = "照常上班" if day.weekday() < 5 else "照常休息"
        return Line(with_weekday(day), "", old.name if old else "", f"取消，{back}")
    same = old and old.works == new.works
    change = "" if same else "新增" if old is None else "改变"
    return Line(with_weekday(day), WORKED if new.works else OFF, new.name, change)


@dataclass(frozen=True)
class Impact:
    """What becomes of the open cases; only the own office's are listed, others are counted."""

    moved: int
    confirmed: int  # no longer provisional, on the same day
    other: int  # another of their terms
    listed: list[Change]
    rest: int
    elsewhere: int


def impact_of(changes: Sequence[Change], office_id: int) -> Impact:
    """Counted and cut to what a page can hold."""
    moving = [c for c in changes if c.moves]
    confirmed = [c for c in changes if not c.moves and c.was_provisional != c.provisional]
    mine = [c for c in moving if c.office_id == office_id]
    return Impact(
        moved=len(moving), confirmed=len(confirmed), other=len(changes) - len(moving) - len(confirmed),
        listed=mine[:SHOWN], rest=max(len(mine) - SHOWN, 0), elsewhere=len(moving) - len(mine),
    )  # fmt: skip


HEADS = tuple(WEEKDAYS)
