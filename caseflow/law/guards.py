"""Why an act of the table can't be done on this case today: each condition once, in the words shown.

The conditions themselves stand in ``conditions``. Days given with an act are checked by ``refuse_day``;
all counts are working days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from .casefile import CaseFile, Entry
from .conditions import GUARDS, after_due, late_notice
from .desk import Desk as Desk
from .replay import ASIDE, OF_THE_RECORD, PAPERS, advance, corrected
from .words import in_full, month_day
from .workflow import BY_CODE, POSITIONS, ROLES, may

# Table 4 counts the first whenever they come, and what is public can always be taken down; anything else would write
# on what is no longer there
AFTER_MASKING = frozenset(
    {"open_proceeding", "appeal_proceeding", "close_proceeding", "withdraw_publication"}
)


def refusal(desk: Desk, act: str) -> str:
    """Why ``act`` is closed to this person now; "" if it is open."""
    line = BY_CODE[act]
    if not may(desk.role, desk.case.stage, act):
        if desk.role not in line.doers:
            return f"由{'或者'.join(ROLES[r] for r in line.roles)}办理"
        return f"案件在“{POSITIONS[desk.case.stage]}”阶段"
    if desk.case.masked and act not in AFTER_MASKING:
        return f"个人信息已于 {in_full(desk.case.masked)} 隐去，只能登记复议、诉讼和审结，撤下公开的答复"
    return next((why for need in line.needs if (why := GUARDS[need](desk))), "")


def refuse_day(desk: Desk, act: str, on: date) -> str:
    """Why ``on`` can't be the day of ``act``; "" if it can. An act never precedes what it follows."""
    if on > desk.today:
        return f"日期不能晚于今天（{month_day(desk.today)}）"
    if why := out_of_order(desk.case, act, on):
        return why
    return DAY_RULES[act](desk, on) if act in DAY_RULES else ""


def out_of_order(case: CaseFile, act: str, on: date) -> str:
    """Why ``on`` is too early for ``act`` after what has happened; "" if it is not."""
    earliest, name = _follows(case, act)
    return f"不能早于{name}（{in_full(earliest)}）" if earliest and on < earliest else ""


def disorder(entries: Iterable[Entry], today: date) -> tuple[Entry, str] | None:
    """The first entry whose day contradicts what came before it, and why; None if all are in order.

    Used where a history is laid down or changed as a whole: a correction, a ledger row.
    """
    case = CaseFile()
    for entry in corrected(entries):
        if entry.on > today:
            return entry, f"日期不能晚于今天（{in_full(today)}）"
        why = "" if entry.act in UNORDERED else out_of_order(case, entry.act, entry.on)
        if not why and case.received is None and case.is_open and entry.act not in BEFORE_RECEIPT:
            why = "法定收到日还没有确认"
        if not why:
            advance(case, entry)
            why = contradiction(case)
        if why:
            return entry, why
    return None


def contradiction(case: CaseFile) -> str:
    """What in the facts can't be true together; "" if they fit. Looks at each of several by itself."""
    for c in case.consultations:
        if not _ascending(c.sent, c.delivered, c.opinion):
            return "征求意见的发出、对方收到、提出意见，先后颠倒"
    for p in case.pauses:
        if not all(_ascending(*days) for days in ((p.asked, p.met), (p.told, p.met), (p.asked, p.until))):
            return "告知在前，期限和收到在后"
    if case.reasons and not _ascending(case.reasons.asked, case.reasons.until):
        return "告知在前，期限和收到在后"
    if not _ascending(case.received, case.deferred_to):
        return "延迟答复的日期不能早于法定收到日"
    if case.ordered_to and not _ascending(case.received, case.ordered_to):
        return "复议决定、判决确定的期限不能早于收到决定、判决之日"
    if any(not _ascending(p.opened, p.closed) for p in case.proceedings):
        return "审结不能早于提起"
    if any(p.kind == "reconsideration" and p.after_reconsideration for p in case.proceedings):
        return AFTER_RECONSIDERATION
    return ""


AFTER_RECONSIDERATION = "“经过复议”只用于行政诉讼"


def _ascending(*days: date | None) -> bool:
    known = [day for day in days if day]
    return known == sorted(known)


# Acts whose day says nothing of the case's own course
UNORDERED = frozenset({"register", "assign"}) | OF_THE_RECORD | PAPERS
# What may have happened before the legal receipt
BEFORE_RECEIPT = frozenset({"register", "confirm_receipt", "withdraw"}) | ASIDE


def _follows(case: CaseFile, act: str) -> tuple[date | None, str]:
    """The day that this act can't precede, and what it was."""
    if (
        act in {"withdraw", "lapse_correction", "lapse_fee"}
        and case.latest
        and case.latest >= (case.received or date.min)
    ):
        return case.latest, "上一条记录之日"  # the day of the decision sets the year of the result
    if act in {"deliver_consultation", "record_opinion"} and case.open_consultations:
        return min(c.sent for _, c in case.open_consultations), "发出征求意见之日"
    if act in {"archive", "void_reply"} and case.closed:
        return case.closed, "发出答复之日" if case.replied else "办结之日"
    if act in {"receive_reasons", "defer"} and case.reasons:
        return case.reasons.given or case.reasons.asked, "说明理由、要求说明理由之日"
    if act in EARLIEST:
        return EARLIEST[act](case)
    if act == "close_proceeding":
        days = [p.appealed or p.opened for p in case.proceedings if p.closed is None]
        return min(days, default=None), "提起、上诉之日"
    if act == "send_reply" and case.draft and case.draft.approved_on:
        return max(d for d in (_newest(case), case.draft.approved_on) if d), "审签之日"
    if act in {"send_reply", "draft_reply", "approve_reply"}:
        return _newest(case), "收到申请、补正或者意见之日"
    return case.received, "法定收到日"


def _came(case: CaseFile) -> tuple[date | None, str]:
    """The day a request was in the house: nothing can be confirmed before it."""
    if case.arrived and case.arrived >= (case.submitted or case.arrived):
        return case.arrived, "收到来件之日"
    return case.submitted, "提交之日"


def _brought(case: CaseFile) -> tuple[date | None, str]:
    """The day a suit was brought: nobody appeals before it."""
    return min((p.opened for p in case.proceedings if p.in_first_instance), default=case.received), "提起之日"


def _asked(case: CaseFile) -> tuple[date | None, str]:
    """The day on which the extension to be decided was asked for; a ledger may not tell it."""
    if case.extension_asked:
        return case.extension_asked_on, "申请延期之日"
    return case.received, "法定收到日"


def _awaited(case: CaseFile) -> tuple[date | None, str]:
    """The day on which the applicant was asked for what is awaited; a ledger may not tell it."""
    if case.pending is None:
        return case.received, "法定收到日"
    name = "通知缴费之日" if case.pending.kind == "fee" else "告知补正之日"
    return case.pending.asked or case.received, name


def _fee_told(case: CaseFile) -> tuple[date | None, str]:
    """Nobody pays before the notice came, where it is known when it did."""
    if case.pending and case.pending.told:
        return case.pending.told, "申请人收到收费通知之日"
    return _awaited(case)


def _watched(case: CaseFile) -> tuple[date | None, str]:
    """The last day on which something of the watch happened."""
    watch = case.watch
    return (watch.answered or watch.asked, "督办、答复督办之日") if watch else (case.received, "法定收到日")


def _left(case: CaseFile) -> tuple[date | None, str]:
    """The day the reply last left the house."""
    if case.sent_again:
        return case.sent_again, "再次发出之日"
    return case.closed or case.received, "发出答复之日" if case.replied else "办结之日"


EARLIEST: dict[str, Callable[[CaseFile], tuple[date | None, str]]] = {
    "confirm_receipt": _came,
    "appeal_proceeding": _brought,
    "deliver_reply": _left,
    "return_reply": _left,
    "resend_reply": lambda case: (case.returned or case.received, "退回之日"),
    "receive_correction": _awaited,
    "deliver_fee_notice": _awaited,
    "pay_fee": _fee_told,
    "approve_extension": _asked,
    "refuse_extension": _asked,
    "watch": _watched,
    "answer_watch": _watched,
    "end_watch": _watched,
}


def _newest(case: CaseFile) -> date | None:
    """The last day on which something came in: a reply can't be older than what it answers."""
    opinions = [c.opinion for c in case.consultations if c.opinion]
    restarts = [p.met for p in case.pauses if p.met]
    return max((d for d in [case.received, *opinions, *restarts] if d), default=None)


DAY_RULES: dict[str, Callable[[Desk, date], str]] = {
    "ask_extension": after_due,
    "approve_extension": after_due,
    "defer": after_due,
    "fee_notice": after_due,
    "request_correction": lambda desk, on: late_notice(desk, on) or after_due(desk, on),
}
