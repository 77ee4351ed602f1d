"""不在岗: from when to when somebody is away, and who stands in for them (代理)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, url_for

from ..alerts import deputies
from ..db import db
from ..law.words import month_day
from ..law.workflow import ADMINISTRATORS, ROLES
from ..models import Person
from ..stages import people
from ..stages.errors import Refused
from . import access
from .access import allow
from .forms import Form, day, select

bp = Blueprint("away", __name__, url_prefix="/account/away")

Again = Callable[["AwayForm"], str]  # draws the page once more, with what is wrong


class AwayForm(Form):
    """The days, and the deputy."""

    first = day("第一天", "填写第一天")
    last = day("最后一天", "填写最后一天")
    deputy = select("由谁代理", (), "选择由谁代理")
    pointless = ""  # why there is nothing to fill in, for those whom nobody can stand in for


# Whom nobody can stand in for, by role, and what holds then
ALONE = {
    "clerk": "本机关没有别的经办人或者负责人可以代理。不在岗期间，提醒仍然只给本人，剩 2 个工作日起同时给负责人。要有人代理，请安全管理员先添加人员。",
    "lead": "本机关没有别的负责人或者经办人可以代理。不在岗期间，提醒仍然只给本人。要有人代理，请安全管理员先添加人员。",
    "supervisor": "监督员只能由监督员代理，本机关没有另一位。不用登记：逾期的提醒留到回来再看，办件不受影响，经办人和负责人照样收到。要有人代理，请安全管理员再添加一位监督员。",
}
ADMINISTRATOR = "{0}不办件，也不收提醒，不用登记不在岗。不在岗期间要有人顶替的，请安全管理员先添加另一位{0}。"


@bp.get("")
@allow(*access.EVERYBODY)
def page() -> Any:
    """One's own."""
    return _page(form_for(access.me(), empty=True))


@bp.post("")
@allow(*access.EVERYBODY)
def mark() -> Any:
    """I am away."""
    return mark_away(access.me(), url_for("away.page"), _page)


@bp.post("/back")
@allow(*access.EVERYBODY)
def back() -> Any:
    """I am back."""
    return mark_back(access.me(), url_for("away.page"))


def form_for(person: Person, empty: bool = False) -> AwayForm:
    """The form with this person's possible deputies; ``empty``: as the row stands, nothing sent."""
    kept = {"first": person.away_from, "last": person.away_until, "deputy": str(person.deputy_id or "")}
    form = AwayForm(formdata=None, **kept) if empty else AwayForm()
    possible = people.may_stand_in(person)
    form.deputy.choices = [("", "请选择"), *((str(p.id), p.name) for p in possible)]
    if person.role in ADMINISTRATORS:
        form.pointless = ADMINISTRATOR.format(ROLES[person.role])
    elif not possible:
        form.pointless = ALONE[person.role]
    return form


def mark_away(person: Person, after: str, again: Again) -> Any:
    """Take the form in, for oneself or by the administrator."""
    form = form_for(person)
    if not form.validate():
        return again(form), 422
    first, last = (cast(date, field.data) for field in (form.first, form.last))  # both are required
    try:
        people.mark_away(person.office_id, person.id, int(form.deputy.data), first, last, access.today())
    except Refused as refused:
        form.refuse(refused)
        return again(form), 422
    said = words(person, access.today())
    flash(f"{person.name}{said}", "warning" if "；" in said else "message")
    return redirect(after)


def mark_back(person: Person, after: str) -> Any:
    """End it."""
    people.mark_back(person.office_id, person.id)
    flash(f"{person.name}不再登记为不在岗")
    return redirect(after)


def words(person: Person, today: date) -> str:
    """11月24日至28日不在岗，由陈晓代理; "" once it is over.

    Where the deputy is not there on some of the days, that too, and who stands in then, or that nobody does.
    """
    first, last = person.away_from, person.away_until
    if first is None or last is None or last < today:
        return ""
    known = {p.id: p for p in people.people_of(person.office_id)}
    deputy = known.get(person.deputy_id or 0)
    name = deputy.name if deputy else ""
    told = [f"{_span(first, last, today)}不在岗，由{name}代理"]
    for span in deputies.spans(db.session(), person.id, max(first, today), last):
        if deputy and span.stand_in != deputy.id:
            why = "的账号已经停用" if deputy.disabled else "也不在岗"
            whom = (
                f"由{known[span.stand_in].name}代收"
                if span.stand_in
                else f"没有人代收，仍然只给{person.name}"
            )
            told.append(f"{_span(span.first, span.last, today)}{name}{why}，提醒和邮件{whom}")
    return "；".join(told)


def _span(first: date, last: date, today: date) -> str:
    """11月24日至28日."""
    until = month_day(last, today)
    if (first.year, first.month) == (last.year, last.month):
        until = f"{last.day}日"
    return month_day(first, today) + (f"至{until}" if last > first else "")


def _page(form: AwayForm) -> str:
    me = access.me()
    return render_template("auth/away.html", form=form, away=words(me, access.today()))
