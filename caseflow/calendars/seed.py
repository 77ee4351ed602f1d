"""The State Council's holiday notices as shipped with the chinesecalendar package."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

from chinese_calendar.constants import holidays, workdays

from ..law.workdays import Calendar

# The package names each day "English name,中文,days"
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午",
    "Mid-autumn Festival": "中秋",
    "National Day": "国庆",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


def notices(year: int) -> Iterator[tuple[date, bool, str]]:
    """The exceptions of a year to Monday-to-Friday: day, whether it is worked, its name."""
    for day, name in sorted(holidays.items()):
        if day.year == year and day.weekday() < 5:
            yield day, False, _chinese(name)
    for day, name in sorted(workdays.items()):
        if day.year == year and day.weekday() >= 5:
            yield day, True, _chinese(name)


def weekends(year: int) -> Iterator[tuple[date, str]]:
    """The weekend days that lie within the holidays of a year: off anyway, and part of what the notice says."""
    for day, name in sorted(holidays.items()):
        if day.year == year and day.weekday() >= 5:
            yield day, _chinese(name)


def _chinese(name: str) -> str:
    return NAMES.get(str(name).split(",", maxsplit=1)[0], "")


@cache
def shipped() -> Calendar:
    """The calendar of the package alone, for answers that need no database."""
    years = sorted({day.year for day in holidays})
    exceptions = {day: works for year in years for day, works, _ in notices(year)}
    return Calendar(exceptions, years)
