"""说明理由 and 延迟答复: requests beyond a reasonable number or frequency (art. 35). The clock runs meanwhile."""

from __future__ import annotations

from datetime import date

from ..law.words import month_day
from .desk import Work, acting
from .errors import Refused

LONGEST = 366  # calendar days that could still be called reasonable


def ask_reasons(work: Work, case_id: int, seen: int, on: date, until: date, note: str) -> None:
    """要求说明理由, by a reasonable day."""
    with acting(work, case_id, seen, "ask_reasons", on) as case:
        if until <= on:
            raise Refused("期限要晚于要求之日，留出合理的时间", "until")
        if (until - on).days > LONGEST:
            raise Refused("期限不合理：超过一年", "until")
        case.write({"until": until}, note)


def receive_reasons(work: Work, case_id: int, seen: int, on: date, note: str = "") -> None:
    """登记说明的理由: what the applicant says."""
    with acting(work, case_id, seen, "receive_reasons", on) as case:
        case.write(note=note)


def defer(work: Work, case_id: int, seen: int, until: date, note: str) -> None:
    """延迟答复: the reasons hold but the term can't; a later day is set and told today (art. 35)."""
    with acting(work, case_id, seen, "defer") as case:
        due = case.clock.due if case.clock else None
        if due and until <= due:
            raise Refused(f"要晚于现在的到期日（{month_day(due, work.today)}）", "until")
        if (until - work.today).days > LONGEST:
            raise Refused("日期不合理：超过一年", "until")
        case.write({"until": until, "told": work.today}, note)
