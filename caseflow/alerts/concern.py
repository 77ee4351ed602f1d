"""Whose business an alert is, and while what runs: said once, in SQL, for the pass, the inbox and the mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, Date, and_, bindparam, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from ..law.terms import TOLD_ONCE
from ..law.workdays import Calendar
from ..models import Alert, Case, CaseTerm, Person

HANDLERS = ("clerk", "lead")  # who may have a case in hand
LEAD_FROM = 2  # from so many working days left on, the lead is warned too; the supervisor once it is overdue

Day = date | BindParameter[date]


@dataclass(frozen=True)
class AsOf:
    """The day as of which alerts are judged, and the first day that lies further off than LEAD_FROM
    working days: what is left is told from the due day itself, whatever rungs a ladder has."""

    today: Day
    distant: Day

    @classmethod
    def of(cls, today: date, calendar: Calendar) -> AsOf:
        """Both days by this calendar."""
        return cls(today, calendar.add(today, LEAD_FROM + 1))

    @classmethod
    def bound(cls) -> AsOf:
        """Both as parameters of a statement that is made once; ``values`` fills them in."""
        return cls(bindparam("today", type_=Date), bindparam("distant", type_=Date))

    def values(self) -> dict[str, Day]:
        """The days for ``bound``."""
        return {"today": self.today, "distant": self.distant}


def running(today: Day) -> ColumnElement[bool]:
    """Terms that can lapse on ``today``, in SQL; needs ``CaseTerm`` and its ``Case``.

    While the applicant is awaited there is no term to reply (art. 30, 42). A consultation (art. 32, 34)
    stops it until its last day; one that began on or after the due day no longer does.
    """
    counts = or_(Case.hold_until.is_(None), Case.hold_until < today, Case.due_on <= Case.hold_until)
    return or_(CaseTerm.term != "reply", counts)


def concerns(person: type[Person], as_of: AsOf, handler: type[Person] | None = None) -> ColumnElement[bool]:
    """Whom an alert concerns, in SQL: the handler, or every clerk while nobody handles the case who can
    sign in and is still clerk or lead; from two working days on the lead; once overdue the supervisor too,
    except where nothing is asked for any more.

    ``handler`` is outer-joined; without one the alert is the office's own (the annual report), and
    concerns its leads first.
    """
    lead, near = person.role == "lead", Alert.due_on < as_of.distant
    overdue = and_(Alert.due_on < as_of.today, Alert.term.not_in(TOLD_ONCE))
    business = [and_(person.role == "supervisor", overdue)]
    if handler is None:
        business.append(lead)
    else:
        serves = func.coalesce(and_(handler.disabled.is_(False), handler.role.in_(HANDLERS)), False)
        business += [
            and_(person.id == Case.handler_id, serves),
            and_(person.role == "clerk", ~serves),
            and_(lead, near),
        ]
    return and_(person.office_id == Alert.office_id, person.disabled.is_(False), or_(*business))


def stands_for(
    person_id: ColumnElement[int] | InstrumentedAttribute[int],
    principal: type[Person],
    stand_ins: Iterable[tuple[int, int]],
) -> ColumnElement[bool]:
    """Whether a person is the one concerned, or stands in for them today; pairs of who is away, who is there."""
    pairs = [and_(principal.id == away, person_id == there) for away, there in stand_ins]
    return or_(principal.id == person_id, *pairs)
