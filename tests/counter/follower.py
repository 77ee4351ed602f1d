"""An applicant at the counter, without its pages: ticket, folder and acts."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from sqlalchemy import select

from caseflow.calendars import store
from caseflow.counter import acts, tickets
from caseflow.db import db, transaction
from caseflow.models import Case, Event, Letter
from caseflow.reports import casefolder
from caseflow.reports.casefolder import Folder
from caseflow.stages import letters, register
from caseflow.stages.papers import Upload
from tests.stages.drive import do
from tests.support.office import DeskOffice, approve, row, seq

TYPED = {"reply_granted": {"公开内容": "结算报告", "提供方式": "网上"}, "fee": {"缴纳方式": "银行"}}


def ticket_of(office: DeskOffice, case_id: int, today: date, **wishes: Any) -> tickets.Given:
    """A ticket for a case."""
    with transaction() as session:
        case = session.get_one(Case, case_id)
        return tickets.issue(session, case, now=office.work("clerk", today).now, **wishes)


def folder_of(case_id: int) -> Folder:
    """The case opened for reading, as it stands now."""
    db.session.rollback()
    case = casefolder.found(db.session(), case_id)
    assert case is not None
    return casefolder.open_folder(case, store.current())


def applicant(office: DeskOffice, case_id: int, today: date) -> acts.Applicant:
    """Whoever asked, at nine in the morning of a day."""
    work = office.work("clerk", today)
    return acts.applicant(row(case_id), work.now, today, work.calendar)


def letter(office: DeskOffice, case_id: int, kind: str, after: str, today: date) -> Letter:
    """A letter about the last entry of an act."""
    about = last(case_id, after).seq
    clerk = office.work("clerk", today)
    letter_id = letters.issue(clerk, case_id, seq(case_id), kind, about, TYPED.get(kind, {}))
    return db.session.get_one(Letter, letter_id)


def last(case_id: int, act: str) -> Event:
    """The last entry of an act."""
    query = select(Event).where(Event.case_id == case_id, Event.act == act).order_by(Event.seq.desc())
    return db.session.scalars(query.limit(1)).one()


def upload(name: str) -> Upload:
    """A scan; another content for each name."""
    return Upload(name, io.BytesIO(f"%PDF-1.7 {name}".encode()))


def unconfirmed(office: DeskOffice, today: date) -> int:
    """A request that came over the net and that nobody has confirmed."""
    form = register.Application("natural_person", "林国栋", "结算报告", phone="13805051024")
    arrival = register.Arrival("online", submitted=today)
    return register.register(office.work("clerk", today), arrival, form)[0].id


def drafted(office: DeskOffice, case_id: int, today: date, result: str = "granted") -> Letter:
    """The letter of a reply that is drafted and approved and hasn't left the house."""
    do(office, case_id, "draft_reply", today, result=result)
    approve(office.work("lead", today), case_id)
    return letter(office, case_id, "reply_granted", "draft_reply", today)
