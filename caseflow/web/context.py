"""What every page's frame needs: who, where, the navigation by role, the calendar's reach."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user
from sqlalchemy import select

from ..calendars import store
from ..config import Settings
from ..db import db, extension_state
from ..law import words
from ..law.workflow import ROLES
from ..models import Person
from ..stages import offices
from ..stages.calendar import missing_year
from ..upkeep import nightly
from . import access
from .calendar_pages import lack_of
from .head import head

LOOK = 30.0  # seconds between two looks into the folder of backups


@dataclass(frozen=True)
class Link:
    """One item of the navigation; ``count`` stands in a pip when there is something."""

    href: str
    label: str
    current: bool
    count: int = 0


# (endpoint, label, roles); the first path segment tells which is current
NAVIGATION: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("desk.today", "今日", access.READERS),
    ("worklist.cases", "办件", access.READERS),
    ("register.new", "登记", ("clerk",)),
    ("year.current", "年报表", access.READERS),
    ("supervision.page", "监督", access.READERS),
    ("alerts.inbox_page", "提醒", access.READERS),
    ("ledger.page", "台账", access.DESK),
    ("calendar.current", "日历", access.EVERYBODY),
    ("people.page", "人员", ("security",)),
    ("terms.page", "期限", ("admin",)),
    ("letter_templates.page", "文书", ("admin",)),
    ("office.page", "机关", ("admin",)),
    ("log.page", "审计", ("auditor",)),
    ("mail.page", "发件箱", ("admin",)),
)

# Pages that belong to another's item
OF_TOPIC = {
    **dict.fromkeys(("cases", "acts", "corrections", "papers", "letters", "publishing"), "worklist"), "oversight": "supervision", "retention": "office",
    **dict.fromkeys(("typed", "annual", "closing"), "year"), "below": "office", "sites": "office",
}  # fmt: skip


def init_app(app: Flask, settings: Settings) -> None:
    """Give templates the frame's values and the words for dates."""
    app.context_processor(frame)
    app.jinja_env.filters.update(
        month_day=words.month_day, with_weekday=words.with_weekday, in_full=words.in_full
    )
    app.jinja_env.globals.update(iso=lambda day: day.isoformat() if day else "")


def frame() -> dict[str, Any]:
    """The values of base.html; must work for a stranger too."""
    if not current_user or not current_user.is_authenticated:
        return {"current_person": None, "demo_office": db.session.scalar(select(offices.is_demo()))}
    person = access.me()
    return {
        "current_person": person,
        "person_role": ROLES[person.role],
        "office_name": person.office.name,
        "navigation": lambda: navigation(person),  # asked for by whole pages, not by parts of them
        "demo_office": g.get("demo"),
        "backup_beat": lambda: backup_beat(person),
        "calendar_note": calendar_note(),
        "missing_year": missing_year(access.today(), access.calendar()),
        "lack_of": lambda year: lack_of(store.year(year)),
        "sets_for_all": access.sets_for_all(),
        "head_office": lambda: offices.head(db.session(), person.office).name,
        "today": access.today(),
    }


def backup_beat(person: Person) -> tuple[str, bool] | None:
    """How old the newest backup is: for 系统管理员 always, for others once it is late. A look into a folder, at most once
    in a while."""
    folder = current_app.extensions["caseflow"]["settings"].backups
    if folder is None:
        return None
    looked, found = extension_state("backup_state", (None, None))
    if looked is None or time.monotonic() - looked > LOOK:
        try:
            found = nightly.state(folder)
        except OSError:
            found = nightly.State(None, "读不出备份文件夹")
        current_app.extensions["caseflow"]["backup_state"] = time.monotonic(), found
    late = found.is_late(access.today())
    if not late and person.role != "admin":
        return None
    when = f"最近的备份 {words.month_day(found.newest, access.today())}" if found.newest else "还没有备份"
    return (f"备份失败，{when}" if found.failure else when), late


def navigation(person: Person) -> list[Link]:
    """The items of this person's role."""
    return [
        Link(
            href=url_for(endpoint),
            label=label,
            current=_current(endpoint),
            count=head().unread if endpoint == "alerts.inbox_page" else 0,
        )
        for endpoint, label, roles in NAVIGATION
        if person.role in roles
    ]


def _current(endpoint: str) -> bool:
    mine = request.endpoint or ""
    if mine == endpoint:
        return True
    topic = OF_TOPIC.get(mine.split(".")[0], mine.split(".")[0])
    return topic == endpoint.split(".")[0] and topic != "register"


def calendar_note() -> str:
    """Which years the working days are official for."""
    years = sorted(access.calendar().official)
    if not years:
        return "工作日按周末和法定节日推算，没有载入放假安排"
    return f"工作日按国务院办公厅放假安排计算（{years[0]}—{years[-1]} 年已载入）"
