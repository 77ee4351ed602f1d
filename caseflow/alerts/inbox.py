"""What a person has still to acknowledge (提醒), each for themselves.

An alert raised for a day still to come (a pass for another day, or by a clock that was wrong) is none yet:
it neither shows nor takes the place of another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    extract,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased, joinedload

from ..db import db, transaction
from ..law.terms import TOLD_ONCE
from ..law.workdays import Calendar
from ..models import Alert, AlertRecipient, Case, CaseTerm, Mail, Person, SignedYear
from . import deputies
from .concern import AsOf, Day, concerns, running

Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Shown:
    """One alert as a person sees it."""

    alert: Alert
    case: Case | None  # with its particulars; None for a term of the office itself
    acknowledged_at: datetime | None


def unread(person_id: int, today: date, calendar: Calendar) -> int:
    """How many alerts this person has still to acknowledge."""
    return db.session.scalar(unread_query(), unread_values(person_id, today, calendar)) or 0


@cache
def unread_query() -> Select[int]:
    """The count in the frame of every page: the statement is made once, which takes longer than to run it."""
    return _still_true(select(func.count()), AsOf.bound()).where(*_UNREAD)


def unread_values(person_id: int, today: date, calendar: Calendar) -> dict[str, Any]:
    """What ``unread_query`` is asked for."""
    return {"person": person_id, **AsOf.of(today, calendar).values()}


def waiting(person_id: int, today: date, calendar: Calendar, limit: int) -> list[Shown]:
    """The first ``limit`` alerts to acknowledge, the most urgent first."""
    return _shown(_waiting(), {**unread_values(person_id, today, calendar), "most": limit})


@cache
def _waiting() -> Query:
    query = _still_true(_SHOWN, AsOf.bound()).where(*_UNREAD).order_by(Alert.due_on, Case.id)
    return query.limit(bindparam("most", type_=Integer))


def acknowledged(person_id: int, limit: int) -> list[Shown]:
    """The last ``limit`` alerts that this person acknowledged, the newest first."""
    mine = and_(AlertRecipient.person_id == person_id, AlertRecipient.acknowledged_at.is_not(None))
    joined = _SHOWN.select_from(AlertRecipient).join(Alert).outerjoin(Case).where(mine)
    return _shown(joined.order_by(AlertRecipient.acknowledged_at.desc(), Alert.id.desc()).limit(limit))


def acknowledge(person_id: int, alert_id: int, now: datetime) -> bool:
    """Acknowledge an alert and the lesser rungs below it; False where it was never shown to this person."""
    with transaction() as session:
        if session.get(AlertRecipient, (alert_id, person_id)) is None:
            return False
        session.execute(_mark(person_id, now, select(Alert.id).where(Alert.id == alert_id)))
    return True


def acknowledge_all(
    person_id: int, today: date, calendar: Calendar, now: datetime, newest: int | None = None
) -> None:
    """Acknowledge all that stands, up to alert ``newest`` where a page says which it showed last."""
    standing = _mine(select(Alert.id), person_id, today, calendar)
    if newest is not None:
        standing = standing.where(Alert.id <= newest)
    with transaction() as session:
        session.execute(_mark(person_id, now, standing))


_UNREAD = AlertRecipient.person_id == bindparam("person"), AlertRecipient.acknowledged_at.is_(None)
_SHOWN = select(Alert, Case, AlertRecipient.acknowledged_at).options(joinedload(Case.particulars))


@cache
def standing_ids() -> Select[int, int]:
    """Alert and person of all that is still true, acknowledged or not: what may be mailed; as of a bound day."""
    return _still_true(select(AlertRecipient.alert_id, AlertRecipient.person_id), AsOf.bound())


def _mine(query: Query, person_id: int, today: date, calendar: Calendar) -> Query:
    waiting = AlertRecipient.acknowledged_at.is_(None)
    shown = _still_true(query, AsOf.of(today, calendar))
    return shown.where(AlertRecipient.person_id == person_id, waiting)


def _still_true(query: Query, as_of: AsOf) -> Query:
    """Shown and still true: raised by that day, the term runs to its day and something is asked for (a report
    that is signed asks for nothing),
    it is still the business of whoever was shown it, or of whom they stand in for, and no more urgent
    rung has taken the alert's place."""
    handler, principal, later, today = aliased(Person), aliased(Person), aliased(Alert), as_of.today
    runs = exists().where(
        CaseTerm.case_id == Case.id,
        CaseTerm.term == Alert.term,
        CaseTerm.due_on == Alert.due_on,
        running(today),
    )
    pairs = deputies.pairs(today)
    stands_in = principal.id.in_(select(pairs.c.away).where(pairs.c.there == AlertRecipient.person_id))
    told = or_(principal.id == AlertRecipient.person_id, stands_in)
    of_case = exists().where(concerns(principal, as_of, handler), told)
    of_office = exists().where(concerns(principal, as_of), told)
    same = and_(
        later.term == Alert.term,
        later.due_on == Alert.due_on,
        later.rung < Alert.rung,
        later.raised_on <= today,
    )
    replaced = exists().where(later.case_id == Alert.case_id, same)
    replaced_report = exists().where(later.case_id.is_(None), later.office_id == Alert.office_id, same)
    signed = exists().where(
        SignedYear.office_id == Alert.office_id, SignedYear.year == extract("year", Alert.due_on) - 1
    )
    report = and_(Alert.case_id.is_(None), of_office, ~replaced_report, ~signed)
    return (
        query.select_from(AlertRecipient)
        .join(Alert, Alert.id == AlertRecipient.alert_id)
        .outerjoin(Case, Case.id == Alert.case_id)
        .outerjoin(handler, handler.id == Case.handler_id)
        .where(Alert.raised_on <= today, or_(and_(runs, of_case, ~replaced, ~_over(today)), report))
    )


def _over(today: Day) -> ColumnElement[bool]:
    """Nothing is asked for in the term any more, and somebody knows: an alert of it was acknowledged, or a
    letter that tells of one was sent. Whoever learns of it first learns it for the office."""
    told, known = aliased(AlertRecipient), aliased(Alert)
    seen = or_(
        told.acknowledged_at.is_not(None), exists().where(Mail.id == told.mail_id, Mail.state == "sent")
    )
    of_term = and_(known.case_id == Alert.case_id, known.term == Alert.term, known.due_on == Alert.due_on)
    return and_(
        Alert.term.in_(TOLD_ONCE),
        Alert.due_on < today,
        exists().where(told.alert_id == known.id, of_term, seen),
    )


def _mark(person_id: int, now: datetime, alerts: Query) -> Update:
    """Acknowledge these alerts and the lesser rungs of their due days. The first time counts."""
    chosen, below = aliased(Alert), aliased(Alert)
    same = and_(
        or_(
            below.case_id == chosen.case_id,
            and_(chosen.case_id.is_(None), below.case_id.is_(None), below.office_id == chosen.office_id),
        ),
        below.term == chosen.term,
        below.due_on == chosen.due_on,
        below.rung >= chosen.rung,
    )
    both = select(below.id).join(chosen, same).where(chosen.id.in_(alerts))
    return (
        update(AlertRecipient)
        .where(AlertRecipient.person_id == person_id, AlertRecipient.acknowledged_at.is_(None))
        .where(AlertRecipient.alert_id.in_(both))
        .values(acknowledged_at=now)
        .execution_options(synchronize_session=False)
    )


def _shown(query: Query, values: Mapping[str, Any] | None = None) -> list[Shown]:
    rows: Sequence[Any] = db.session.execute(query, values).all()
    return [Shown(*row) for row in rows]
