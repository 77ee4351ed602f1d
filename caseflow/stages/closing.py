"""An office's own closing days: shown in its calendar and never counted, for only the State lengthens a term."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, select

from ..calendars import store
from ..db import db, insert, transaction
from ..law.words import month_day
from ..law.workdays import FIRST, LAST
from ..models import ClosingDay
from . import audit
from .calendar import needed
from .checks import LIMITS
from .errors import Refused


def closing_days(office_id: int, year: int) -> list[ClosingDay]:
    """The days of a year on which an office is closed."""
    within = ClosingDay.day.between(date(year, 1, 1), date(year, 12, 31))
    query = select(ClosingDay).where(ClosingDay.office_id == office_id, within).order_by(ClosingDay.day)
    return list(db.session.scalars(query))


def close_on(office_id: int, day: date, name: str) -> None:
    """The office is closed on a working day; no case is dated anew by it. Raises Refused."""
    needed(name, "写明原因", LIMITS["holiday"], "name")
    if not FIRST <= day <= LAST:
        raise Refused(f"年度应在 {FIRST.year} 至 {LAST.year} 之间", "day")
    if not store.current().is_working(day):
        raise Refused(f"{month_day(day)}本来就不上班", "day")
    with transaction() as session:
        row = {"office_id": office_id, "day": day, "name": name}
        # two may register the same day at once: the second learns it from the database
        statement = (
            insert(session, ClosingDay).values(**row).on_conflict_do_nothing().returning(ClosingDay.day)
        )
        if session.scalar(statement) is None:
            raise Refused(f"{month_day(day)}已经登记过", "day")
        audit.note(session, "setting_changed", setting="本机关不办公", day=day.isoformat())


def open_on(office_id: int, day: date) -> None:
    """The office is open on that day after all. Raises Refused where it was not closed."""
    with transaction() as session:
        mine = delete(ClosingDay).where(ClosingDay.office_id == office_id, ClosingDay.day == day)
        if session.scalar(mine.returning(ClosingDay.day)) is None:
            raise Refused(f"{month_day(day)}没有登记过")
        audit.note(session, "setting_changed", setting="本机关照常办公", day=day.isoformat())
