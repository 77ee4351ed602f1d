"""办件: the worklist; the filter stands in the URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from ..db import db
from ..law.applicants import CLASSES
from ..law.outcomes import OUTCOMES
from ..law.receipt import CHANNELS
from ..law.workflow import POSITIONS
from ..models import Person
from ..reports import worklist
from ..reports.worklist import Filters
from ..stages.checks import day_of
from . import access
from .access import allow
from .rows import LIGHTS, lines

bp = Blueprint("worklist", __name__)

SORTS = {
    "due": "在办的到期日由近到远，已办结的由新到旧",
    "received": "收到日由近到远",
    "number": "登记由新到旧",
}
STATUSES = {"open": "在办", "closed": "已办结", "all": "全部"}
LONGEST_Q = 100
BIGGEST_ID = 2**63


@dataclass(frozen=True)
class Tab:
    """A saved filter with its count."""

    label: str
    count: str
    href: str
    current: bool


@bp.get("/cases")
@allow(*access.READERS)
def cases() -> Any:
    """The list, one page of it."""
    today, calendar = access.today(), access.calendar()
    filters = read(request.args, access.me().office_id)
    page = worklist.page(
        filters, today, calendar, request.args.get("after", ""), request.args.get("before", "")
    )
    counts = worklist.counts((replace(filters, sort="due"), *saved(filters)), today, calendar)
    return render_template(
        "cases/list.html",
        f=filters,
        rows=lines(page.cases),
        prev=_neighbour(before=page.before),
        next=_neighbour(after=page.after),
        total=worklist.shown(counts[replace(filters, sort="due")]),
        tabs=tabs(filters, counts),
        choices=choices(filters),
        looked_through=worklist.LOOKED_THROUGH,
        typed={k: v for k, v in request.args.items() if k not in {"after", "before"}},
    )


def read(args: MultiDict[str, str], office_id: int) -> Filters:
    """The filter of a URL; a value that isn't one of the choices is as if it were not there."""

    def one(name: str, allowed: Any, default: str = "") -> str:
        value = args.get(name, default)
        return value if value in allowed else default

    return Filters(
        office_id=office_id,
        status=one("status", STATUSES, "open"),
        light=one("light", (*worklist.LIGHTS, *worklist.ACROSS)),
        stage=one("stage", POSITIONS),
        handler=_handler(_words(args, "handler")),
        channel=one("channel", CHANNELS),
        applicant_class=one("applicant_class", CLASSES),
        year=_bounded_year(args),
        result=one("result", {o.code for o in OUTCOMES}),
        q=_words(args, "q"),
        on_time={"1": True, "0": False}.get(args.get("on_time", "")),
        replied_from=_day(args, "replied_from"),
        replied_to=_day(args, "replied_to"),
        due_from=_day(args, "due_from"),
        due_to=_day(args, "due_to"),
        sort=one("sort", SORTS, "due"),
    )


def _words(args: MultiDict[str, str], name: str) -> str:
    """Typed words, short and without the NUL that PostgreSQL can't compare."""
    return args.get(name, "").replace("\0", "").strip()[:LONGEST_Q]


def _handler(value: str) -> str:
    """An id that fits its column, or a name."""
    digits = value.removeprefix(worklist.MINE)
    return value if not digits.isdecimal() or int(digits) < BIGGEST_ID else ""


def _bounded_year(args: MultiDict[str, str]) -> int | None:
    year = args.get("year", type=int)
    return year if year and 2000 <= year <= 2100 else None


def _day(args: MultiDict[str, str], name: str) -> date | None:
    return day_of(args.get(name, ""))


def _neighbour(**key: str) -> str | None:
    """The URL of a neighbouring page with the same filter."""
    if not any(key.values()):
        return None
    same = {k: v for k, v in request.args.items() if k not in {"after", "before"} and v}
    return url_for("worklist.cases", **{**same, **key})  # type: ignore[arg-type]


SAVED: dict[str, dict[str, str]] = {
    "全部在办": {},
    "逾期": {"light": "late"},
    "两日内到期": {"light": "urgent"},
    "五日内到期": {"light": "soon"},
    "停计等待": {"light": "hold"},
    "已办结": {"status": "closed"},
}


def saved(f: Filters) -> list[Filters]:
    """The filters asked for most, of the whole office."""
    return [Filters(f.office_id, **query) for query in SAVED.values()]  # type: ignore[arg-type]


def tabs(f: Filters, counts: Mapping[Filters, int]) -> list[Tab]:
    """The same with their counts."""
    return [
        Tab(
            label,
            worklist.shown(counts[one]),
            url_for("worklist.cases", **query),  # type: ignore[arg-type]
            one == replace(f, sort="due"),
        )
        for (label, query), one in zip(SAVED.items(), saved(f), strict=True)
    ]


def choices(f: Filters) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """The drop-downs: name, label, first line, choices."""
    years = [(str(y), f"{y} 年") for y in range(access.today().year, access.today().year - 10, -1)]
    lights = [(code, LIGHTS[code]) for code in (*worklist.LIGHTS, *worklist.ACROSS)]
    return [
        ("stage", "阶段", "全部阶段", list(POSITIONS.items())),
        ("light", "期限", "全部", lights),
        ("status", "状态", "", list(STATUSES.items())),
        ("handler", "经办人", "全部经办人", handlers(f)),
        ("channel", "受理方式", "全部方式", list(CHANNELS.items())),
        ("applicant_class", "申请人类型", "全部类型", list(CLASSES.items())),
        ("year", "登记年度", "全部年度", years),
        ("sort", "排序", "", list(SORTS.items())),
    ]


def handlers(f: Filters) -> list[tuple[str, str]]:
    """Whose cases can be asked for: the clerks, whom a ledger names, nobody; and whoever is asked for now."""
    people = select(Person.id, Person.name, Person.role).where(Person.office_id == f.office_id)
    found = db.session.execute(people.order_by(Person.id)).all()
    listed = [(str(key), name) for key, name, role in found if role == "clerk"]
    listed += [(name, name) for name in worklist.ledger_handlers(f.office_id)]
    listed.append((worklist.NOBODY, "未分办"))
    if f.handler in {"", *(code for code, _ in listed)}:
        return listed
    others = {str(key): name for key, name, _ in found}
    others |= {f"{worklist.MINE}{key}": f"{name}和未分办的" for key, name, _ in found}
    return [*listed, (f.handler, others.get(f.handler, f.handler.removeprefix(worklist.MINE)))]
