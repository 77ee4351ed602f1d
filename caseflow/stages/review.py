"""审核: accept a request, or have it corrected (art. 30)."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..law.conditions import last_notice_day
from ..law.given import internal_fault
from ..models import Person
from .desk import OpenCase, Work, acting, typed
from .errors import Refused
from .letter_facts import INTERNAL


def handler_of(case: OpenCase, handler_id: int) -> Person:
    """A clerk of this office who can take the case. Raises Refused."""
    person = case.session.get(Person, handler_id)
    fits = person and person.office_id == case.work.office_id and not person.disabled
    if person is None or not fits or person.role != "clerk":
        raise Refused("选择本机关在用的经办人", "handler_id")
    return person


def given_to(person: Person, internal_until: date | None) -> dict[str, Any]:
    """What the event keeps of a handler: name and 科室 as they are now, whoever they will be later."""
    return {
        "handler_id": person.id, "handler": person.name, "department": person.department,
        "internal_until": internal_until,
    }  # fmt: skip


def check_internal(case: OpenCase, until: date | None) -> None:
    """Whether the day given to a handler can stand: from today to the due day. Raises Refused."""
    due = case.clock.due if case.clock else None
    today = case.work.today
    if until and (why := internal_fault(until, today, due, today, case.calendar)):
        raise Refused(why, "internal_until")


def accept(
    work: Work, case_id: int, seen: int, on: date, handler_id: int, internal_until: date | None = None
) -> None:
    """受理 and 分办: the case goes to its handler, perhaps to be done by a day of the office's own (art. 45)."""
    with acting(work, case_id, seen, "accept", on) as case:
        person = handler_of(case, handler_id)
        check_internal(case, internal_until)
        case.write(given_to(person, internal_until))


def request_correction(
    work: Work, case_id: int, seen: int, on: date, until: date, note: str, delay: str = ""
) -> None:
    """告知补正: once, within 7 working days of receipt, with a reasonable period to ``until`` (art. 30).

    A later notice is the lead's, with the reason for the ``delay``: the term may not start anew by it. The
    record says that it was late.
    """
    with acting(work, case_id, seen, "request_correction", on) as case:
        last = last_notice_day(case.file, case.calendar)
        late = last is not None and on > last
        typed("note", delay, "delay")
        if late and not delay.strip():
            raise Refused("写明迟延告知的理由", "delay")
        if delay.strip() and note.strip():
            note = f"{note}\n{INTERNAL}{' '.join(delay.split())}"
        case.write({"until": until, "late": late or None}, note)


def receive_correction(work: Work, case_id: int, seen: int, on: date, note: str = "") -> None:
    """收到补正: ``on`` is day 0 of the full 20 working days anew (art. 30)."""
    with acting(work, case_id, seen, "receive_correction", on) as case:
        case.write(note=note)


def lapse_correction(work: Work, case_id: int, seen: int, on: date, note: str) -> None:
    """逾期不补正: without good reason no correction came; the request is handled no further (art. 30)."""
    with acting(work, case_id, seen, "lapse_correction", on) as case:
        case.write({"result": "other_correction_lapsed"}, note)
