"""提醒: what this person has still to acknowledge, and what they acknowledged lately."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from .. import moment
from ..alerts import inbox
from ..law.terms import BY_CODE as TERMS
from ..law.terms import Term
from ..law.words import left_words, month_day, with_weekday
from . import access
from .access import allow
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
    light: str
    due: Due  # of the term
    rung: str
    raised: str
    acknowledged: str


@bp.get("/alerts")
@allow(*access.READERS)
def inbox_page() -> Any:
    """The alerts of the signed-in person."""
    person, today = access.me(), access.today()
    waiting = inbox.waiting(person.id, today, SHOWN)
    return render_template(
        "alerts/inbox.html",
        total=inbox.unread(person.id, today),
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
    inbox.acknowledge_all(access.me().id, access.today(), moment.now(), newest)
    flash("提醒已全部确认。")
    return redirect(url_for("alerts.inbox_page"))


def lines(shown: Iterable[inbox.Shown]) -> list[Line]:
    """Alerts for a page, as their terms stand on the day of this request."""
    return [_line(one) for one in shown]


def _line(one: inbox.Shown) -> Line:
    alert, today, calendar = one.alert, access.today(), access.calendar()
    code = running_light(alert.due_on, today, calendar)
    due = Due(code, left_words(today, alert.due_on, calendar), with_weekday(alert.due_on, today))
    what, href = f"{alert.due_on.year - 1} 年度报告", url_for("year.table", year=alert.due_on.year - 1)
    if one.case:
        what, href = one.case.number, url_for("cases.page", case_id=one.case.id)
    return Line(
        id=alert.id,
        row=row(one.case, today, calendar) if one.case else None,
        what=what,
        href=href,
        term=TERMS[alert.term],
        light=LIGHTS[code],
        due=due,
        rung=_rung(alert.rung),
        raised=with_weekday(moment.local(alert.created_at).date(), today),
        acknowledged=_at(one.acknowledged_at) if one.acknowledged_at else "",
    )


def _rung(rung: int) -> str:
    """What a rung says, in working days."""
    if rung < 0:
        return f"逾期第 {-rung} 个工作日"
    return f"剩 {rung} 个工作日" if rung else "最后一天"


def _at(then: datetime) -> str:
    """10月26日 09:00, by the office's clock."""
    local = moment.local(then)
    return f"{month_day(local.date(), access.today())} {local:%H:%M}"
