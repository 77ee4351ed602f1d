"""The due day in a sentence; the steps behind it are the clock's own."""

from __future__ import annotations

from datetime import date

from .clock import Clock
from .facts import REPLY_DAYS, Facts, Party
from .words import left_words, month_day, with_weekday
from .workdays import Calendar
from .working import asked_of

_AWAITED = {"correction": "收到补正", "fee": "缴费"}


def sentence(facts: Facts, clock: Clock, today: date) -> str:
    """Why this day: from where, how many working days, what is taken out, what is added."""
    if clock.due is None:
        return _stopped(facts, clock, today)
    if clock.ordered:
        return (
            f"复议决定、判决确定在 {with_weekday(clock.due, today)} 以前重新答复；从 {month_day(clock.anchor, today)} "
            f"{facts.began_by}的次日起计 {clock.allowed} 个工作日。"
        )
    if clock.deferred:
        return f"按第三十五条确定延迟答复，日期为 {with_weekday(clock.due, today)}，已告知申请人。"
    if asked := clock.asked_on(today):
        consent = "，视为同意公开" if {party for _, party in asked} == {"joint_organ"} else ""  # art. 34
        return (
            f"{_asking(asked, today)}；到那天仍不提出的{consent}，"
            f"到期日为 {with_weekday(clock.due, today)}，提早收到意见的，到期日相应提前。"
        )
    return _counted(facts, clock, today)


def _stopped(facts: Facts, clock: Clock, today: date) -> str:
    """There is no due day while the applicant is awaited (art. 30, 42)."""
    name = _AWAITED[clock.waiting]
    until = f"，期限到 {with_weekday(clock.hold_until, today)}" if clock.hold_until else ""
    words = f"等申请人{name[-2:]}{until}；等待期间没有到期日，{name}之日起重新计算 {clock.allowed} 个工作日"
    if facts.deferred_to:
        words += f"，不早于已确定的延迟答复日期 {with_weekday(facts.deferred_to, today)}"
    asked = clock.asked_on(today)
    return f"{words}。同时{_asking(asked, today)}。" if asked else f"{words}。"


def _asking(asked: list[tuple[date, Party]], today: date) -> str:
    name, _ = asked_of(party for _, party in asked)
    return f"正在{name}，对方最晚 {with_weekday(asked[-1][0], today)} 提出意见"


def _counted(facts: Facts, clock: Clock, today: date) -> str:
    restarts = [p for p in facts.pauses if p.met == clock.anchor]
    since = _AWAITED[restarts[-1].kind] if restarts else facts.began_by
    parts = [f"从 {month_day(clock.anchor, today)} {since}的次日起算，法定 {REPLY_DAYS} 个工作日"]
    if clock.excluded:
        parts.append(f"扣除征求意见 {clock.excluded} 个工作日")
    if clock.allowed > REPLY_DAYS:
        parts.append(f"延期 {clock.allowed - REPLY_DAYS} 个工作日")
    if facts.deferred_to:
        day = with_weekday(facts.deferred_to, today)
        parts.append(f"晚于此前确定的延迟答复日期 {day}，按重新起算的期限")
    return "，".join(parts) + "。"


def position(clock: Clock, today: date, calendar: Calendar) -> str:
    """Where the term stands today: 今天是第 22 日，共 25 日."""
    if clock.due is None:
        return "期限停止计算"
    if clock.deferred:
        return f"{left_words(today, clock.due, calendar)}，按确定的延迟答复日期"
    if clock.ordered:
        return f"{left_words(today, clock.due, calendar)}，按复议决定、判决确定的期限"
    used = max(clock.used(min(today, clock.due), calendar), 0)
    extra = f"，延期 {clock.allowed - REPLY_DAYS} 日" if clock.allowed > REPLY_DAYS else ""
    whole = f"共 {clock.allowed} 日：法定 {REPLY_DAYS} 日{extra}"
    if clock.waits_on(today):
        return f"已计 {used} 日，{whole}；征求意见期间不计"
    if today > clock.due:
        return f"{left_words(today, clock.due, calendar)}，{whole}"
    return f"今天是第 {used} 日，{whole}"
