"""提醒: what this person has still to acknowledge, and what they acknowledged lately."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from .. import moment
from ..alerts import inbox
from ..law.terms import BY_CODE as TERMS
from ..law.terms import Term
from ..law.words import left_words, month_day, with_weekday
from ..law.workdays import Calendar
from . import access
from .access import allow
from .head import head
from .rows import LIGHTS, Due, Row, row, running_light

bp = Blueprint("alerts", __name__)

SHOWN, LATELY = 100, 20  # lines


@dataclass(frozen=True)
class Line:
    """One alert: its term as it stands today, and what it warned of."""

    id: int
    row: Row | None  # the case; None for a term of the office itself
    what: str  # the case's number, or what the office has to do
    href: str
    term: Term
    note: str  # what follows, where nothing is asked for in the term any more
    light: str
    due: Due  # of the term
    raised: str  # the day
    then: str  # what was left that day
    acknowledged: str


@bp.get("/alerts")
@allow(*access.READERS)
def inbox_page() -> Any:
    """The alerts of the signed-in person."""
    person, today = access.me(), access.today()
    waiting = inbox.waiting(person.id, today, access.calendar(), SHOWN)
    return render_template(
        "alerts/inbox.html",
        total=head().unread,
        waiting=lines(waiting),
        newest=max((shown.alert.id for shown in waiting), default=0),
        acknowledged=lines(inbox.acknowledged(person.id, LATELY)),
    )


@bp.post("/alerts/<int:alert_id>/acknowledge")
@allow(*access.READERS)
def acknowledge(alert_id: int) -> Any:
    """知道了: for this person alone."""
    if not inbox.acknowledge(access.me().id, alert_id, moment.now()):
        abort(404)
    flash("已确认一条提醒。")
    return redirect(url_for("alerts.inbox_page"))


@bp.post("/alerts/acknowledge-all")
@allow(*access.READERS)
def acknowledge_all() -> Any:
    """全部确认: what the page showed; what has come since stays."""
    newest = access.number(request.form, "newest")
    inbox.acknowledge_all(access.me().id, access.today(), access.calendar(), moment.now(), newest)
    flash("提醒已全部确认。")
    return redirect(url_for("alerts.inbox_page"))


def lines(shown: Iterable[inbox.Shown]) -> list[Line]:
    """Alerts for a page, as their terms stand on the day of this request."""
    return [_line(one) for one in shown]


def _line(one: inbox.Shown) -> Line:
    alert, today, calendar = one.alert, access.today(), access.calendar()
    term = TERMS[alert.term]
    due, word = _standing(term, alert.due_on, today, calendar)
    what, href = f"{alert.due_on.year - 1} 年度报告", url_for("year.table", year=alert.due_on.year - 1)
    if one.case:
        what, href = one.case.number, url_for("cases.page", case_id=one.case.id)
    return Line(
        id=alert.id,
        row=row(one.case, today, calendar) if one.case else None,
        what=what,
        href=href,
        term=term,
        note=term.lapse if term.is_over(alert.due_on, today) else "",
        light=word,
        due=due,
        raised=with_weekday(alert.raised_on, today),
        then=_then(term, alert.raised_on, alert.due_on, calendar),
        acknowledged=_at(one.acknowledged_at) if one.acknowledged_at else "",
    )


def _standing(term: Term, due_on: date, today: date, calendar: Calendar) -> tuple[Due, str]:
    """What is left of a term today, and the word of its light: none is late where nothing is asked for."""
    day = with_weekday(due_on, today)
    if term.is_over(due_on, today):
        return Due("hold", "期限已过", day), "已过"
    code = running_light(due_on, today, calendar)
    return Due(code, left_words(today, due_on, calendar), day), LIGHTS[code]


def _then(term: Term, raised: date, due: date, calendar: Calendar) -> str:
    """What was left on the day of an alert: said as of then, so that nobody takes it for today."""
    if term.is_over(due, raised):
        return "当时已过"
    return f"当时{'是最后一天' if raised == due else left_words(raised, due, calendar)}"


def _at(then: datetime) -> str:
    """10月26日 09:00, by the office's clock."""
    local = moment.local(then)
    return f"{month_day(local.date(), access.today())} {local:%H:%M}"
