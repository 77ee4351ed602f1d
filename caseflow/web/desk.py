"""今日: what needs me today."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from .. import moment
from ..alerts import inbox
from ..law.words import left_words, with_weekday
from ..law.workdays import WEEKDAYS
from ..reports import agenda, counter, oversight, worklist
from ..upkeep import retention
from . import access
from .access import allow
from .alerts import lines as alert_lines
from .oversight import watch_line
from .rows import lines, running_light

bp = Blueprint("desk", __name__)

FIRST_PAGES = {"admin": "office.page", "security": "people.page", "auditor": "log.page"}
SHOWN_ALERTS = 5  # the rest stand on their own page


@bp.get("/")
@allow(*access.EVERYBODY)
def today() -> Any:
    """The first page; an administrator's is what they look after."""
    person, day = access.me(), access.today()
    if person.role in FIRST_PAGES:
        return redirect(url_for(FIRST_PAGES[person.role]))
    whole = request.args.get("whose", "me" if person.role == "clerk" else "all") == "all"
    who = None if whole else person.id
    counts = agenda.counts(person.office_id, who, day)
    links = _links(day, who)
    decides = person.role == "lead"
    found = agenda.listed(person.office_id, who, day, counts, decides, oversight.waiting)
    return render_template(
        "desk/today.html",
        whole=whole,
        counters=_counters(counts, day, links),
        groups=[_group(group, links) for group in found.groups],
        fortnight=_fortnight(person.office_id, person.id, day),
        decide=lines(found.decide),
        handler=f"{worklist.MINE}{who}" if who else None,
        archive=counts.to_archive,
        lapsed=lines(case for case in found.lapsed if case not in found.decide),
        lapsed_href=links["lapsed"],
        alerts=alert_lines(inbox.waiting(person.id, day, access.calendar(), SHOWN_ALERTS)),
        news=counter.news(person.office_id, who, moment.now()),
        watched=[(case, watch_line(watch)) for case, watch in oversight.watched(found.watched)],
        to_publish=counts.to_publish if decides else 0,
        past_retention=retention.count(person.office, day) if person.role == "lead" else 0,
        week_left=access.calendar().count(day, agenda.sunday(day)),
    )


def _group(group: agenda.Group, links: dict[str, str]) -> Any:
    listed = lines(group.cases)
    hint = f"{group.count} 件" + (f" · {group.hint}" if group.hint else "")
    return SimpleNamespace(
        title=group.title, hint=hint, rows=listed, rest=group.count - len(listed), href=links[group.key]
    )


def _links(day: date, who: int | None) -> dict[str, str]:
    """The worklist behind each group, of one person or of all."""
    link, today, week = url_for("worklist.cases"), day.isoformat(), agenda.sunday(day).isoformat()
    tomorrow = (day + timedelta(days=1)).isoformat()
    link += f"?handler={worklist.MINE}{who}&" if who else "?"
    later = (agenda.sunday(day) + timedelta(days=1)).isoformat()
    return {
        "late": f"{link}light=late",
        "today": f"{link}light=running&due_from={today}&due_to={today}",
        "week": f"{link}light=running&due_from={tomorrow}&due_to={week}",
        "later": f"{link}light=running&due_from={later}",
        "unconfirmed": f"{link}light=unconfirmed",
        "waiting": f"{link}light=hold",
        "lapsed": f"{link}light=lapsed",
    }


def _counters(c: agenda.Counts, day: date, links: dict[str, str]) -> list[Any]:
    calendar = access.calendar()
    oldest = "没有逾期"
    if c.of["late"] and c.oldest_due:
        oldest = f"最久的{left_words(day, c.oldest_due, calendar)}"
    cells = (
        ("逾期", "late", oldest, "late"),
        ("今天到期", "today", "以发出日为准", "urgent"),
        ("本周到期", "week", "今天以后，到周日", "soon"),
        ("等对方", "waiting", "补正、缴费、征求意见", "hold"),
        ("待确认收到", "unconfirmed", "期限还没有起算", None),
    )
    return [
        SimpleNamespace(
            label=label, value=c.of[key], unit="件", note=note, href=links[key], shape=shape,
            alarm=key == "late" and c.of[key] > 0,
        )
        for label, key, note, shape in cells
    ]  # fmt: skip


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
                href=f"{link}?light=running&due_from={d.day}&due_to={d.day}",
                title=f"{with_weekday(d.day)} 到期 {total} 件",
            )
        )  # fmt: skip
    return found
