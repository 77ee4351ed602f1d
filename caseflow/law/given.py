"""What is said with an act, a period, a day of delivery, an opinion, and why it can't stand.

One table for the act itself and for its correction (更正). Days told to people are calendar days; terms
are counted in working days.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from . import secrecy
from .casefile import Entry, day
from .desk import Desk
from .facts import CONSULTATION_DAYS, Consultation
from .supervision import LONGEST_WATCH
from .words import day_off, month_day
from .workdays import Calendar

LONGEST = 366  # calendar days that could still be called reasonable

Fault = tuple[str, str]  # the detail, or "on" for the day itself; the sentence
Rule = Callable[[Desk, Entry], Fault | None]


def fault(desk: Desk, entry: Entry) -> Fault | None:
    """What in ``entry`` can't stand on the case of ``desk``, which is as it was before it; None if all can."""
    rules = RULES.get(entry.act, ())
    return next((found for rule in rules if (found := rule(desk, entry))), None)


def internal_fault(until: date, first: date, due: date | None, today: date, calendar: Calendar) -> str:
    """Why the office's own period can't end on ``until``: a working day between ``first`` and the due day."""
    if until < first:
        return f"内部期限不能早于{'今天' if first == today else '分办之日'}（{month_day(first, today)}）"
    if due and until > due:
        return f"内部期限不能晚于到期日（{month_day(due, today)}）"
    return day_off(until, calendar)


def _period(desk: Desk, entry: Entry) -> Fault | None:
    """A reasonable period to correct or to give reasons (art. 30, 35)."""
    until = day(entry.details.get("until"))
    if until and until <= entry.on:
        return "until", "期限要晚于告知之日，留出合理的时间"
    if until and (until - entry.on).days > LONGEST:
        return "until", "期限不合理：超过一年"
    return None


def _deferral(desk: Desk, entry: Entry) -> Fault | None:
    """A later day than the term itself gives (art. 35).

    It is the office that sets the day, so a day off is refused rather than rolled on: the applicant is to be
    told the very day that holds.
    """
    until = date.fromisoformat(entry.details["until"])
    due = desk.clock.due if desk.clock else None
    if due and until <= due:
        return "until", f"要晚于现在的到期日（{month_day(due, desk.today)}）"
    if (until - entry.on).days > LONGEST:
        return "until", "日期不合理：超过一年"
    off = day_off(until, desk.calendar)
    return ("until", off) if off else None


def _told(desk: Desk, entry: Entry) -> Fault | None:
    """What changes the term is told to the applicant before the term is over (art. 33, 35)."""
    told, due = day(entry.details.get("told")), desk.clock.due if desk.clock else None
    if told is None:
        return None
    if told < entry.on:
        return "told", f"告知日不能早于批准之日（{month_day(entry.on, desk.today)}）"
    if told > desk.today:
        return "told", f"告知日不能晚于今天（{month_day(desk.today)}）：告知以后延期才有效"
    if due and told > due:
        return "told", f"告知日不能晚于到期日（{month_day(due, desk.today)}）"
    return None


def _fee_told(desk: Desk, entry: Entry) -> Fault | None:
    told = day(entry.details.get("told"))
    if told and not entry.on <= told <= desk.today:
        return "told", "申请人收到通知之日在通知之日以后、不晚于今天"
    return None


def _lapse(desk: Desk, entry: Entry) -> Fault | None:
    """What is given up by silence is given up only after the applicant's last day (art. 30, 42)."""
    pending = desk.case.pending
    last = pending.last_day(desk.calendar) if pending else None
    if pending is None or last is None or entry.on > last:
        return None
    name = "缴费" if pending.kind == "fee" else "补正"
    return "on", f"要在{name}期限（{month_day(last, desk.today)}）届满以后"


def _delivery(desk: Desk, entry: Entry) -> Fault | None:
    delivered, asked = day(entry.details.get("delivered")), _asked(desk, entry)
    sent = asked.sent if asked else entry.on  # the letter that is sent by this entry
    if delivered and delivered > desk.today:
        return "delivered", f"收到日期不能晚于今天（{month_day(desk.today)}）"
    if delivered and delivered < sent:
        return "delivered", f"收到日期不能早于发出之日（{month_day(sent, desk.today)}）"
    return None


def _opinion(desk: Desk, entry: Entry) -> Fault | None:
    """Silence is a fact only after the other's 15 working days (art. 32, 34)."""
    asked = _asked(desk, entry)
    delivered = day(entry.details.get("delivered")) or (asked.delivered if asked else None)
    if delivered is None:
        return None
    if entry.details.get("opinion") != "silent":
        return ("on", "意见不能早于对方收到之日") if entry.on < delivered else None
    limit = desk.calendar.add(delivered, CONSULTATION_DAYS)
    if entry.on <= limit:
        return "on", f"对方的 {CONSULTATION_DAYS} 个工作日到 {month_day(limit, desk.today)}，届满后才算逾期"
    return None


def _asked(desk: Desk, entry: Entry) -> Consultation | None:
    """The consultation that ``entry`` is about; None for the one that it begins."""
    n = entry.details.get("n")
    return next((c for c in desk.case.consultations if c.n == n), None)


def _internal(desk: Desk, entry: Entry) -> Fault | None:
    until, due = day(entry.details.get("internal_until")), desk.clock.due if desk.clock else None
    why = internal_fault(until, entry.on, due, desk.today, desk.calendar) if until else ""
    return ("internal_until", why) if why else None


def _reviewed(desk: Desk, entry: Entry) -> Fault | None:
    return secrecy.disorder(entry.details, entry.on, desk.case.received)


def _redo(desk: Desk, entry: Entry) -> Fault | None:
    """The corrected proceeding that is answered anew, and the last day that was set for it (art. 51)."""
    found = next((p for p in desk.case.proceedings if p.n == entry.details["n"]), None)
    if found is None or found.result != "corrected" or found.closed is None or found.redone:
        return "n", "选择审结为结果纠正、还没有重新答复的一件"
    if entry.on < found.closed:
        return "on", f"收到决定、判决不能早于审结之日（{month_day(found.closed, desk.today)}）"
    until = day(entry.details.get("until"))
    if until is None:
        return None
    if until <= entry.on:
        return "until", f"要晚于收到决定、判决之日（{month_day(entry.on, desk.today)}）"
    if (until - entry.on).days > LONGEST:
        return "until", "日期不合理：超过一年"
    off = day_off(until, desk.calendar)
    return ("until", off) if off else None


def _watch_day(desk: Desk, entry: Entry) -> Fault | None:
    """The day for the answer: a working day, so soon that it is warned of from the first day on."""
    until = date.fromisoformat(entry.details["until"])
    if until < entry.on:
        return "until", f"不能早于督办之日（{month_day(entry.on, desk.today)}）"
    if until > (last := desk.calendar.add(entry.on, LONGEST_WATCH)):
        return "until", f"最长 {LONGEST_WATCH} 个工作日，到 {month_day(last, desk.today)}"
    off = day_off(until, desk.calendar)
    return ("until", off) if off else None


RULES: dict[str, tuple[Rule, ...]] = {
    "accept": (_internal,),
    "assign": (_internal,),
    "request_correction": (_period,),
    "ask_reasons": (_period,),
    "defer": (_deferral, _told),
    "fee_notice": (_fee_told,),
    "consult_third_party": (_delivery,),
    "consult_joint_organ": (_delivery,),
    "record_opinion": (_delivery, _opinion),
    "lapse_correction": (_lapse,),
    "lapse_fee": (_lapse,),
    "approve_extension": (_told,),
    "review_secrecy": (_reviewed,),
    "watch": (_watch_day,),
    "redo_reply": (_redo,),
}
