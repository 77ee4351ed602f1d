"""The due day in a sentence; the steps behind it are the clock's own."""

from __future__ import annotations

from datetime import date

from .clock import Clock
from .facts import REPLY_DAYS, Facts
from .words import left_words, month_day, with_weekday
from .workdays import Calendar

_AWAITED = {"correction": "收到补正", "fee": "缴费"}


def sentence(facts: Facts, clock: Clock, today: date) -> str:
    """Why this day: from where, how many working days, what is taken out, what is added."""
    if clock.due is None:
        name = _AWAITED[clock.waiting]
        until = f"，期限到 {with_weekday(clock.hold_until, today)}" if clock.hold_until else ""
        return f"等申请人{name[-2:]}{until}；等待期间没有到期日，{name}之日起重新计算 {REPLY_DAYS} 个工作日。"
    if facts.deferred_to:
        return f"按第三十五条确定延迟答复，日期为 {with_weekday(facts.deferred_to, today)}，已告知申请人。"
    if clock.waits_on(today) and clock.hold_until:
        return (
            f"正在征求第三方意见，对方最晚 {with_weekday(clock.hold_until, today)} 提出意见；到那天仍不提出的，"
            f"到期日为 {with_weekday(clock.due, today)}，提早收到意见的，到期日相应提前。"
        )
    restarts = [p for p in facts.pauses if p.met == clock.anchor]
    since = _AWAITED[restarts[-1].kind] if restarts else "收到申请"
    parts = [f"从 {month_day(clock.anchor, today)} {since}的次日起算，法定 {REPLY_DAYS} 个工作日"]
    if clock.excluded:
        parts.append(f"扣除征求意见 {clock.excluded} 个工作日")
    if clock.allowed > REPLY_DAYS:
        parts.append(f"延期 {clock.allowed - REPLY_DAYS} 个工作日")
    return "，".join(parts) + "。"


def position(clock: Clock, today: date, calendar: Calendar) -> str:
    """Where the term stands today: 今天是第 22 日，共 25 日."""
    if clock.due is None:
        return "期限停止计算"
    used = max(clock.used(min(today, clock.due), calendar), 0)
    extra = f"，延期 {clock.allowed - REPLY_DAYS} 日" if clock.allowed > REPLY_DAYS else ""
    whole = f"共 {clock.allowed} 日：法定 {REPLY_DAYS} 日{extra}"
    if clock.waits_on(today):
        return f"已计 {used} 日，{whole}；征求意见期间不计"
    if today > clock.due:
        return f"{left_words(today, clock.due, calendar)}，{whole}"
    return f"今天是第 {used} 日，{whole}"
