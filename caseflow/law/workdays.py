"""Working days: which days count, adding them and counting them.

The regulation speaks of 工作日 without defining them; the yearly notice of the State Council's
General Office does, make-up weekends (调休) included. A year without an entered notice is
*provisional* (暂定): weekends and the fixed statutory days off, and it says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property

FIRST = date(2004, 1, 1)
LAST = date(2099, 12, 31)

# 《全国年节及纪念日放假办法》 (2024): the days off that fall on the same date each year, and their festival.
# The lunar ones (春节, 清明, 端午, 中秋) are known only from the notice.
FIXED_DAYS_OFF = {
    (1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节", (10, 1): "国庆", (10, 2): "国庆", (10, 3): "国庆",
}  # fmt: skip
FIXED_SINCE = 2025  # the year from which on they are these

WEEKDAYS = "一二三四五六日"


class OutsideCalendar(ValueError):
    """A date the calendar does not reach; nothing is guessed for it."""


def weekday(day: date) -> str:
    """周一 … 周日."""
    return f"周{WEEKDAYS[day.weekday()]}"


class Calendar:
    """An immutable calendar: every count in it is a count of working days.

    ``exceptions`` maps a date to True (worked although a weekend) or False (off although a
    weekday), in any year: a local holiday may be known before the year's notice. Years that are
    not ``official`` are provisional. ``version`` names the edition, so that a decided case can be
    replayed by the calendar it was decided with.
    """

    def __init__(self, exceptions: Mapping[date, bool], official: Iterable[int], version: int = 0) -> None:
        self.exceptions = dict(exceptions)
        self.official = frozenset(official)
        self.version = version

    def _is_working(self, day: date) -> bool:
        if (known := self.exceptions.get(day)) is not None:
            return known
        fixed = day.year not in self.official and (day.month, day.day) in FIXED_DAYS_OFF
        return day.weekday() < 5 and not fixed

    @cached_property
    def _days(self) -> list[int]:
        """Ordinals of all working days, ascending: the array that is bisected."""
        weekdays = {n for n in range(FIRST.toordinal(), LAST.toordinal() + 1) if (n - 1) % 7 < 5}
        special = {date(y, *d) for y in range(FIRST.year, LAST.year + 1) for d in FIXED_DAYS_OFF}
        special |= {day for day in self.exceptions if FIRST <= day <= LAST}
        working = {day.toordinal() for day in special if self._is_working(day)}
        return sorted(weekdays - {day.toordinal() for day in special} | working)

    def is_working(self, day: date) -> bool:
        """Whether ``day`` is a working day."""
        return self._is_working(_within(day))

    def add(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``; ``day`` itself is day 0 and never counts.

        Raises OutsideCalendar beyond the years it knows, ValueError for a negative count.
        """
        if count < 0:
            raise ValueError("count of working days is negative")
        if count == 0:
            return day
        index = bisect_right(self._days, _within(day).toordinal()) + count - 1
        if index >= len(self._days):
            raise OutsideCalendar(f"{count} working days after {day}")
        return date.fromordinal(self._days[index])

    def count(self, after: date, through: date) -> int:
        """Working days in (after, through]; 0 where through is not later."""
        if through <= after:
            return 0
        days = self._days
        return bisect_right(days, _within(through).toordinal()) - bisect_right(
            days, _within(after).toordinal()
        )

    def left(self, today: date, due: date) -> int:
        """Working days still left on ``today``: 0 on the due day itself, negative when overdue."""
        return self.count(today, due) if due >= today else -self.count(due, today)

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether any day of [first, last] lies in a year without an entered notice."""
        return any(year not in self.official for year in range(first.year, last.year + 1))


def days_between(first: date, last: date) -> Iterable[date]:
    """Every calendar day of [first, last]."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _within(day: date) -> date:
    if not FIRST <= day <= LAST:
        raise OutsideCalendar(f"{day} is outside {FIRST.year}-{LAST.year}")
    return day
