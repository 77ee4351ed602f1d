"""说明理由 and 延迟答复: requests beyond a reasonable number or frequency (art. 35). The clock runs meanwhile."""

from __future__ import annotations

from datetime import date

from .desk import Work, acting


def ask_reasons(work: Work, case_id: int, seen: int, on: date, until: date, note: str) -> None:
    """要求说明理由, by a reasonable day."""
    with acting(work, case_id, seen, "ask_reasons", on) as case:
        case.write({"until": until}, note)


def receive_reasons(work: Work, case_id: int, seen: int, on: date, note: str = "") -> None:
    """登记说明的理由: what the applicant says."""
    with acting(work, case_id, seen, "receive_reasons", on) as case:
        case.write(note=note)


def defer(work: Work, case_id: int, seen: int, until: date, note: str) -> None:
    """延迟答复: the reasons hold but the term can't; a later day is set and told today (art. 35)."""
    with acting(work, case_id, seen, "defer") as case:
        case.write({"until": until, "told": work.today}, note)
