"""查询进度: what the applicant sees of their own request, in plain words, and what they may do there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..law import explain, fees, guards
from ..law.casefile import Entry
from ..law.facts import PAYMENT_DAYS
from ..law.letters import BY_CODE as LETTERS
from ..law.outcomes import BY_CODE as OUTCOMES
from ..law.remedies import Where, remedies
from ..law.replay import corrected
from ..law.words import in_full, with_weekday
from ..law.workflow import APPLICANT
from ..models import Document, Letter, LetterOpening, Office, Ticket
from ..reports.casefolder import Folder
from ..stages import record
from ..stages.contact import WISHES
from ..stages.letter_facts import INTERNAL

RECORDED = ("service",)  # letters that are a form of the office's own


@dataclass(frozen=True)
class Served:
    """A letter that stands at the counter."""

    id: int
    title: str
    number: str
    day: str
    opened_at: datetime | None


@dataclass(frozen=True)
class Followed:
    """One request as its applicant sees it."""

    stage: str  # where it stands, in a few words
    told: str  # what that means, and what comes next
    steps: tuple[tuple[str, str], ...]  # day and what happened, the newest first
    due: str  # "" where no day can be named
    due_why: str
    letters: tuple[Served, ...]
    files: tuple[Document, ...]  # what was released with the reply
    remedy: str
    may: frozenset[str]  # acts of the table


def follow(session: Session, folder: Folder, ticket: Ticket, today: date) -> Followed:
    """All of it; letters and files where the applicant agreed to be served at the counter."""
    where, told = stage(folder, today)
    told += _reasons(folder, today)
    due, why = _due(folder, today)
    online = ticket.electronic
    return Followed(
        where, told, _steps(folder, today), due, why,
        tuple(letters(session, folder, today)) if online else (),
        tuple(released(session, folder)) if online else (),
        _remedy(folder, folder.case.office), may(folder, today),
    )  # fmt: skip


def may(folder: Folder, today: date) -> frozenset[str]:
    """What of the table the applicant may do now."""
    desk = guards.Desk(folder.file, folder.clock, folder.calendar, today, None, APPLICANT)
    acts = (
        "receive_correction",
        "receive_reasons",
        "withdraw",
        "change_contact",
        "deliver_reply",
        "deliver_fee_notice",
    )
    return frozenset(act for act in acts if not guards.refusal(desk, act))


# -- where it stands -----------------------------------------------------------------------------


def stage(folder: Folder, today: date) -> tuple[str, str]:
    """Where a request stands in a few words, and what that means for its applicant."""
    case = folder.file
    if case.closed:
        return _closed(folder, today)
    if case.received is None:
        return "等待确认收到", (
            f"{folder.case.office.name}会与您联系，确认收到这份申请；双方确认之日为收到申请之日，"
            "从次一工作日起 20 个工作日内答复。"
        )
    if case.pending:
        return WAITING[case.pending.kind](folder, today)
    if case.stage == "review":
        return "正在审核", "申请已经收到，正在看内容是否清楚、由谁办理。"
    if case.open_consultations:
        return (
            "正在征求意见",
            "申请公开的信息涉及第三方或者其他机关，正在书面征求意见，所需时间不计算在答复期限内。",
        )
    if case.stage == "handle":
        return "正在办理", "正在查找、审核您申请公开的信息。"
    approved = case.draft is not None and case.draft.approved
    return "正在办理", "答复已经审签，就要发给您。" if approved else "答复正在审签，审签以后发给您。"


def _correction(folder: Folder, today: date) -> tuple[str, str]:
    pending = folder.file.pending
    until = pending.last_day(folder.calendar) if pending else None
    last = f"请在 {with_weekday(until, today)} 以前补正" if until else "请在合理期限内补正"
    return "等您补正", (
        f"{last}，答复期限自收到补正之日起重新计算；没有正当理由逾期不补正的，视为放弃申请。"
        + _asked(folder, "request_correction", "需要补正：")
    )


def _fee(folder: Folder, today: date) -> tuple[str, str]:
    pending, notice = folder.file.pending, _last(folder, "fee_notice")
    details = notice.details if notice else {}
    known = pending.last_day(folder.calendar) if pending and (pending.told or pending.until) else None
    sum_ = (
        f"{fees.working(details['tariff'], details['count'])}，共 {details['amount']} 元。"
        if details.get("tariff")
        else ""
    )
    last = (
        f"请在 {with_weekday(known, today)} 以前缴清"
        if known
        else f"请自收到通知次日起 {PAYMENT_DAYS} 个工作日内缴清"
    )
    return "等您缴费", (
        f"信息处理费：{sum_}{last}，缴清以后答复期限重新计算；逾期未缴清的，视为放弃申请。"
        + _asked(folder, "fee_notice", "怎样缴纳：")
    )


WAITING: dict[str, Callable[[Folder, date], tuple[str, str]]] = {"correction": _correction, "fee": _fee}


def _reasons(folder: Folder, today: date) -> str:
    """What the applicant is asked to explain; the term runs on meanwhile (art. 35)."""
    reasons = folder.file.reasons
    if reasons is None or reasons.given or folder.file.closed:
        return ""
    return f"\n请在 {with_weekday(reasons.until, today)} 以前说明理由。" + _asked(
        folder, "ask_reasons", "需要说明："
    )


def _entries(folder: Folder) -> list[Entry]:
    """The record as corrected since, without what was declared void."""
    return corrected(record.entry_of(event) for event in folder.events)


def _last(folder: Folder, act: str) -> Entry | None:
    return next((e for e in reversed(_entries(folder)) if e.act == act), None)


def _asked(folder: Folder, act: str, label: str) -> str:
    """What the office wrote to the applicant with an act, without what it noted for itself."""
    entry = _last(folder, act)
    note = folder.notes.get((entry.details.get("note") or {}).get("id", 0)) if entry else None
    lines = takewhile(lambda line: not line.startswith(INTERNAL), note.text.splitlines() if note else [])
    said = "\n".join(lines)
    return f"\n{label}{said}" if said else ""


def _closed(folder: Folder, today: date) -> tuple[str, str]:
    case = folder.file
    day = in_full(case.closed) if case.closed else ""
    if case.closed_by == "reply":
        anew = "".join(f"\n答复被复议决定、判决纠正，另立 {number} 号重新答复。" for number in _anew(folder))
        return "已经答复", f"{day}发出答复：{OUTCOMES[case.result].label}。{anew}"
    if case.closed_by == "lapsed":
        return "不再处理", f"{day}：{OUTCOMES[case.result].label}。"
    return "已经撤回", f"{day}撤回，不再办理；需要的，可以重新提出申请。"


def _anew(folder: Folder) -> list[str]:
    """The numbers under which the request is answered anew (art. 51)."""
    return [e.details["number"] for e in folder.events if e.act == "redo_reply"]


def _due(folder: Folder, today: date) -> tuple[str, str]:
    clock = folder.clock
    if folder.file.closed or clock is None or clock.due is None or folder.file.pending:
        return "", ""
    facts = folder.file.facts()
    why = explain.sentence(facts, clock, today) if facts else ""
    return with_weekday(clock.due, today), why + ("节假日安排公布以前暂定。" if clock.provisional else "")


# What of the record the applicant is told, in their own terms
STEPS: Mapping[str, str] = {
    "register": "提出申请",
    "confirm_receipt": "双方确认收到，这一天是收到申请之日",
    "accept": "受理，开始办理",
    "request_correction": "告知补正",
    "receive_correction": "收到补正",
    "consult_third_party": "书面征求第三方意见",
    "consult_joint_organ": "书面征求其他机关意见",
    "record_opinion": "征求意见结束",
    "approve_extension": "决定延期答复",
    "defer": "确定延迟答复的日期",
    "ask_reasons": "要求说明理由",
    "receive_reasons": "收到说明的理由",
    "fee_notice": "通知缴费",
    "pay_fee": "缴费",
    "send_reply": "发出答复",
    "deliver_reply": "答复送达",
    "void_reply": "撤销前面的办结，接着办理",
    "withdraw": "撤回申请",
    "lapse_correction": "逾期不补正，不再处理",
    "lapse_fee": "逾期未缴费，不再处理",
    "change_contact": "变更联系方式",
}


WISHED = "登记电子送达、邮件告知的意愿"  # by the same act as another way to be reached


def _steps(folder: Folder, today: date) -> tuple[tuple[str, str], ...]:
    told = (e for e in reversed(_entries(folder)) if e.act in STEPS)
    return tuple(
        (
            with_weekday(e.on, today),
            WISHED if WISHES.keys() >= {*e.details.get("changed", "-")} else STEPS[e.act],
        )
        for e in told
    )


# -- what is served there ------------------------------------------------------------------------


def letters(session: Session, folder: Folder, today: date) -> list[Served]:
    """The letters to the applicant that hold and have left the house, the newest first."""
    query = select(Letter, LetterOpening.opened_at).outerjoin(
        LetterOpening, LetterOpening.letter_id == Letter.id
    )
    rows = session.execute(query.where(Letter.case_id == folder.case.id).order_by(Letter.id.desc()))
    return [
        Served(row.id, LETTERS[row.kind].title, row.number, with_weekday(row.issued_on, today), opened)
        for row, opened in rows
        if is_served(folder, row)
    ]


def is_served(folder: Folder, letter: Letter) -> bool:
    """Whether the applicant may read a letter: a decision once it is sent, or closed by, nothing that was replaced."""
    kind = LETTERS[letter.kind]
    if kind.to != "applicant" or kind.code in RECORDED or letter.sha256 is None or not folder.holds(letter):
        return False
    return not kind.decides or (folder.file.closed is not None and letter.about == folder.file.decided_at)


def released(session: Session, folder: Folder) -> list[Document]:
    """What went to the applicant with the reply, once that was sent."""
    if folder.file.replied is None:
        return []
    rows = session.scalars(
        select(Document).where(
            Document.case_id == folder.case.id, Document.released, Document.sha256.is_not(None)
        ).order_by(Document.n)
    )  # fmt: skip
    gone = folder.void_files | folder.file.outdated | _taken_back(folder)
    return [row for row in rows if row.n not in gone]


def _taken_back(folder: Folder) -> set[int]:
    """The files of a reply that was voided, for a wrong enclosure perhaps: what the next one releases is filed with it."""
    entries = _entries(folder)
    voided = max((e.seq for e in entries if e.act == "void_reply"), default=0)
    filed = (e for e in entries if e.act == "add_files" and e.seq < voided)
    return {document["n"] for e in filed for document in e.details["documents"]}


def _remedy(folder: Folder, office: Office) -> str:
    case = folder.file
    if case.closed is None or case.closed_by not in {"reply", "lapsed"} or not case.result:
        return ""
    where = Where(office.reconsideration_organ, office.court, office.review_channel)
    try:
        return remedies(case.result, case.closed, where, online=bool(where.channel), paper="告知书")
    except ValueError:  # the office hasn't set where
        return ""
