"""What the page of a year shows: twelve months, the festivals as their notices tell them, where each day comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, zip_longest

from ..calendars.store import EnteredDay, EnteredYear
from ..law.holidays import FESTIVALS, Day, lacking
from ..law.words import month_day, with_weekday
from ..law.workdays import FIXED_DAYS_OFF, WEEKDAYS, Calendar, days_between
from ..models import ClosingDay

WORKED, OFF = "班", "休"
BY_LAW = "《全国年节及纪念日放假办法》（通知录入以前的推算）"


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
    """The days of a year as entered, in a provisional one with the fixed days off."""
    if year.official:
        return year.days
    fixed = {date(year.year, *day): name for day, name in FIXED_DAYS_OFF.items()}
    entered = {day.day for day in year.days}
    added = [
        EnteredDay(day, False, name, False, BY_LAW)
        for day, name in fixed.items() if day.weekday() < 5 and day not in entered
    ]  # fmt: skip
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
    runs = _runs(days)
    return "、".join(" 至 ".join(with_weekday(d) for d in dict.fromkeys((r[0], r[-1]))) for r in runs)


def _runs(days: Iterable[date]) -> list[list[date]]:
    """Days that follow each other, together."""
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


# -- the festivals, to be compared with the notice -----------------------------------------------


@dataclass(frozen=True)
class Festival:
    """A holiday as its notice tells it: from when to when, how many calendar days, the weekends worked for it."""

    name: str
    span: str
    count: int
    worked: str


def festivals(year: int, around: Iterable[EnteredYear]) -> list[Festival]:
    """The holidays that lie in a year, by ``around``: it and its neighbours, for 元旦 may begin in December."""
    state = [day for entered in around for day in entered.days if not day.local]
    names = {day.day: day.name for day in state if not day.works}
    runs = _runs(names)
    worked: dict[date, list[date]] = {}
    for day in (day for day in state if day.works):
        parts = set(day.name.split("、"))
        own = [r for r in runs if any(parts & set(names[d].split("、")) for d in r)]
        if own:
            nearest = min(own, key=lambda r: min(abs(d - day.day) for d in r))
            worked.setdefault(nearest[0], []).append(day.day)
    return [
        Festival(
            "、".join(dict.fromkeys(part for d in run for part in names[d].split("、"))),
            _span(run[0], run[-1], year),
            len(run),
            "、".join(month_day(d, date(year, 1, 1)) for d in sorted(worked.get(run[0], []))),
        )
        for run in runs if year in (run[0].year, run[-1].year)
    ]  # fmt: skip


def _span(first: date, last: date, year: int) -> str:
    """2月15日至23日, as notices write it."""
    told = month_day(first, date(year, 1, 1))
    if first == last:
        return told
    same = (first.year, first.month) == (last.year, last.month)
    return f"{told}至" + (f"{last.day}日" if same else month_day(last, date(year, 1, 1)))


@dataclass(frozen=True)
class Lack:
    """What a 暂定 year has not: its notice as a whole or some festivals, and those that are not counted at all."""

    festivals: tuple[str, ...]
    whole: bool
    uncounted: tuple[str, ...]


def lack_of(year: EnteredYear) -> Lack:
    """The festivals that a 暂定 year still wants."""
    found = lacking(year.year, (Day(d.day, d.works, d.name) for d in year.days if not d.local))
    fixed = set(FIXED_DAYS_OFF.values())
    return Lack(found, len(found) == len(FESTIVALS), tuple(name for name in found if name not in fixed))


HEADS = tuple(WEEKDAYS)
