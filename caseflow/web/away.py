"""不在岗: from when to when somebody is away, and who stands in for them (代理)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, url_for

from ..law.words import month_day
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
    form.deputy.choices = [("", "请选择"), *((str(p.id), p.name) for p in people.may_stand_in(person))]
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
    flash(f"{person.name}{words(person, access.today())}")
    return redirect(after)


def mark_back(person: Person, after: str) -> Any:
    """End it."""
    people.mark_back(person.office_id, person.id)
    flash(f"{person.name}不再登记为不在岗")
    return redirect(after)


def words(person: Person, today: date) -> str:
    """11月24日至28日不在岗，由陈晓代理; "" once it is over."""
    first, last = person.away_from, person.away_until
    if first is None or last is None or last < today:
        return ""
    until = month_day(last, today)
    if (first.year, first.month) == (last.year, last.month):
        until = f"{last.day}日"
    span = month_day(first, today) + (f"至{until}" if last > first else "")
    names = {p.id: p.name for p in people.people_of(person.office_id)}
    return f"{span}不在岗，由{names.get(person.deputy_id or 0, '')}代理"


def _page(form: AwayForm) -> str:
    me = access.me()
    return render_template("auth/away.html", form=form, away=words(me, access.today()))
