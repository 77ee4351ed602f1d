"""A case as one line of a list: light, what is left, what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..law.applicants import CLASSES
from ..law.receipt import CHANNELS
from ..law.terms import BY_CODE as TERMS
from ..law.words import left_words, with_weekday
from ..law.workdays import Calendar
from ..law.workflow import ARCHIVED, BY_CODE, POSITIONS, ROLES, STAGES
from ..models import Case
from . import access

LIGHTS: dict[str, str] = {
    "late": "逾期",
    "urgent": "紧急",
    "soon": "临近",
    "ok": "正常",
    "running": "在计",
    "hold": "停计",
    "lapsed": "对方逾期",
    "unconfirmed": "待确认",
    "done": "办结",
    "donelate": "逾期办结",
}
URGENT, SOON = 2, 5  # working days left, at most

UNCONFIRMED = {"online": "网上待确认"}  # by channel, where it has a word of its own

WAITS: dict[str, str] = {
    "correction": "补正期限",
    "fee": "缴费期限",
    "consultation": "对方答复期限",
}


@dataclass(frozen=True)
class Due:
    """What is left, in words, and the day."""

    code: str
    text: str
    date: str
    provisional: bool = False


@dataclass(frozen=True)
class Row:
    """One line of a list, as macros/lists.html draws it."""

    id: int
    number: str
    applicant: str
    applicant_class: str
    what: str
    stage_index: int
    stage: str
    channel: str
    received: str
    marks: tuple[str, ...]
    light: str
    light_word: str
    due: Due
    handler: str
    next: str
    next_href: str | None = None


def waits_on(case: Case, today: date) -> str:
    """What stops the clock today: a consultation does so until its last day only."""
    if case.waiting == "consultation" and case.hold_until and case.hold_until < today:
        return ""
    return case.waiting


def light(case: Case, today: date, calendar: Calendar) -> str:
    """The light of a case: by working days left, stopped, or closed."""
    if case.closed_on:
        return "donelate" if case.on_time is False else "done"
    if case.due_on is None or waits_on(case, today):
        return "hold"
    return running_light(case.due_on, today, calendar)


def running_light(due_on: date, today: date, calendar: Calendar) -> str:
    """The light of a running clock, by working days left; late from the day after the due day."""
    if due_on < today:
        return "late"
    left = calendar.left(today, due_on)
    return "urgent" if left <= URGENT else "soon" if left <= SOON else "ok"


def _age(since: date, today: date) -> str:
    """For how many calendar days something has been waiting."""
    days = (today - since).days
    return f"已等 {days} 天" if days else "今天登记"


def due(case: Case, today: date, calendar: Calendar) -> Due:
    """The words beside the light; never a due day while there is none."""
    code = light(case, today, calendar)
    if case.closed_on:
        done = "发出答复" if case.replied_on else "办结"
        return Due(code, f"{with_weekday(case.closed_on, today)} {done}", "")
    if case.received_on is None:
        return Due(code, UNCONFIRMED.get(case.channel, "待双方确认收到"), _age(case.registered_on, today))
    wait = waits_on(case, today)
    if wait:
        until = case.hold_until
        passed = "已过" if until and until < today else ""
        return Due(code, f"{WAITS[wait]}{passed}", with_weekday(until, today) if until else "")
    if case.due_on is None:
        return Due(code, "没有到期日", "")
    text = left_words(today, case.due_on, calendar)
    return Due(code, text, with_weekday(case.due_on, today), case.provisional)


# What is awaited: its term, the act when it comes, and the words of both, before and after the term's last day
AWAITED: dict[str, tuple[str, str, str, str]] = {
    "correction": ("correction", "receive_correction", "等申请人补正", "决定逾期不补正"),
    "fee": ("payment", "pay_fee", "等申请人缴费", "决定逾期未缴费"),
    "consultation": ("consultation", "record_opinion", "等对方意见", "登记对方逾期未答复"),
}


def next_act(case: Case, today: date) -> tuple[str, str]:
    """The likely next act and its word; the act is "" where one waits for somebody outside.

    Once somebody outside has let their term lapse, it is the act which that opens to the office.
    """
    if case.stage == ARCHIVED:
        return "", "已归档"
    if case.stage == "archive":
        return (
            ("deliver_reply", "登记送达")
            if case.replied_on and not case.delivered_on
            else ("archive", "归档")
        )
    if case.stage == "register":
        return "confirm_receipt", "确认收到"
    if case.stage == "reply":
        if case.secrecy_awaited:
            return "review_secrecy", "保密审查"
        return ("send_reply", "发出答复") if case.draft_approved else ("approve_reply", "审签答复")
    if case.extension_asked and case.waiting in {"", "consultation"}:
        return "approve_extension", "批准延期"
    if case.waiting:
        term, comes, wait, lapsed = AWAITED[case.waiting]
        passed = case.hold_until is not None and case.hold_until < today
        return (TERMS[term].offers, lapsed) if passed else (comes, wait)
    return ("accept", "受理") if case.stage == "review" else ("draft_reply", "拟答复")


def row(case: Case, today: date, calendar: Calendar, role: str = "") -> Row:
    """The line of one case; its particulars must be loaded. The next act is a link for its own role."""
    form = case.particulars
    code = light(case, today, calendar)
    word = LIGHTS["unconfirmed" if case.received_on is None and not case.closed_on else code]
    act, words = next_act(case, today)
    mine = bool(act) and role in BY_CODE[act].roles
    if act and role and not mine and not words.startswith("等"):
        words = f"等{'、'.join(ROLES[r] for r in BY_CODE[act].roles)}{words}"
    marks = (("补正", case.corrected), ("征求意见", case.consulted), ("延期", case.extended))
    stages = [*STAGES, ARCHIVED]
    return Row(
        id=case.id,
        number=case.number,
        applicant=form.name if form else "",
        applicant_class=CLASSES[case.applicant_class],
        what=form.content if form else "",
        stage_index=min(stages.index(case.stage) + 1, 5),
        stage=POSITIONS[case.stage],
        channel=CHANNELS[case.channel],
        received=with_weekday(case.received_on, today) if case.received_on else "待确认",
        marks=tuple(name for name, is_so in marks if is_so),
        light=code,
        light_word=word,
        due=due(case, today, calendar),
        handler=case.handler or "未分办",
        next=words,
        next_href=f"/cases/{case.id}/acts/{act}" if mine else None,
    )


def rows(cases: Iterable[Case], today: date, calendar: Calendar, role: str = "") -> list[Row]:
    """The lines of a list."""
    return [row(case, today, calendar, role) for case in cases]


def lines(cases: Iterable[Case]) -> list[Row]:
    """The lines of a list for the person and the day of this request."""
    return rows(cases, access.today(), access.calendar(), access.me().role)
