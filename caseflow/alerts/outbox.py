"""The outbox (发件箱) as an administrator sees it: what waits, what is uncertain, what was given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from ..db import db, transaction
from ..models import AlertRecipient, Case, Mail, Particulars, Person

STILL = timedelta(minutes=5)  # longer than sending takes; until then the letter may be on its way


class NotNow(Exception):
    """A letter can't be sent again; the message says why."""


@dataclass(frozen=True)
class Sent:
    """One letter and whom it is for."""

    mail: Mail
    person: str


def counts() -> dict[str, int]:
    """How many letters of the whole instance are in each state but ``sent``."""
    query = select(Mail.state, func.count()).where(Mail.state != "sent").group_by(Mail.state)
    return {"waiting": 0, "sending": 0, "given_up": 0, **{s: n for s, n in db.session.execute(query)}}


APPLICANT = "申请人"  # whoever it is, an administrator isn't told


def _letters(office_id: int) -> Select[Mail, str]:
    """The letters to the people of an office and to its applicants, each with whom it is for."""
    query = select(Mail, func.coalesce(Person.name, APPLICANT)).outerjoin(Person, Person.id == Mail.person_id)
    return query.outerjoin(Case, Case.id == Mail.case_id).where(
        func.coalesce(Person.office_id, Case.office_id) == office_id
    )


def unsent(office_id: int, limit: int) -> list[Sent]:
    """Letters that were not sent, those that need a decision first."""
    query = _letters(office_id).where(Mail.state != "sent")
    rows = db.session.execute(query.order_by(Mail.state == "waiting", Mail.id.desc()).limit(limit))
    return [Sent(*row) for row in rows]


def sent(office_id: int, limit: int) -> list[Sent]:
    """The last letters sent, the newest first."""
    query = _letters(office_id).where(Mail.state == "sent")
    rows = db.session.execute(query.order_by(Mail.sent_at.desc(), Mail.id.desc()).limit(limit))
    return [Sent(*row) for row in rows]


def find(office_id: int, mail_id: int) -> Sent | None:
    """A letter to somebody of this office, or to an applicant of its."""
    row = db.session.execute(_letters(office_id).where(Mail.id == mail_id)).one_or_none()
    return Sent(*row) if row else None


def may_go_again(mail: Mail, now: datetime) -> bool:
    """Whether an administrator may have this letter sent again."""
    return mail.state == "given_up" or (mail.state == "sending" and abs(now - mail.next_at) >= STILL)


def again(office_id: int, mail_id: int, now: datetime) -> None:
    """Let an uncertain or a given-up letter be sent once more, to the address the person has now.

    Raises NotNow, LookupError for a letter that this office doesn't have.
    """
    with transaction() as session:
        mail = _locked(session, office_id, mail_id)
        if not may_go_again(mail, now):
            raise NotNow(
                "这封信正在等待发送或者已经发出"
                if mail.state != "sending"
                else "刚刚还在发送，五分钟以后再看"
            )
        address = _address(session, mail)
        if not address:
            raise NotNow("收件人没有电子邮箱，或者账号已经停用")
        mail.state, mail.tries, mail.error = "waiting", 0, ""
        mail.address, mail.next_at = address, now


def _address(session: Session, mail: Mail) -> str:
    """Where whom a letter is for is to be reached now; "" for nowhere."""
    if mail.person_id is None:
        form = select(Particulars.email).join(Case, Case.particulars_id == Particulars.id)
        return session.scalar(form.where(Case.id == mail.case_id)) or ""
    person = session.get_one(Person, mail.person_id)
    return "" if person.disabled else person.email


def follow_people(now: datetime) -> None:
    """Letters that wait go to the address the person has now, and to nobody whose account was closed or who
    has none: those are taken back, as are those that tell the new address what it was told already."""
    moved = or_(Person.disabled, Person.email != Mail.address)
    query = select(Mail, Person).join(Person).where(Mail.state == "waiting", moved).order_by(Mail.id)
    with transaction() as session:
        for mail, person in session.execute(query.with_for_update(of=Mail)).all():
            if person.disabled or not person.email or _was_told(session, person.email, mail.id):
                take_back(session, [mail.id])
                continue
            # who shared the old address is told there by a letter of their own
            _free(session, AlertRecipient.mail_id == mail.id, AlertRecipient.person_id != person.id)
            mail.address, mail.tries, mail.next_at, mail.error = person.email, 0, now, ""


def take_back(session: Session, ids: Sequence[int]) -> None:
    """Drop letters that surely never left: the next pass writes anew what of theirs still stands."""
    if ids:
        _free(session, AlertRecipient.mail_id.in_(ids))
        session.execute(delete(Mail).where(Mail.id.in_(ids)).execution_options(synchronize_session=False))


def _free(session: Session, *which: ColumnElement[bool]) -> None:
    free = update(AlertRecipient).where(*which).values(mail_id=None)
    session.execute(free.execution_options(synchronize_session=False))


def _was_told(session: Session, address: str, mail_id: int) -> bool:
    """Whether a letter to this address tells of something that the given one tells of."""
    other = aliased(AlertRecipient)
    query = select(Mail.id).join(other, other.mail_id == Mail.id)
    query = query.join(AlertRecipient, AlertRecipient.alert_id == other.alert_id)
    query = query.where(AlertRecipient.mail_id == mail_id, Mail.id != mail_id)
    return session.scalar(query.where(func.lower(Mail.address) == address.lower()).limit(1)) is not None


def _locked(session: Session, office_id: int, mail_id: int) -> Mail:
    row = session.execute(
        _letters(office_id).where(Mail.id == mail_id).with_for_update(of=Mail)
    ).one_or_none()
    if row is None:
        raise LookupError(mail_id)
    return row[0]
