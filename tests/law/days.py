"""Days as people write them: with their weekday, which is checked, so that a table can't be misread."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from caseflow.calendars.seed import shipped
from caseflow.law.workdays import WEEKDAYS, Calendar

CALENDAR: Calendar = shipped()  # the notices of 2004 to 2026

# Days on which histories begin: years with a notice, and the first one without
BEGINNINGS = st.dates(date(2019, 1, 1), date(2027, 6, 30))


def day(text: str) -> date:
    """Read "周五 2026-12-04". Raises ValueError if that day is another weekday."""
    name, _, rest = text.partition(" ")
    value = date.fromisoformat(rest)
    if name != f"周{WEEKDAYS[value.weekday()]}":
        raise ValueError(f"{rest} is not {name}")
    return value


def days(text: str) -> list[date]:
    """Read several, separated by " / "."""
    return [day(part) for part in text.split(" / ")]
