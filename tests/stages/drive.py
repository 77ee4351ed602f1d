"""Every act of the table through its service, with plausible answers: one table for all tests of the desk."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from caseflow.calendars import store
from caseflow.db import db
from caseflow.law.replay import replay
from caseflow.law.workflow import BY_CODE
from caseflow.models import CaseLink, CaseTerm, Office, ProceedingRow
from caseflow.publications import acts as publications
from caseflow.stages import (
    archive,
    contact,
    correct,
    fees,
    handle,
    letters,
    links,
    papers,
    proceedings,
    reasons,
    record,
    redo,
    register,
    reply,
    review,
    secrecy,
    supervision,
)  # fmt: skip
from caseflow.stages.desk import Work
from caseflow.stages.errors import Refused
from tests.law.days import day
from tests.support.office import DeskOffice, complete, found, reviewed, row, seq

TUESDAY = date(2026, 9, 22)  # the day on which most of these tests happen

ARRIVAL = register.Arrival("online", submitted=TUESDAY)  # not yet confirmed with the applicant
FORM = {"applicant_class": "natural_person", "name": "林国栋", "content": "某路改造工程结算报告"}
CHANGED = {"address": "学府路 12 号"}

ANSWER = publications.Answer("道路改造的结算", "某路改造工程的结算报告", "结算报告见附件", "useful")

Given = Mapping[str, Any]
Service = Callable[[Work, int, int, Given], Any]


def scan(name: str = "申请书.pdf", content: bytes = b"%PDF-1.7 scan") -> papers.Upload:
    """A file as it comes from the scanner."""
    return papers.Upload(name, io.BytesIO(content))


def received_by(case_id: int) -> int:
    """The entry by which the request was received: the one its receipt tells of."""
    entries = record.entries(db.session(), case_id)
    return max((e.seq for e in entries if e.act in {"register", "confirm_receipt"}), default=0)


def prepare(office: DeskOffice, case_id: int, act: str, today: date = TUESDAY) -> None:
    """What the desk does before an act that needs it: the secrecy review, the papers of the folder."""
    if act == "approve_reply" and row(case_id).secrecy_awaited:
        do(office, case_id, "review_secrecy", today)
    if act == "archive":
        complete(office.work("clerk", today), case_id)


ELSEWHERE = "ZJJ"  # another organ, where a request may be made anew


def elsewhere() -> None:
    """Set that organ up with a case, the 2026-1, unless it stands already."""
    if not elsewhere_id():
        found(ELSEWHERE, "石狮市住房和城乡建设局").register(TUESDAY)


def elsewhere_id() -> int:
    """That organ; 0 while there is none."""
    return db.session.scalar(select(Office.id).where(Office.code == ELSEWHERE)) or 0


# Each act with what its form would say; "given" overrides it.
DO: dict[str, Service] = {
    "confirm_receipt": lambda w, c, s, g: register.confirm_receipt(w, c, s, g["on"]),
    "accept": lambda w, c, s, g: review.accept(w, c, s, g["on"], g["handler_id"]),
    "request_correction": lambda w, c, s, g: review.request_correction(
        w, c, s, g["on"], g["until"], g.get("note", "请写明年份"), g.get("delay", "")
    ),
    "receive_correction": lambda w, c, s, g: review.receive_correction(w, c, s, g["on"]),
    "lapse_correction": lambda w, c, s, g: review.lapse_correction(w, c, s, g["on"], "没有补正"),
    "draft_reply": lambda w, c, s, g: reply.draft_reply(w, c, s, g.get("result", "granted"), "依据"),
    "consult_third_party": lambda w, c, s, g: handle.consult_third_party(
        w, c, s, g["on"], "鸿川公司", g.get("note", "涉及贵公司"), g.get("delivered")
    ),
    "consult_joint_organ": lambda w, c, s, g: handle.consult_joint_organ(
        w, c, s, g["on"], "市住建局", g.get("note", "共同制作"), g.get("delivered")
    ),
    "ask_reasons": lambda w, c, s, g: reasons.ask_reasons(
        w, c, s, g["on"], g["until"], g.get("note", "本月第 40 件，说明理由")
    ),
    "receive_reasons": lambda w, c, s, g: reasons.receive_reasons(w, c, s, g["on"], "课题需要"),
    "defer": lambda w, c, s, g: reasons.defer(
        w, c, s, g.get("deferred_to", w.calendar.add(w.today, 45)), g.get("note", "数量大")
    ),
    "fee_notice": lambda w, c, s, g: fees.fee_notice(
        w, c, s, g["on"], g.get("tariff", "pages"), g.get("count", 100), g.get("told")
    ),
    "deliver_fee_notice": lambda w, c, s, g: fees.deliver_fee_notice(w, c, s, g["on"]),
    "pay_fee": lambda w, c, s, g: fees.pay_fee(w, c, s, g["on"]),
    "lapse_fee": lambda w, c, s, g: fees.lapse_fee(w, c, s, g["on"], "没有缴费"),
    "deliver_consultation": lambda w, c, s, g: handle.deliver_consultation(w, c, s, g["on"], g.get("n", 1)),
    "record_opinion": lambda w, c, s, g: handle.record_opinion(
        w, c, s, g["on"], g.get("n", 1), g.get("opinion", "consent"), g.get("delivered", g["on"]), "同意"
    ),
    "ask_extension": lambda w, c, s, g: handle.ask_extension(
        w, c, s, g.get("days", 10), g.get("note", "材料多")
    ),
    "approve_extension": lambda w, c, s, g: handle.approve_extension(
        w, c, s, g.get("days", 10), g.get("told", w.today)
    ),
    "refuse_extension": lambda w, c, s, g: handle.refuse_extension(w, c, s, g.get("note", "理由不足")),
    "assign": lambda w, c, s, g: handle.assign(w, c, s, g.get("to", g["colleague_id"])),
    "review_secrecy": lambda w, c, s, g: secrecy.review_secrecy(
        w, c, s, g["on"], g.get("by", reviewed(g["on"])), g.get("conclusion", "open")
    ),
    "approve_reply": lambda w, c, s, g: reply.approve_reply(w, c, s),
    "send_back": lambda w, c, s, g: reply.send_back(w, c, s, g.get("note", "依据不足")),
    "send_reply": lambda w, c, s, g: reply.send_reply(w, c, s, g["on"], g.get("how", "ems")),
    "deliver_reply": lambda w, c, s, g: reply.deliver_reply(w, c, s, g["on"]),
    "return_reply": lambda w, c, s, g: reply.return_reply(w, c, s, g["on"], g.get("note", "查无此人")),
    "resend_reply": lambda w, c, s, g: reply.resend_reply(w, c, s, g["on"], g.get("how", "ems"), "EMS 1024"),
    "withdraw": lambda w, c, s, g: archive.withdraw(w, c, s, g["on"], "来电撤回"),
    "archive": lambda w, c, s, g: archive.archive(w, c, s, g["on"]),
    "open_proceeding": lambda w, c, s, g: proceedings.open_proceeding(
        w, c, s, g["on"], g.get("kind", "suit"), g.get("after", False)
    ),
    "appeal_proceeding": lambda w, c, s, g: proceedings.appeal_proceeding(w, c, s, g["on"], g.get("n", 1)),
    "close_proceeding": lambda w, c, s, g: proceedings.close_proceeding(
        w, c, s, g["on"], g.get("n", 1), g.get("result", "corrected")
    ),
    "redo_reply": lambda w, c, s, g: redo.redo_reply(w, c, s, g["on"], g.get("n", 1), g.get("set_day")),
    "link_case": lambda w, c, s, g: links.link_case(
        w, c, s, g.get("office_id", elsewhere_id()), g.get("number", "2026-1")
    ),
    "propose_publication": lambda w, c, s, g: publications.propose(
        w, c, s, g.get("answer", ANSWER), g.get("uploads", ()), g.get("chosen", ()), looked=g.get("looked", False),
        note=g.get("note", ""),
    ),
    "approve_publication": lambda w, c, s, g: publications.approve(w, c, s, looked=g.get("looked", False)),
    "refuse_publication": lambda w, c, s, g: publications.refuse(w, c, s, g.get("note", "写得再清楚些")),
    "withdraw_publication": lambda w, c, s, g: publications.withdraw(w, c, s, g.get("note", "内容过时了")),
    "change_contact": lambda w, c, s, g: contact.change_contact(
        w, c, s, {"contact_person": "", "phone": "", "email": "", "address": f"学府路 {s} 号"} | g.get("contact", {})
    ),
    "issue_letter": lambda w, c, s, g: letters.issue(w, c, s, "receipt", g.get("about", received_by(c)), {}),
    "add_files": lambda w, c, s, g: papers.add_files(w, c, s, [g.get("upload", scan())], g.get("file", "request")),
    "watch": lambda w, c, s, g: supervision.watch(
        w, c, s, g.get("watch_until", w.calendar.add(w.today, 5)), g.get("note", "抓紧答复")
    ),
    "answer_watch": lambda w, c, s, g: supervision.answer_watch(w, c, s, g.get("note", "明天发出")),
    "end_watch": lambda w, c, s, g: supervision.end_watch(w, c, s),
    "hold_accountable": lambda w, c, s, g: supervision.hold_accountable(
        w, c, s, g.get("cause", "handling"), g.get("measure", "explained"), g.get("note", "经办人请假没有交接")
    ),
    "void_reply": lambda w, c, s, g: reply.void_reply(w, c, s, g.get("note", "发错了")),
    "correct": lambda w, c, s, g: correct.correct_particulars(
        w, c, s, g.get("arrival", ARRIVAL), register.Application(**FORM | CHANGED | g.get("form", {})),
        g.get("note", "地址写错了"),
    ),
}  # fmt: skip


def do(
    office: DeskOffice, case_id: int, act: str, today: date = TUESDAY, who: str = "", **given: Any
) -> None:
    """Do an act on a day, by the first role that may unless ``who`` says otherwise; what it needs comes first."""
    if "seen" not in given:
        prepare(office, case_id, act, today)
    act_alone(office, case_id, act, today, who, **given)


def act_alone(office: DeskOffice, case_id: int, act: str, today: date, who: str = "", **given: Any) -> None:
    """The act and nothing before it."""
    who = who or BY_CODE[act].roles[0]
    seen = given.pop("seen") if "seen" in given else seq(case_id)
    DO[act](office.work(who, today), case_id, seen, answers(office, today) | given)


def answers(office: DeskOffice, today: date) -> dict[str, Any]:
    """What every form is answered with unless a test says otherwise."""
    return {
        "on": today,
        "until": today + timedelta(days=10),
        "handler_id": office.people["clerk"],
        "colleague_id": office.people["colleague"],
    }


def refused(office: DeskOffice, case_id: int, act: str, today: str, **given: Any) -> tuple[str, str]:
    """The field and the reason of a refusal, which leaves the case as it is."""
    before = seq(case_id)
    with pytest.raises(Refused) as why:
        act_alone(office, case_id, act, day(today), **given)
    assert seq(case_id) == before
    return why.value.field, why.value.reason


# What leads to each position, and what must have been done before an act there
WAY = {
    "register": [],
    "review": ["confirm_receipt"],
    "handle": ["confirm_receipt", "accept"],
    "reply": ["confirm_receipt", "accept", "draft_reply"],
    "archive": ["confirm_receipt", "accept", "draft_reply", "approve_reply", "send_reply"],
    "archived": ["confirm_receipt", "accept", "draft_reply", "approve_reply", "send_reply", "archive"],
}
BEFORE = {
    "resend_reply": ["return_reply"],
    "receive_correction": ["request_correction"],
    "lapse_correction": ["request_correction"],
    "deliver_consultation": ["consult_third_party"],
    "record_opinion": ["consult_third_party"],
    "receive_reasons": ["ask_reasons"],
    "defer": ["ask_reasons", "receive_reasons"],
    "deliver_fee_notice": ["fee_notice"],
    "pay_fee": ["fee_notice"],
    "lapse_fee": ["fee_notice"],
    "approve_extension": ["ask_extension"],
    "refuse_extension": ["ask_extension"],
    "send_reply": ["approve_reply"],
    "appeal_proceeding": ["open_proceeding"],
    "close_proceeding": ["open_proceeding"],
    "redo_reply": ["open_proceeding", "close_proceeding"],
    "approve_publication": ["propose_publication"],
    "refuse_publication": ["propose_publication"],
    "withdraw_publication": ["propose_publication", "approve_publication"],
    "answer_watch": ["watch"],
    "end_watch": ["watch"],
}
LATE = {"lapse_correction": 11, "lapse_fee": 40, "hold_accountable": 45}  # calendar days until it may be done


RESULT = {"link_case": "unavailable_not_held"}  # of the reply that an act rests on, where it matters which


def at(office: DeskOffice, position: str, sent: date = TUESDAY, result: str = "granted") -> int:
    """A case that stands at a position, its reply sent on that day."""
    (case,) = register.register(office.work("clerk", TUESDAY), ARRIVAL, register.Application(**FORM))
    case_id = case.id
    for act in WAY[position]:
        day = sent if act in {"send_reply", "archive"} else TUESDAY
        do(office, case_id, act, day, **({"result": result} if act == "draft_reply" else {}))
    return case_id


def ready(office: DeskOffice, position: str, act: str) -> tuple[int, date]:
    """A case at a position on which nothing stands in the way of an act, and the day for it."""
    consulting = "consult_third_party" in BEFORE.get(act, [])
    today = TUESDAY + timedelta(days=LATE.get(act, 0))
    if act == "link_case":
        elsewhere()
    case_id = at(office, "handle" if consulting else position, today, RESULT.get(act, "granted"))
    for step in BEFORE.get(act, []):
        do(office, case_id, step)
    prepare(office, case_id, act)
    if consulting and position == "reply":  # a consultation begins in 办理 only, and may end later
        do(office, case_id, "draft_reply")
    return case_id, today


def assert_replayed(case_id: int) -> None:
    """The row says what its events say, by the edition of the calendar that it names."""
    case = row(case_id)
    file = replay(record.entries(db.session(), case_id))
    replayed = record.summary(file, store.edition(case.calendar_version))
    assert {name: getattr(case, name) for name in replayed} == replayed
    kept = db.session.scalars(select(ProceedingRow).where(ProceedingRow.case_id == case_id))
    written = [{c.key: getattr(p, c.key) for c in ProceedingRow.__table__.columns} for p in kept]
    assert written == record.proceeding_rows(case_id, case.office_id, file)
    links_ = db.session.execute(select(CaseLink.case_id, CaseLink.kind).where(CaseLink.other_id == case_id))
    assert sorted(map(tuple, links_)) == sorted(file.links)
    calendar = store.edition(case.calendar_version)
    lengths = record.term_lengths(db.session())
    running = record.term_rows(case_id, file, calendar, lengths, case.imported)
    terms = db.session.scalars(select(CaseTerm).where(CaseTerm.case_id == case_id))
    standing = [{c.key: getattr(t, c.key) for c in CaseTerm.__table__.columns} for t in terms]
    assert sorted(standing, key=str) == sorted(running, key=str)
