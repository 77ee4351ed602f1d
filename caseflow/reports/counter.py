"""What applicants did at the counter that nobody at the desk has taken up yet: the last thing that happened on a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from ..db import db
from ..models import Case, Event

# Files come with a correction, as an event of their own after it
DONE: dict[str, str] = {
    "receive_correction": "补正了", "add_files": "补正了，附有文件", "receive_reasons": "说明了理由", "withdraw": "撤回了申请",
    "change_contact": "变更了联系方式",
}  # fmt: skip
STANDS = timedelta(days=30)  # after that it is no news any more
LONGEST = 12  # lines


@dataclass(frozen=True)
class News:
    """One case, and what its applicant did."""

    case: Case
    what: str
    on: date


def news(office_id: int, person_id: int | None, now: datetime) -> list[News]:
    """The newest first, of one person's cases and those that nobody has, or of all; one query."""
    last = and_(Event.case_id == Case.id, Event.seq == Case.seq)
    asked = Case.received_on.is_not(None) | Case.closed_on.is_not(None)  # a new request has a list of its own
    mine = [or_(Case.handler_id == person_id, Case.handler_id.is_(None))] if person_id else []
    query = (
        select(Case, Event.act, Event.on)
        .join(Event, last)
        .where(Event.at > now - STANDS, Event.act.in_(DONE), Event.source == "counter")
        .where(Case.office_id == office_id, asked, *mine)
        .options(joinedload(Case.particulars))
        .order_by(Event.id.desc())
        .limit(LONGEST)
    )
    return [News(case, DONE[act], on) for case, act, on in db.session.execute(query)]
