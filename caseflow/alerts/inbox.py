"""What a person has still to acknowledge (提醒), each for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Update, and_, exists, func, select, update
from sqlalchemy.orm import aliased, joinedload

from ..db import db, transaction
from ..models import Alert, AlertRecipient, Case, Person
from . import ladder

Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Shown:
    """One alert as a person sees it."""

    alert: Alert
    case: Case  # with its particulars
    acknowledged_at: datetime | None


def unread(person_id: int, today: date) -> int:
    """How many alerts this person has still to acknowledge."""
    return db.session.scalar(_standing(select(func.count()), person_id, today)) or 0


def waiting(person_id: int, today: date, limit: int) -> list[Shown]:
    """The first ``limit`` alerts to acknowledge, the most urgent first."""
    query = _standing(_SHOWN, person_id, today).order_by(Alert.due_on, Case.id)
    return _shown(query.limit(limit))


def acknowledged(person_id: int, limit: int) -> list[Shown]:
    """The last ``limit`` alerts that this person acknowledged, the newest first."""
    mine = and_(AlertRecipient.person_id == person_id, AlertRecipient.acknowledged_at.is_not(None))
    joined = _SHOWN.select_from(AlertRecipient).join(Alert).join(Case).where(mine)
    return _shown(joined.order_by(AlertRecipient.acknowledged_at.desc(), Alert.id.desc()).limit(limit))


def acknowledge(person_id: int, alert_id: int, now: datetime) -> bool:
    """Acknowledge an alert and the lesser rungs below it; False where it was never shown to this person."""
    with transaction() as session:
        if session.get(AlertRecipient, (alert_id, person_id)) is None:
            return False
        session.execute(_mark(person_id, now, select(Alert.id).where(Alert.id == alert_id)))
    return True


def acknowledge_all(person_id: int, today: date, now: datetime, newest: int | None = None) -> None:
    """Acknowledge all that stands, up to alert ``newest`` where a page says which it showed last."""
    standing = _standing(select(Alert.id), person_id, today)
    if newest is not None:
        standing = standing.where(Alert.id <= newest)
    with transaction() as session:
        session.execute(_mark(person_id, now, standing))


_SHOWN = select(Alert, Case, AlertRecipient.acknowledged_at).options(joinedload(Case.particulars))


def _standing(query: Query, person_id: int, today: date) -> Query:
    """Shown to this person, not acknowledged, and still true: the case runs with that due day, is still
    this person's business, and no more urgent rung has taken the alert's place."""
    handler, later = aliased(Person), aliased(Alert)
    replaced = exists().where(
        later.case_id == Alert.case_id,
        later.term == Alert.term,
        later.due_on == Alert.due_on,
        later.rung < Alert.rung,
    )
    return (
        query.select_from(AlertRecipient)
        .join(Alert, Alert.id == AlertRecipient.alert_id)
        .join(Case, and_(Case.id == Alert.case_id, Case.due_on == Alert.due_on))
        .join(Person, Person.id == AlertRecipient.person_id)
        .outerjoin(handler, handler.id == Case.handler_id)
        .where(AlertRecipient.person_id == person_id, AlertRecipient.acknowledged_at.is_(None))
        .where(ladder.running(today), ladder.concerns(Person, handler), ~replaced)
    )


def _mark(person_id: int, now: datetime, alerts: Query) -> Update:
    """Acknowledge these alerts and the lesser rungs of their due days. The first time counts."""
    chosen, below = aliased(Alert), aliased(Alert)
    same = and_(
        below.case_id == chosen.case_id,
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


def _shown(query: Query) -> list[Shown]:
    rows: Sequence[Any] = db.session.execute(query).all()
    return [Shown(*row) for row in rows]
