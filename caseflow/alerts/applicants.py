"""Letters to applicants who asked to be told by e-mail: that something happened, and where to look; never what.

Found from the record, so a missed day is made up for: each event that they are told of, behind the last one that
was looked at for a ticket.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ..config import Settings
from ..db import transaction
from ..law.casefile import CaseFile
from ..law.replay import corrected, replay
from ..models import Case, Event, Mail, Office, Particulars, Ticket
from ..moment import local
from ..stages import record

# By the act: what is said of it
TOLD: dict[str, str] = {
    "register": "已经提交",
    "confirm_receipt": "已经确认收到",
    "request_correction": "需要您补正",
    "approve_extension": "延期答复",
    "defer": "延迟答复",
    "ask_reasons": "需要您说明理由",
    "fee_notice": "需要您缴费",
    "send_reply": "已经答复",
    "void_reply": "原来的办结已经撤销，接着办理",
    "lapse_correction": "不再处理",
    "lapse_fee": "不再处理",
}
# What is told only while it still is so: whoever has answered meanwhile, or whose reply was taken back, is asked nothing
STILL: dict[str, Callable[[CaseFile], bool]] = {
    "request_correction": lambda case: case.pending is not None and case.pending.kind == "correction",
    "fee_notice": lambda case: case.pending is not None and case.pending.kind == "fee",
    "ask_reasons": lambda case: case.is_open and case.reasons is not None and case.reasons.given is None,
    "send_reply": lambda case: case.replied is not None,
    "lapse_correction": lambda case: case.closed_by == "lapsed",
    "lapse_fee": lambda case: case.closed_by == "lapsed",
    "approve_extension": lambda case: case.is_open,
    "defer": lambda case: case.is_open,
}
STILL_NEWS = timedelta(days=30)  # of what is older nobody is told any more
AT_ONCE = 200  # requests in one transaction


def compose(now: datetime, settings: Settings) -> int:
    """Write the letters that are due; returns how many. Without a mail server: none."""
    if not settings.smtp_url:
        return 0
    fresh = Event.at > now - STILL_NEWS, Event.act.in_(TOLD), Event.case_id == Ticket.case_id
    news = exists().where(*fresh, Event.seq > Ticket.told_seq)
    query = (
        select(Ticket, Particulars.email, Office.name)
        .join(Case, Case.id == Ticket.case_id)
        .join(Particulars, Particulars.id == Case.particulars_id)
        .join(Office, Office.id == Case.office_id)
        .where(Ticket.notify, news)
        .order_by(Ticket.case_id)
        .limit(AT_ONCE)
    )
    with transaction() as session:
        count = 0
        for ticket, address, office in session.execute(query.with_for_update(of=Ticket)).all():
            for act in _news(session, ticket) if address else ():
                session.add(_letter(ticket, act, address, office, now, settings))
                count += 1
        session.flush()
        return count


def _always(case: CaseFile) -> bool:
    return True


def _news(session: Session, ticket: Ticket) -> list[str]:
    """What its applicant is to be told now, as the record stands, in its order; with that all of it is looked at."""
    entries = record.entries(session, ticket.case_id)
    case, seen = replay(entries), ticket.told_seq
    ticket.told_seq = case.seq
    acts = [e.act for e in corrected(entries) if e.seq > seen and e.act in TOLD]
    return [act for act in dict.fromkeys(acts) if STILL.get(act, _always)(case)]


def _letter(ticket: Ticket, act: str, address: str, office: str, now: datetime, settings: Settings) -> Mail:
    return Mail(
        person_id=None, case_id=ticket.case_id, address=address, kind=act, created_at=now, next_at=now,
        told_on=local(now).date(), subject=f"政府信息公开申请：{TOLD[act]}",
        body=body(ticket.query_number, act, office, settings.public_url),
    )  # fmt: skip


def body(query_number: str, act: str, office: str, url: str) -> str:
    """The letter: the organ, the 查询号 and what happened; nothing of the request, the applicant or the reply."""
    where = f"请打开 {url}/apply/status" if url else "请在提出申请的网站上打开“查询进度”"
    return (
        f"您好：\n\n您向{office}提出的政府信息公开申请（查询号 {query_number}）：{TOLD[act]}。\n\n"
        f"{where}，输入查询号和查询码查看。\n\n这封信由系统自动发出，不用回复。\n"
    )
