"""The conditions that the table of acts names: each once, in the words shown.

A condition returns why it isn't met, or "" where nothing stands in the way.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from . import secrecy
from .casefile import CaseFile
from .conditions_after import AFTER_THE_REPLY
from .desk import Desk
from .facts import CORRECTION_NOTICE_DAYS, PauseKind
from .words import month_day
from .workdays import Calendar
from .workflow import BY_CODE


def after_due(desk: Desk, on: date) -> str:
    """Why ``on`` is too late to lengthen or stop the term; "" up to the due day."""
    due = desk.clock.due if desk.clock else None
    if due and on > due:
        return f"到期日（{month_day(due, desk.today)}）以后不能再改变期限"
    return ""


def last_notice_day(case: CaseFile, calendar: Calendar) -> date | None:
    """The last of the 7 working days to tell the applicant what is missing (art. 30)."""
    return calendar.add(case.received, CORRECTION_NOTICE_DAYS) if case.received else None


def late_notice(desk: Desk, on: date) -> str:
    """Why ``on`` is too late for the correction notice of anybody but the lead, who tells the reason (art. 30)."""
    last = last_notice_day(desk.case, desk.calendar)
    if desk.role == "lead" or last is None or on <= last:
        return ""
    told = f"补正要在收到之日起 {CORRECTION_NOTICE_DAYS} 个工作日内告知，最后一天是 {month_day(last, desk.today)}"
    return f"{told}；确需补正的，由负责人写明迟延的理由办理"


def _notice_in_time(desk: Desk) -> str:
    return late_notice(desk, desk.today)


def _received(desk: Desk) -> str:
    return "" if desk.case.received else "法定收到日还没有确认"


def _no_correction_pending(desk: Desk) -> str:
    pending = desk.case.pending
    if pending is None:
        return ""
    asked = f"（{month_day(pending.asked, desk.today)} 告知）" if pending.asked else ""
    if pending.kind == "fee":
        return f"正在等申请人缴费{asked}"
    return f"正在等申请人补正{asked}，先登记收到补正"


def _asked_once(kind: PauseKind, words: str) -> Callable[[Desk], str]:
    """One notice only; ``words`` take the day it was given."""

    def why(desk: Desk) -> str:
        asked = [p.asked for p in desk.case.pauses if p.kind == kind and p.asked]
        return words.format(month_day(asked[0], desk.today)) if asked else ""

    return why


def _awaited(kind: PauseKind, words: str) -> Callable[[Desk], str]:
    """The applicant is awaited for that."""
    return lambda desk: "" if desk.case.pending and desk.case.pending.kind == kind else words


def _lapsed(words: str) -> Callable[[Desk], str]:
    """The applicant's last day is over; ``words`` take that day. Nobody told one: nothing to wait for."""

    def why(desk: Desk) -> str:
        last = desk.case.pending.last_day(desk.calendar) if desk.case.pending else None
        return words.format(month_day(last, desk.today)) if last and desk.today <= last else ""

    return why


def _no_reasons_yet(desk: Desk) -> str:
    asked = desk.case.reasons
    return f"已于 {month_day(asked.asked, desk.today)} 要求说明理由" if asked else ""


def _reasons_awaited(desk: Desk) -> str:
    if desk.case.reasons is None:
        return "没有要求过说明理由"
    return "说明的理由已经登记" if desk.case.reasons.given else ""


def _reasons_given(desk: Desk) -> str:
    if desk.case.reasons is None:
        return "先要求申请人说明理由"
    return "" if desk.case.reasons.given else "申请人还没有说明理由"


def _not_deferred_yet(desk: Desk) -> str:
    until = desk.case.deferred_to
    return f"已确定延迟至 {month_day(until, desk.today)} 答复" if until else ""


def _not_deferred(desk: Desk) -> str:
    """More days change nothing where the due day is the one that was set (art. 35)."""
    if desk.clock is None or not desk.clock.deferred or desk.clock.due is None:
        return ""
    return f"已按第三十五条确定延迟至 {month_day(desk.clock.due, desk.today)} 答复，延期不再改变到期日"


def _is_handler(desk: Desk) -> str:
    case = desk.case
    if desk.role == "lead" or case.handler_id is None or case.handler_id == desk.actor_id:
        return ""
    return f"由本案经办人 {case.handler} 起草；需要换人的，先改派"


def _fee_notice_undelivered(desk: Desk) -> str:
    pending = desk.case.pending
    if pending is None or pending.told is None:
        return ""
    return f"申请人收到通知的日期（{month_day(pending.told, desk.today)}）已经登记"


def _consulting(desk: Desk) -> str:
    return "" if desk.case.open_consultations else "没有正在征求的意见"


def _consultation_undelivered(desk: Desk) -> str:
    if any(c.delivered is None for _, c in desk.case.open_consultations):
        return ""
    return "对方收到的日期已经登记"


def _no_extension_yet(desk: Desk) -> str:
    if desk.case.extensions:
        days = sum(e.days for e in desk.case.extensions)
        return f"延期只能一次，已批准 {days} 个工作日（第三十三条）"
    return "已经申请，等负责人决定" if desk.case.extension_asked else ""


def _before_due(desk: Desk) -> str:
    return after_due(desk, desk.today)


def _extension_asked(desk: Desk) -> str:
    return "" if desk.case.extension_asked else "没有待批的延期申请"


def _draft_open(desk: Desk) -> str:
    draft = desk.case.draft
    if draft is None:
        return "没有待审签的答复稿"
    return "已经审签，等经办人发出" if draft.approved else ""


def _not_own_draft(desk: Desk) -> str:
    draft = desk.case.draft
    if draft and draft.by == desk.actor_id:
        return "不能审签自己起草的答复"
    return ""


def _not_yet_approved(desk: Desk) -> str:
    draft = desk.case.draft
    return "答复稿已经审签；要重新审查的，先退回" if draft and draft.approved else ""


def _secrecy_reviewed(desk: Desk) -> str:
    draft = desk.case.draft
    return secrecy.refusal(draft.result, desk.case.secrecy) if draft else ""


def _draft_approved(desk: Desk) -> str:
    draft = desk.case.draft
    return "" if draft and draft.approved else "先由负责人审签答复稿"


GUARDS: dict[str, Callable[[Desk], str]] = {
    "received": _received,
    "no_correction_pending": _no_correction_pending,
    "no_correction_yet": _asked_once("correction", "只能一次，已于 {} 告知（第三十条）"),
    "notice_in_time": _notice_in_time,
    "waiting_correction": _awaited("correction", "没有告知过补正，或者已经收到补正"),
    "correction_overdue": _lapsed("补正期限到 {}，尚未届满"),
    "no_fee_yet": _asked_once("fee", "已于 {} 通知收费：按件、按量只计一种，一次"),
    "waiting_fee": _awaited("fee", "没有通知过收费，或者已经缴费"),
    "fee_notice_undelivered": _fee_notice_undelivered,
    "fee_overdue": _lapsed("缴费期限到 {}，尚未届满"),
    "no_reasons_yet": _no_reasons_yet,
    "reasons_awaited": _reasons_awaited,
    "reasons_given": _reasons_given,
    "not_deferred_yet": _not_deferred_yet,
    "not_deferred": _not_deferred,
    "is_handler": _is_handler,
    "consulting": _consulting,
    "consultation_undelivered": _consultation_undelivered,
    "no_extension_yet": _no_extension_yet,
    "before_due": _before_due,
    "extension_asked": _extension_asked,
    "draft_open": _draft_open,
    "not_own_draft": _not_own_draft,
    "not_yet_approved": _not_yet_approved,
    "secrecy_reviewed": _secrecy_reviewed,
    "draft_approved": _draft_approved,
    **AFTER_THE_REPLY,
}

if odd := {need for act in BY_CODE.values() for need in act.needs} ^ set(GUARDS):
    raise RuntimeError(f"conditions without a guard, or guards without a condition: {sorted(odd)}")
