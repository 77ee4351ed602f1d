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
from ..law.words import month_day, with_weekday
from . import access
from .access import allow
from .rows import Row, row

bp = Blueprint("alerts", __name__)

SHOWN, LATELY = 100, 20  # lines


@dataclass(frozen=True)
class Line:
    """One alert: its case as it stands today, and what it warned of."""

    id: int
    row: Row
    rung: str
    raised: str
    due: str  # the day it warned of
    acknowledged: str


@bp.get("/alerts")
@allow(*access.READERS)
def inbox_page() -> Any:
    """The alerts of the signed-in person; a supervisor has none."""
    person, today = access.me(), access.today()
    waiting = inbox.waiting(person.id, today, SHOWN)
    return render_template(
        "alerts/inbox.html",
        total=inbox.unread(person.id, today),
        waiting=_lines(waiting),
        newest=max((shown.alert.id for shown in waiting), default=0),
        acknowledged=_lines(inbox.acknowledged(person.id, LATELY)),
    )


@bp.post("/alerts/<int:alert_id>/acknowledge")
@allow(*access.DESK)
def acknowledge(alert_id: int) -> Any:
    """知道了: for this person alone."""
    if not inbox.acknowledge(access.me().id, alert_id, moment.now()):
        abort(404)
    flash("已确认一条提醒。")
    return redirect(url_for("alerts.inbox_page"))


@bp.post("/alerts/acknowledge-all")
@allow(*access.DESK)
def acknowledge_all() -> Any:
    """全部确认: what the page showed; what has come since stays."""
    newest = access.number(request.form, "newest")
    inbox.acknowledge_all(access.me().id, access.today(), moment.now(), newest)
    flash("提醒已全部确认。")
    return redirect(url_for("alerts.inbox_page"))


def _lines(shown: Iterable[inbox.Shown]) -> list[Line]:
    today, calendar = access.today(), access.calendar()
    return [
        Line(
            id=one.alert.id,
            row=row(one.case, today, calendar),
            rung=_rung(one.alert.term, one.alert.rung),
            raised=with_weekday(moment.local(one.alert.created_at).date(), today),
            due=with_weekday(one.alert.due_on, today),
            acknowledged=_at(one.acknowledged_at) if one.acknowledged_at else "",
        )
        for one in shown
        if one.case
    ]


def _rung(term: str, rung: int) -> str:
    """答复 剩 5 个工作日以内."""
    if rung < 0:
        return f"{TERMS[term].label} 逾期 {-rung} 个工作日"
    return f"{TERMS[term].label} " + (f"剩 {rung} 个工作日以内" if rung else "期限已到")


def _at(then: datetime) -> str:
    """10月26日 09:00, by the office's clock."""
    local = moment.local(then)
    return f"{month_day(local.date(), access.today())} {local:%H:%M}"
