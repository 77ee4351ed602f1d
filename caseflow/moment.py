"""The present: read here and nowhere else, then handed on as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day in China, whatever the server's own zone."""
    return now().astimezone(ZONE).date()


def local(moment: datetime) -> datetime:
    """A kept moment as the office's clock showed it."""
    return moment.astimezone(ZONE)
