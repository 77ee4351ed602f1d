"""Whose business an alert is, and while what runs: said once, in SQL, for the pass, the inbox and the mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, and_, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from ..models import Alert, Case, CaseTerm, Person

HANDLERS = ("clerk", "lead")  # who may have a case in hand
LEAD_FROM = 2  # from this rung on the lead is warned too; the supervisor once it is overdue


def running(today: date | BindParameter[date]) -> ColumnElement[bool]:
    """Terms that can lapse on ``today``, in SQL; needs ``CaseTerm`` and its ``Case``.

    While the applicant is awaited there is no term to reply (art. 30, 42). A consultation (art. 32, 34)
    stops it until its last day; one that began on or after the due day no longer does.
    """
    counts = or_(Case.hold_until.is_(None), Case.hold_until < today, Case.due_on <= Case.hold_until)
    return or_(CaseTerm.term != "reply", counts)


def concerns(person: type[Person], handler: type[Person] | None = None) -> ColumnElement[bool]:
    """Whom an alert concerns, in SQL: the handler, or every clerk while nobody handles the case who can
    sign in and is still clerk or lead; from two working days on the lead; once overdue the supervisor too.

    ``handler`` is outer-joined; without one the alert is the office's own (the annual report), and
    concerns its leads.
    """
    if handler is None:
        business = person.role == "lead"
    else:
        serves = func.coalesce(and_(handler.disabled.is_(False), handler.role.in_(HANDLERS)), False)
        business = or_(
            and_(person.id == Case.handler_id, serves),
            and_(person.role == "clerk", ~serves),
            and_(person.role == "lead", Alert.rung <= LEAD_FROM),
            and_(person.role == "supervisor", Alert.rung < 0),
        )
    return and_(person.office_id == Alert.office_id, person.disabled.is_(False), business)


def stands_for(
    person_id: ColumnElement[int] | InstrumentedAttribute[int],
    principal: type[Person],
    stand_ins: Iterable[tuple[int, int]],
) -> ColumnElement[bool]:
    """Whether a person is the one concerned, or stands in for them today; pairs of who is away, who is there."""
    pairs = [and_(principal.id == away, person_id == there) for away, there in stand_ins]
    return or_(principal.id == person_id, *pairs)
