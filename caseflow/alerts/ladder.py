"""What is due: the rungs of warning before a due day (art. 33), computed from how the cases stand.

Nothing here asks whether a day equals today, so a missed week is caught up by the next pass: each case
gets the one rung that applies now. Unique keys make a repeated or a simultaneous pass harmless.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Insert, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from ..db import transaction
from ..law.workdays import Calendar
from ..models import Alert, AlertRecipient, Case, Person
from . import lease, runs
from .upsert import insert

TERM = "reply"  # the one term warned of so far: the reply of art. 33
OVERDUE = -1
RUNGS = (5, 2, 0)  # working days left
LEAD_FROM = 2  # from this rung on the lead is warned too


def make_pass(today: date, now: datetime, calendar: Calendar, token: int = 0) -> dict[str, int]:
    """One pass for the morning of ``today``: all of it is written, or nothing.

    ``token`` is that of the lead under which the scheduler works, 0 for a command. Returns how many
    alerts were new and to how many people one was newly shown. Raises Superseded.
    """
    with transaction() as session:
        run_id = runs.begin(session, today, token, now)
        rung = rung_on(today, calendar)
        counts = {
            "alerts": _raise_alerts(session, rung, today, now),
            "shown": _show_alerts(session, rung, today),
        }
        if token:
            lease.fence(session, token)
        runs.finish(session, run_id, counts, now)
    return counts


def rung_on(today: date, calendar: Calendar) -> ColumnElement[int | None]:
    """The most urgent rung of a due day on ``today``, in SQL; NULL while none applies.

    Overdue is a matter of days, not of working days: on Saturday a case due on Friday is overdue. At
    most n working days are left as long as the due day is before the (n+1)-th working day from today.
    """
    ends = [(OVERDUE, today), *((rung, calendar.add(today, rung + 1)) for rung in sorted(RUNGS))]
    return case(*((Case.due_on < end, literal(rung)) for rung, end in ends), else_=None)


def running(today: date) -> ColumnElement[bool]:
    """Open cases whose term runs, in SQL.

    While the applicant is awaited there is no due day (art. 30, 42). A consultation (art. 32) stops the
    clock until its last day; one that began on or after the due day no longer does.
    """
    counts = or_(Case.hold_until.is_(None), Case.hold_until < today, Case.due_on <= Case.hold_until)
    return and_(Case.closed_on.is_(None), Case.due_on.is_not(None), counts)


def concerns(person: type[Person], handler: type[Person]) -> ColumnElement[bool]:
    """Whom an alert is shown to, in SQL: the handler, or every clerk while nobody who can sign in
    handles the case; from two working days on the lead too. ``handler`` is outer-joined."""
    nobody = func.coalesce(handler.disabled, True)
    return and_(
        person.office_id == Case.office_id,
        person.disabled.is_(False),
        or_(
            person.id == Case.handler_id,
            and_(person.role == "clerk", nobody),
            and_(person.role == "lead", Alert.rung <= LEAD_FROM),
        ),
    )


def _raise_alerts(session: Session, rung: ColumnElement[Any], today: date, now: datetime) -> int:
    due = select(
        Case.office_id, Case.id, literal(TERM), Case.due_on, rung, literal(now, Alert.created_at.type)
    )
    statement = insert(session, Alert).from_select(
        ["office_id", "case_id", "term", "due_on", "rung", "created_at"],
        due.where(running(today), rung.is_not(None)),
        include_defaults=False,
    )
    return _written(session, statement.on_conflict_do_nothing())


def _show_alerts(session: Session, rung: ColumnElement[Any], today: date) -> int:
    """Also to whom a case came after its alert was raised (改派)."""
    handler = aliased(Person)
    shown = (
        select(Alert.id, Person.id)
        .join(Case, and_(Case.id == Alert.case_id, Case.due_on == Alert.due_on))
        .outerjoin(handler, handler.id == Case.handler_id)
        .join(Person, concerns(Person, handler))
        .where(Alert.term == TERM, Alert.rung == rung, running(today))
    )
    statement = insert(session, AlertRecipient).from_select(
        ["alert_id", "person_id"], shown, include_defaults=False
    )
    return _written(session, statement.on_conflict_do_nothing())


def _written(session: Session, statement: Insert) -> int:
    """How many rows were new."""
    options = {"preserve_rowcount": True}
    return cast(CursorResult[Any], session.execute(statement, execution_options=options)).rowcount
