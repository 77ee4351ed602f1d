"""What an act would do to the due day, shown before it is confirmed: the day as it is and as it would be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ..law import guards, what_if
from ..law.casefile import Entry
from ..law.clock import Clock
from ..law.facts import PAYMENT_DAYS
from ..law.replay import advance
from ..law.words import month_day, with_weekday
from ..law.workdays import Calendar, OutsideCalendar
from ..reports.casefolder import Folder
from ..stages import fees
from ..stages.errors import Refused
from . import access
from .act_forms import ActForm, FeeNotice


class Untold(Exception):
    """Why the due day can't be told: something is missing, or can't be."""


@dataclass(frozen=True)
class Trial:
    """What of an act's form moves the due day: fields that are needed, others, and the details they make."""

    needs: tuple[str, ...]
    details: Callable[[Any, Calendar], Mapping[str, Any]] = lambda f, c: {}
    may: tuple[str, ...] = ()
    check: Callable[[Any, Folder], str] = lambda f, folder: ""

    @property
    def fields(self) -> tuple[str, ...]:
        """All fields that are sent to be told anew."""
        return (*self.needs, *self.may)


@dataclass(frozen=True)
class Told:
    """What the panel says: the due day now and then, or the ``problem``; of a fee also its amount."""

    problem: str = ""
    now: str = ""
    then: str = ""
    sentence: str = ""
    further: list[str] = field(default_factory=list)


def _fee(f: Any, calendar: Calendar) -> Mapping[str, Any]:
    return {"until": calendar.add(f.told.data or f.on.data, PAYMENT_DAYS)}


def _until_after(f: Any, folder: Folder) -> str:
    return "" if f.until.data > f.on.data else "期限要晚于告知之日，留出合理的期限"


def _later_than_due(f: Any, folder: Folder) -> str:
    due = folder.clock.due if folder.clock else None
    return f"要晚于现在的到期日（{month_day(due, access.today())}）" if due and f.until.data <= due else ""


def _told_in_time(f: Any, folder: Folder) -> str:
    if f.told.data and not f.on.data <= f.told.data <= access.today():
        return "申请人收到通知之日在通知之日以后、不晚于今天"
    return ""


CONSULT = Trial(("on",), lambda f, c: {"delivered": f.delivered.data}, ("delivered",))
EXTEND = Trial(("days",), lambda f, c: {"days": f.days.data})

TRIALS: dict[str, Trial] = {
    "request_correction": Trial(("on", "until"), lambda f, c: {"until": f.until.data}, check=_until_after),
    "receive_correction": Trial(("on",)),
    "consult_third_party": CONSULT,
    "consult_joint_organ": CONSULT,
    "deliver_consultation": Trial(("on", "n"), lambda f, c: {"n": int(f.n.data)}),
    "record_opinion": Trial(
        ("on", "n"), lambda f, c: {"n": int(f.n.data), "delivered": f.delivered.data}, ("delivered",)
    ),
    "ask_extension": EXTEND,
    "approve_extension": EXTEND,
    "defer": Trial(("until",), lambda f, c: {"until": f.until.data}, check=_later_than_due),
    "fee_notice": Trial(("on", "tariff"), _fee, ("nth", "pages", "told"), _told_in_time),
    "pay_fee": Trial(("on",)),
}


def tell(folder: Folder, act: str, form: ActForm) -> Told | None:
    """What the panel of this act says for the form as it is filled in; None where the act moves no due day."""
    trial = TRIALS.get(act)
    if trial is None:
        return None
    further: list[str] = []
    try:
        _check(form, trial)
        if isinstance(form, FeeNotice):
            further.append(_amount(form))
        return replace(_tell(folder, act, form, trial), further=further)
    except Untold as why:
        return Told(problem=str(why), further=further)
    except OutsideCalendar:
        return Told(problem="日期超出工作日历的范围", further=further)


def unmoved(folder: Folder) -> Told:
    """What is said of an act that moves no due day."""
    due = _day(folder.clock, access.today())
    return Told(now=due, then=due, sentence="这一步不改变到期日。")


def _check(form: ActForm, trial: Trial) -> None:
    """Raises Untold with what is missing, or wrong, in the words of its field."""
    for name in trial.fields:
        told = form[name]
        shown = told.errors
        wrong = "" if told.validate(form) else next(iter(told.errors), "")
        told.errors = shown  # the page says at its field only what was sent
        if wrong:
            raise Untold(wrong)
        if name in trial.needs and told.data in (None, ""):
            raise Untold(f"填写{told.label.text}")


def _amount(form: Any) -> str:
    try:
        amount = fees.price(form.on.data, form.tariff.data, form.count() or 0)
    except Refused as why:
        raise Untold(why.reason) from why
    return f"应缴信息处理费 {amount} 元。"


def _tell(folder: Folder, act: str, form: ActForm, trial: Trial) -> Told:
    today, calendar = access.today(), folder.calendar
    on = form.on.data if "on" in trial.needs else today
    person = access.me()
    desk = guards.Desk(folder.file, folder.clock, calendar, today, person.id, person.role)
    details = {k: _plain(v) for k, v in trial.details(form, calendar).items() if v is not None}
    entry = Entry(folder.file.seq + 1, act, on, details, person.id)
    why = guards.refuse_day(desk, act, on) or trial.check(form, folder) or _contradiction(folder, entry)
    if why:
        raise Untold(why)
    tried = replace(entry, act="approve_extension") if act == "ask_extension" else entry
    now, then = what_if.what_if(folder.file, tried, calendar)
    words = what_if.sentence(folder.file, entry, calendar, today)
    return Told(now=_day(now, today), then=_day(then, today), sentence=words)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _contradiction(folder: Folder, entry: Entry) -> str:
    tried = deepcopy(folder.file)
    advance(tried, entry)
    return guards.contradiction(tried)


def _day(clock: Clock | None, today: date) -> str:
    if clock is None or clock.due is None:
        return "没有到期日"
    return with_weekday(clock.due, today) + ("（暂定）" if clock.provisional else "")
