"""What an act would do to the due day, shown before it is confirmed: the day as it is and as it would be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ..law import given, guards, what_if
from ..law.casefile import Entry
from ..law.clock import Clock
from ..law.fees import working
from ..law.replay import advance
from ..law.words import with_weekday
from ..law.workdays import OutsideCalendar
from ..reports.casefolder import Folder
from ..stages import fees
from ..stages.errors import Refused
from . import access
from .act_forms import ActForm
from .term_forms import FeeNotice


class Untold(Exception):
    """Why the due day can't be told: something is missing, or can't be."""


@dataclass(frozen=True)
class Trial:
    """What of an act's form moves the due day, and the details it makes: all that the act itself is refused by.

    Of its fields some are needed, others are where the form says so; those ``aside`` are told if they are
    there, and leave the day as it is.
    """

    needs: tuple[str, ...]
    details: Callable[[Any], Mapping[str, Any]] = lambda f: {}
    may: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """All fields that are sent to be told anew."""
        return (*self.needs, *self.may, *self.aside)


@dataclass(frozen=True)
class Told:
    """What the panel says: the due day now and then, or the ``problem``; of a fee also its amount."""

    problem: str = ""
    now: str = ""
    then: str = ""
    sentence: str = ""
    further: list[str] = field(default_factory=list)


CONSULT = Trial(("on",), lambda f: {"delivered": f.delivered.data}, ("delivered",))

TRIALS: dict[str, Trial] = {
    "request_correction": Trial(
        ("on", "until"), lambda f: {"until": f.until.data, "late": f.is_late() or None}
    ),
    "receive_correction": Trial(("on",)),
    "consult_third_party": CONSULT,
    "consult_joint_organ": CONSULT,
    "deliver_consultation": Trial(("on", "n"), lambda f: {"n": int(f.n.data)}),
    "record_opinion": Trial(
        ("on", "n"),
        lambda f: {"n": int(f.n.data), "delivered": f.delivered.data, "opinion": f.opinion.data},
        ("delivered",),
        ("opinion",),
    ),
    "ask_extension": Trial(("days",), lambda f: {"days": f.days.data}),
    "approve_extension": Trial(("days", "told"), lambda f: {"days": f.days.data, "told": f.told.data}),
    "defer": Trial(("until",), lambda f: {"until": f.until.data}),
    "fee_notice": Trial(("on", "tariff"), lambda f: {"told": f.told.data}, ("nth", "pages", "told")),
    "deliver_fee_notice": Trial(("on",)),
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
            further += _amount(form)
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
        if name in trial.aside and not told.data:
            continue
        shown = told.errors
        wrong = "" if told.validate(form) else next(iter(told.errors), "")
        told.errors = shown  # the page says at its field only what was sent
        if wrong:
            raise Untold(wrong)
        if name in trial.needs and told.data in (None, ""):
            raise Untold(f"填写{told.label.text}")


def _amount(form: Any) -> list[str]:
    """What is to be paid and how that comes about; and where the place in the month isn't that of the record."""
    tariff, count = form.tariff.data, form.count() or 0
    try:
        amount = fees.price(form.on.data, tariff, count)
    except Refused as why:
        raise Untold(why.reason) from why
    odd = form.at_odds()
    more = [f"{odd}：以其他渠道的记录为准的，在说明里写明。"] if odd else []
    return [f"应缴信息处理费 {amount} 元（{working(tariff, count)}）。", *more]


def _tell(folder: Folder, act: str, form: ActForm, trial: Trial) -> Told:
    today, calendar = access.today(), folder.calendar
    on = form.on.data if "on" in trial.needs else today
    desk = access.before(folder)
    details = {k: _plain(v) for k, v in trial.details(form).items() if v not in (None, "")}
    entry = Entry(folder.file.seq + 1, act, on, details, desk.actor_id)
    wrong = given.fault(desk, entry)
    why = guards.refuse_day(desk, act, on) or (wrong[1] if wrong else "") or _contradiction(folder, entry)
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
