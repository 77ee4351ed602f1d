"""今日: what needs me today."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from ..alerts import inbox
from ..law.words import left_words, with_weekday
from ..law.workdays import WEEKDAYS
from ..reports import agenda
from . import access
from .access import allow
from .rows import lines, running_light

bp = Blueprint("desk", __name__)

SHOWN_ALERTS = 5  # the rest stand on their own page


@bp.get("/")
@allow(*access.EVERYBODY)
def today() -> Any:
    """The first page; an administrator's is the people."""
    person, day = access.me(), access.today()
    if person.role == "admin":
        return redirect(url_for("people.page"))
    whole = request.args.get("whose", "me" if person.role == "clerk" else "all") == "all"
    who = None if whole else person.id
    counts = agenda.counts(person.office_id, who, day)
    return render_template(
        "desk/today.html",
        whole=whole,
        counters=_counters(counts, day),
        groups=[_group(g) for g in agenda.agenda(person.office_id, who, day)],
        fortnight=_fortnight(person.office_id, person.id, day),
        decide=lines(agenda.to_decide(person.office_id)),
        archive=agenda.to_archive(person.office_id, who),
        alerts=lines(shown.case for shown in inbox.waiting(person.id, day, SHOWN_ALERTS)),
        week_left=access.calendar().count(day, _sunday(day)),
    )


def _sunday(day: date) -> date:
    return date.fromordinal(day.toordinal() + 6 - day.weekday())


def _group(group: agenda.Group) -> Any:
    listed = lines(group.cases)
    hint = f"{len(listed)} 件" + (f" · {group.hint}" if group.hint else "")
    return SimpleNamespace(title=group.title, hint=hint, rows=listed)


def _counters(c: agenda.Counts, day: date) -> list[Any]:
    calendar = access.calendar()
    oldest = "没有逾期"
    if c.late and c.oldest_due:
        oldest = f"最久的{left_words(day, c.oldest_due, calendar)}"
    link = url_for("worklist.cases")
    day_, week = day.isoformat(), _sunday(day).isoformat()
    cells = (
        ("逾期未答复", c.late, oldest, f"{link}?light=late", "late", c.late > 0),
        ("今天到期", c.today, "以发出日为准", f"{link}?due_from={day_}&due_to={day_}", "urgent", False),
        ("本周到期", c.week, "今天以后，到周日",
         f"{link}?due_from={day_}&due_to={week}", "soon", False),
        ("停计等待", c.waiting, "等补正、征求意见", f"{link}?light=hold", "hold", False),
        ("待确认收到", c.unconfirmed, "期限还没有起算", f"{link}?stage=register", None, False),
    )  # fmt: skip
    names = ("label", "value", "note", "href", "shape", "alarm")
    return [SimpleNamespace(unit="件", **dict(zip(names, cell, strict=True))) for cell in cells]


def _fortnight(office_id: int, person_id: int, day: date) -> list[Any]:
    calendar, link = access.calendar(), url_for("worklist.cases")
    found = []
    for d in agenda.fortnight(office_id, person_id, day, calendar):
        code = running_light(d.day, day, calendar)
        total = d.mine + d.others
        found.append(
            SimpleNamespace(
                weekday=WEEKDAYS[d.day.weekday()], month=d.day.month, day=d.day.day, off=not d.working,
                today=d.day == day, past=d.day < day, mine=d.mine, others=d.others, light=code,
                href=f"{link}?due_from={d.day}&due_to={d.day}",
                title=f"{with_weekday(d.day)} 到期 {total} 件",
            )
        )  # fmt: skip
    return found
