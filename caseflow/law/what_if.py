"""What an act would do to the due day, told before it is recorded: the clock as it is and as it would be.

Everything happens on a copy of the case; all counts are working days.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date

from .casefile import CaseFile, Entry
from .clock import Clock
from .facts import CORRECTION_NOTICE_DAYS
from .replay import OF_THE_RECORD, advance
from .words import with_weekday
from .workdays import Calendar
from .workflow import BY_CODE

# The act that meets a wait, and what has then come (art. 30, 42)
_MET_BY = {
    "request_correction": ("receive_correction", "收到补正"),
    "fee_notice": ("pay_fee", "足额缴费"),
    "deliver_fee_notice": ("pay_fee", "足额缴费"),
}
# What has happened, where that is not the name of the act
_HAPPENED = {
    "receive_correction": "收到补正",
    "pay_fee": "足额缴费",
    "deliver_consultation": "登记对方收到之日",
    "record_opinion": "收到意见",
}


def what_if(file: CaseFile, entry: Entry, calendar: Calendar) -> tuple[Clock | None, Clock | None]:
    """The clock as it is, and as it would be with ``entry``; None where the legal receipt isn't confirmed.

    ``file`` stays as it is. Raises KeyError for an act or detail that is missing, OutsideCalendar beyond the
    years it knows, ValueError for 更正, which changes an entry made before and not the case as it stands.
    """
    return file.clock(calendar), _after(file, entry).clock(calendar)


def sentence(file: CaseFile, entry: Entry, calendar: Calendar, today: date) -> str:
    """The same in words: the due day now, and what ``entry`` would make of it. Raises as ``what_if`` does.

    An extension asked for is shown as it would be if it were approved.
    """
    if entry.act == "ask_extension":
        entry = replace(entry, act="approve_extension")
    now, then = what_if(file, entry, calendar)
    if then is None:
        return "法定收到日还没有确认，没有到期日。"
    return _WORDS.get(entry.act, _plain)(_Trial(file, entry, calendar, today, now, then))


class _Trial:
    """One act tried on one case."""

    def __init__(
        self, file: CaseFile, entry: Entry, calendar: Calendar, today: date, now: Clock | None, then: Clock
    ) -> None:
        self.file, self.entry, self.calendar, self.today = file, entry, calendar, today
        self.now, self.then = now, then

    def day(self, day: date) -> str:
        return with_weekday(day, self.today)

    def due(self, clock: Clock) -> str:
        """The due day, marked where a year's notice is still to come."""
        return (self.day(clock.due) + ("（暂定）" if clock.provisional else "")) if clock.due else "没有"

    @property
    def so_far(self) -> str:
        """到期日现在是 …; the first half of every sentence."""
        return f"到期日现在是 {self.due(self.now)}" if self.now and self.now.due else "现在没有到期日"


def _after(file: CaseFile, *entries: Entry) -> CaseFile:
    copy = deepcopy(file)
    for entry in entries:
        if entry.act in OF_THE_RECORD:
            raise ValueError(f"{entry.act} is not done to a case as it stands")
        advance(copy, entry)
    return copy


def _plain(trial: _Trial) -> str:
    """到期日现在是 12月4日 周五；批准延期 10 个工作日以后是 12月18日 周五."""
    entry, now, then = trial.entry, trial.now, trial.then
    happened = _HAPPENED.get(entry.act, BY_CODE[entry.act].label)
    if entry.act == "approve_extension":
        happened = f"批准延期 {entry.details['days']} 个工作日"
    if then.due is None:
        return f"{trial.so_far}；{happened}以后没有到期日。"
    if now and now.due == then.due:
        return f"{trial.so_far}；{happened}以后不变。"
    return f"{trial.so_far}；{happened}以后是 {trial.due(then)}。"


def _waiting(trial: _Trial) -> str:
    """While the applicant is awaited there is no due day; it is told for the last day of the wait.

    After a late notice (art. 30) the restart may not hold: then the term runs on to the day it is now.
    """
    if trial.entry.details.get("late") and trial.now:
        stays = f"不成立的，到期日仍是 {trial.due(trial.now)}"
        doubt = f"已过告知补正的 {CORRECTION_NOTICE_DAYS} 个工作日，重新计算不一定成立：{stays}"
        return f"{trial.so_far}；{doubt}；成立的，等待期间没有到期日{_met_at_last(trial)}。"
    return f"{trial.so_far}；等待期间没有到期日{_met_at_last(trial)}。"


def _wait_moved(trial: _Trial) -> str:
    """The day the notice came moves the last day to pay, and with it the due day of who pays then."""
    old, new = trial.now.hold_until if trial.now else None, trial.then.hold_until
    told = f"由 {trial.day(old)} 改为 {trial.day(new)}" if old and new and old != new else "不变"
    return f"{trial.so_far}；缴费期限{told}{_met_at_last(trial)}。"


def _met_at_last(trial: _Trial) -> str:
    """，… or ；…: the due day if the applicant does what is awaited on the last day, or what starts then."""
    act, came = _MET_BY[trial.entry.act]
    if (last := trial.then.hold_until) is None:
        return f"，{came}之日起重新计算 {trial.then.allowed} 个工作日"
    met = Entry(trial.entry.seq + 1, act, last, {})
    anew = _after(trial.file, trial.entry, met).clock(trial.calendar)
    if anew is None:  # a case that waits has been received
        return ""
    why = f"{came}之日起重新计算 {anew.allowed} 个工作日"
    if anew.deferred:
        why = "已确定的延迟答复日期，不早于重新计算的期限"
    return f"；最晚 {trial.day(last)} {came}的，到期日是 {trial.due(anew)}（{why}）"


def _consulting(trial: _Trial) -> str:
    """The other's last day, and the due day if the opinion comes only then."""
    limit = _after(trial.file, trial.entry).consultations[-1].limit(trial.calendar)
    asked = f"{trial.so_far}；对方最晚 {trial.day(limit)} 提出意见"
    now, then = trial.now, trial.then
    if now and now.due == then.due:
        return f"{asked}，到期日不变。"
    return f"{asked}，到那天的，到期日是 {trial.due(then)}，提早收到意见的，到期日相应提前。"


_WORDS: dict[str, Callable[[_Trial], str]] = {
    "request_correction": _waiting,
    "fee_notice": _waiting,
    "deliver_fee_notice": _wait_moved,
    "consult_third_party": _consulting,
    "consult_joint_organ": _consulting,
}
